//! The management interface over HTTP: JSON, and the page.

use std::net::SocketAddr;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access;
use super::range::{Part, Range};
use super::{Management, ManagementError, PushRequest};
use crate::http::body::{self, BodyError};
use crate::http::connection::{Answered, response};
use crate::http::reply::{HTML, Reply};
use crate::policy::policies;
use crate::state::action::Action;

/// The largest body that is read, in bytes.
const BODY_MAX: usize = 1 << 20;
/// How many entries a list has unless `limit` says otherwise.
const LIMIT: usize = 100;

const PEM: &str = "application/x-pem-file";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// What the management interface serves.
pub(crate) struct ManagementServer {
    pub(crate) management: Management,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The CA that issued the certificate of the HTTPS address.
    pub(crate) tls_ca_pem: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockBody {
    /// Seconds.
    forward: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CsrBody {
    /// PEM.
    csr: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultBody {
    spec: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyBody {
    name: String,
    value: String,
}

/// Why a request is refused.
enum ApiError {
    Management(ManagementError),
    UnknownPath,
    /// The path exists, but only for these methods.
    WrongMethod(&'static str),
}

impl From<ManagementError> for ApiError {
    fn from(error: ManagementError) -> Self {
        Self::Management(error)
    }
}

/// Answers one request.
pub(crate) async fn answer(
    request: hyper::Request<Incoming>,
    server: &ManagementServer,
) -> Answered {
    let (head, body) = request.into_parts();
    // Access is checked before the body is read.
    let reply = match access::check(&head.headers, server.address) {
        Err(rejection) => {
            body::discard(body);
            refusal(StatusCode::FORBIDDEN, rejection.reason())
        }
        Ok(()) => match server.management.service.bodies.read(body, BODY_MAX).await {
            Err(BodyError::Connection(error)) => return Err(error.into()),
            Err(BodyError::TooLarge) => {
                refusal(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 1 MiB")
            }
            Err(BodyError::Timeout) => {
                refusal(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time")
            }
            Err(BodyError::Busy) => {
                refusal(StatusCode::SERVICE_UNAVAILABLE, "the memory for bodies is in use")
            }
            Ok(body) => {
                let reply = server.reply(&head, &body.bytes);
                match server.management.service.flushed().await {
                    Ok(()) => reply,
                    Err(reason) => {
                        let why = format!("the state file cannot be written: {reason}");
                        refusal(StatusCode::INTERNAL_SERVER_ERROR, &why)
                    }
                }
            }
        },
    };
    // The page runs its own scripts only, contacts this listener only, and cannot be framed.
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                  img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    Ok(response(
        reply
            .with(CONTENT_SECURITY_POLICY, policy)
            .with(X_CONTENT_TYPE_OPTIONS, "nosniff")
            .with(CACHE_CONTROL, "no-store"),
    ))
}

impl ManagementServer {
    fn reply(&self, head: &Parts, body: &[u8]) -> Reply {
        self.route(head, body).unwrap_or_else(|error| match error {
            ApiError::UnknownPath => {
                refusal(StatusCode::NOT_FOUND, "no such path; GET /api lists them")
            }
            ApiError::WrongMethod(allowed) => {
                let why = format!("this path has another method: {allowed}");
                refusal(StatusCode::METHOD_NOT_ALLOWED, &why).with(ALLOW, allowed)
            }
            ApiError::Management(error) => {
                let status = match error {
                    ManagementError::NotFound(_) => StatusCode::NOT_FOUND,
                    ManagementError::Conflict(_) => StatusCode::CONFLICT,
                    ManagementError::Invalid(_) => StatusCode::BAD_REQUEST,
                };
                refusal(status, &error.to_string())
            }
        })
    }

    fn route(&self, head: &Parts, body: &[u8]) -> Result<Reply, ApiError> {
        let management = &self.management;
        let segments: Vec<String> = head.uri.path().split('/').skip(1).map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let range = range(head.uri.query());
        let method = &head.method;
        let get = || only(method, &Method::GET);
        let post = || only(method, &Method::POST);
        Ok(match segments[..] {
            [""] => get().map(|()| file(HTML, include_str!("page/page.html")))?,
            ["page.css"] => get().map(|()| file(CSS, include_str!("page/page.css")))?,
            ["page.js"] => get().map(|()| file(JAVASCRIPT, include_str!("page/page.js")))?,
            ["api"] => get().map(|()| json(&json!({ "addresses": ADDRESSES })))?,
            ["api", "status"] => get().map(|()| json(&management.status()))?,
            ["api", "orders"] => get().map(|()| list("orders", &management.orders_in(range)))?,
            ["api", "orders", id] => {
                get()?;
                json(&management.order(id)?)
            }
            ["api", "orders", id, "csr"] => {
                post()?;
                let CsrBody { csr } = parse(head, body)?;
                management.hand_in_csr(id, &csr)?;
                json(&management.order(id)?)
            }
            ["api", "orders", id, action] => {
                post()?;
                let action = Action::named(action).ok_or(ApiError::UnknownPath)?;
                management.act(id, action)?;
                json(&management.order(id)?)
            }
            ["api", "pushes"] if method == Method::GET => {
                list("pushes", &management.pushes_in(range))
            }
            ["api", "pushes"] => {
                only(method, &Method::POST).map_err(|_| ApiError::WrongMethod("GET, POST"))?;
                let request: PushRequest = parse(head, body)?;
                json(&json!({ "push_ids": management.push(&request)? }))
            }
            ["api", "faults"] if method == Method::GET => self.faults(),
            ["api", "faults"] if method == Method::DELETE => {
                management.disarm_all();
                self.faults()
            }
            ["api", "faults"] => {
                only(method, &Method::POST)
                    .map_err(|_| ApiError::WrongMethod("GET, POST, DELETE"))?;
                let FaultBody { spec } = parse(head, body)?;
                management.arm(&spec).map_err(ManagementError::from)?;
                self.faults()
            }
            ["api", "faults", id] => {
                only(method, &Method::DELETE).map_err(|_| ApiError::WrongMethod("DELETE"))?;
                management.disarm(id.parse().map_err(|_| ApiError::UnknownPath)?)?;
                self.faults()
            }
            ["api", "clock"] => {
                post()?;
                let ClockBody { forward } = parse(head, body)?;
                let by = Duration::try_from_secs_f64(forward).map_err(|_| {
                    ManagementError::Invalid("forward: seconds, 0 or more".to_owned())
                })?;
                management.forward(by);
                json(&management.status())
            }
            ["api", "journal"] => get().map(|()| list("journal", &management.journal_in(range)))?,
            ["api", "policies"] if method == Method::GET => json(&self.policies()),
            ["api", "policies"] => {
                only(method, &Method::POST).map_err(|_| ApiError::WrongMethod("GET, POST"))?;
                let PolicyBody { name, value } = parse(head, body)?;
                management.set_policy(&name, &value).map_err(ManagementError::from)?;
                json(&self.policies())
            }
            ["api", "ca.pem"] => get().map(|()| pem(management.ca_pem()))?,
            ["api", "crl.pem"] => get().map(|()| pem(management.crl_pem()))?,
            ["api", "tls-ca.pem"] => get().map(|()| pem(self.tls_ca_pem.clone()))?,
            ["api", "crl.der"] => get().map(|()| {
                Reply::new(StatusCode::OK, "application/pkix-crl", management.crl_der())
            })?,
            ["api", "crl-sm2.der"] => get().map(|()| {
                Reply::new(StatusCode::OK, "application/pkix-crl", management.sm2_crl_der())
            })?,
            ["api", "reset"] => {
                post()?;
                management.reset();
                json(&management.status())
            }
            _ => return Err(ApiError::UnknownPath),
        })
    }

    fn faults(&self) -> Reply {
        json(&json!({ "faults": self.management.faults() }))
    }

    fn policies(&self) -> serde_json::Value {
        let chosen = self.management.status().policies;
        let list = policies().iter().map(|policy| {
            json!({
                "name": policy.name,
                "value": chosen[policy.name],
                "values": policy.values,
                "section": policy.section,
                "meaning": policy.meaning,
                "meaning_zh": policy.meaning_zh,
            })
        });
        json!({ "policies": list.collect::<Vec<_>>() })
    }
}

/// The response of `GET /api`.
const ADDRESSES: &[&str] = &[
    "GET /api/status",
    "GET /api/orders?limit=&skip=",
    "GET /api/orders/{order_id}",
    "POST /api/orders/{order_id}/approve|reject|validate|issue|approve_revocation|deny_revocation",
    "POST /api/orders/{order_id}/csr {csr}",
    "GET /api/pushes?limit=&skip=",
    "POST /api/pushes {order_id, data_action, body, copies}",
    "GET /api/faults",
    "POST /api/faults {spec}",
    "DELETE /api/faults",
    "DELETE /api/faults/{fault_id}",
    "POST /api/clock {forward: seconds}",
    "GET /api/journal?limit=&skip=",
    "GET /api/policies",
    "POST /api/policies {name, value}",
    "GET /api/ca.pem",
    "GET /api/crl.pem",
    "GET /api/crl.der",
    "GET /api/crl-sm2.der",
    "GET /api/tls-ca.pem",
    "POST /api/reset",
];

/// `?limit=` and `?skip=` of a list.
fn range(query: Option<&str>) -> Range {
    let number = |wanted: &str, default| {
        form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .find(|(name, _)| name == wanted)
            .and_then(|(_, value)| value.parse().ok())
            .unwrap_or(default)
    };
    Range { limit: number("limit", LIMIT), skip: number("skip", 0) }
}

fn list<T: Serialize>(name: &str, part: &Part<T>) -> Reply {
    let items = serde_json::to_string(&part.items).expect("records have text keys");
    let body = format!(r#"{{"total":{},"{name}":{items}}}"#, part.total);
    Reply::json(StatusCode::OK, body.into_bytes())
}

fn only(method: &Method, wanted: &Method) -> Result<(), ApiError> {
    let allowed = if wanted == Method::GET { "GET" } else { "POST" };
    (method == wanted).then_some(()).ok_or(ApiError::WrongMethod(allowed))
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// Parses the body's JSON. The content type is required, because a form of another site's page cannot send it.
fn parse<T: DeserializeOwned>(head: &Parts, body: &[u8]) -> Result<T, ManagementError> {
    let kind = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let why = "the body must be JSON, with the header Content-Type: application/json";
        return Err(ManagementError::Invalid(why.to_owned()));
    }
    serde_json::from_slice(body).map_err(|error| ManagementError::Invalid(error.to_string()))
}

fn json<T: Serialize>(value: &T) -> Reply {
    Reply::json(StatusCode::OK, serde_json::to_vec(value).expect("records have text keys"))
}

fn file(content_type: &'static str, text: &str) -> Reply {
    Reply::new(StatusCode::OK, content_type, text.as_bytes().to_vec())
}

fn pem(text: String) -> Reply {
    Reply::new(StatusCode::OK, PEM, text.into_bytes())
}

fn refusal(status: StatusCode, message: &str) -> Reply {
    let body = json!({ "error": { "message": message } });
    Reply::json(status, body.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_has_a_chinese_text_for_every_english_text() {
        let script = include_str!("page/page.js");
        let page = include_str!("page/page.html");
        // Names are not translated.
        let names = ["HTTP", "HTTPS", "CA", "CRL", "TLS CA", "API", "RequestID"];
        for piece in page.split('>').skip(1) {
            let text = piece.split('<').next().unwrap().trim();
            let translated = script.contains(&format!("\"{text}\": \""))
                || script.contains(&format!("\"{text}\":\n"));
            assert!(text.is_empty() || names.contains(&text) || translated, "{text}");
        }
    }
}
