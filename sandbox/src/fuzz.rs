//! The entry of the fuzz targets. It is not part of the public interface and may change at any time.

use hyper::Method;

use crate::policy::{Policies, RawNewlines};
use crate::request::operation::{Malformed, Operation};
use crate::request::route::Route;

/// Parses a request as the service does, with each way of reading raw line breaks. Nothing is performed.
///
/// `input` is a method, a blank, a path with an optional query, a line break, and the body:
/// `POST /v1/Order/Cancel\n{"orderID":"1","reason":"x"}`.
///
/// Returns the name of the operation, or why there is none: the refusal's text, or what is wrong with the request.
///
/// # Errors
/// Every request that the service would answer without performing an operation.
pub fn parse_request(input: &[u8]) -> Result<&'static str, String> {
    let end = input.iter().position(|byte| *byte == b'\n').ok_or("no line break")?;
    let line = std::str::from_utf8(&input[..end]).map_err(|error| error.to_string())?;
    let (method, target) = line.split_once(' ').ok_or("no blank after the method")?;
    let method = Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
    let (path, query) = target.split_once('?').map_or((target, None), |(a, b)| (a, Some(b)));
    let body = &input[end + 1..];
    let strict = parse(&method, path, query, body, RawNewlines::Refuse);
    let lenient = parse(&method, path, query, body, RawNewlines::Accept);
    strict.or(lenient)
}

fn parse(
    method: &Method,
    path: &str,
    query: Option<&str>,
    body: &[u8],
    raw_newlines: RawNewlines,
) -> Result<&'static str, String> {
    let route = Route::of(method, path, query);
    let name = route.operation();
    let policies = Policies { raw_newlines, ..Policies::default() };
    let operation = Operation::parse(route, body, &policies)
        .map_err(|Malformed| "the body is not a JSON object".to_owned())?;
    match operation.as_ref().map(Operation::refusal) {
        Some(Some(refusal)) => Err(refusal.message().to_owned()),
        Some(None) => name.ok_or_else(|| "an operation without a name".to_owned()),
        None => Err("no operation".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_parsed_to_its_operation_or_its_refusal() {
        let create = include_str!("../tests/fixtures/create_request.json");
        for (input, expected) in [
            (format!("POST /v1/Order/Create\n{create}"), Ok("create_order")),
            ("GET /v1/Order/A-1\n".to_owned(), Ok("query_order")),
            ("GET /v1/Certificate/RetrievePem?orderID=1\n".into(), Ok("retrieve_certificate")),
            (
                "POST /v1/Order/Cancel\n{\"orderID\":1,\"reason\":\"a\nb\"}".into(),
                Ok("cancel_order"),
            ),
            ("POST /v1/Order/Cancel\n{}".into(), Err("参数 orderID 不能为空")),
            ("POST /v1/Order/Cancel\n[]".into(), Err("the body is not a JSON object")),
            ("PUT /v1/Order/Cancel\n{}".into(), Err("no operation")),
            ("POST /v1/Order/Cancel".into(), Err("no line break")),
        ] {
            let parsed = parse_request(input.as_bytes());
            assert_eq!(parsed.as_deref(), expected.map_err(str::to_owned).as_deref(), "{input}");
        }
    }
}
