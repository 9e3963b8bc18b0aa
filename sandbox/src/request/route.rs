//! From a method and a path to the operation. Paths have no case, as in ASP.NET.

use hyper::Method;
use percent_encoding::percent_decode_str;

/// An operation with the parameters of its path and query, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Create,
    Query(String),
    Retrieve(Option<String>),
    Cancel,
    Revoke,
    Reissue,
    Notify,
    /// The path exists, but only for this method.
    WrongMethod(Method),
    /// The customer's page behind `pendingLink`, by the link's secret. It is the only path that needs no token.
    CustomerPage(String),
    Unknown,
}

/// The names of the operations.
pub(crate) const OPERATIONS: [&str; 7] = [
    "create_order",
    "query_order",
    "retrieve_certificate",
    "cancel_order",
    "revoke_certificate",
    "reissue_certificate",
    "notify_by_email",
];

impl Route {
    /// The operation's name, one of [`OPERATIONS`].
    pub(crate) fn operation(&self) -> Option<&'static str> {
        let index = match self {
            Self::Create => 0,
            Self::Query(_) => 1,
            Self::Retrieve(_) => 2,
            Self::Cancel => 3,
            Self::Revoke => 4,
            Self::Reissue => 5,
            Self::Notify => 6,
            Self::WrongMethod(_) | Self::CustomerPage(_) | Self::Unknown => return None,
        };
        Some(OPERATIONS[index])
    }

    pub(crate) fn of(method: &Method, path: &str, query: Option<&str>) -> Self {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let lower = segments.iter().map(|segment| segment.to_ascii_lowercase());
        let lower: Vec<String> = lower.collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let only = |wanted, route| match *method == wanted {
            true => route,
            false => Self::WrongMethod(wanted),
        };
        let get = |route| only(Method::GET, route);
        let post = |route| only(Method::POST, route);
        match lower[..] {
            ["v1", "order", "create"] if method != Method::GET => post(Self::Create),
            ["v1", "order", "cancel"] if method != Method::GET => post(Self::Cancel),
            ["v1", "order", _] => get(Self::Query(decoded(segments[2]))),
            ["v1", "certificate", "retrievepem"] => get(Self::Retrieve(order_id(query))),
            ["v1", "certificate", "revokerequest"] => post(Self::Revoke),
            ["v1", "certificate", "reissuerequest"] => post(Self::Reissue),
            ["v1", "notification", "email"] => post(Self::Notify),
            ["pending", page] if page.ends_with(".html") => {
                Self::CustomerPage(segments[1][..page.len() - ".html".len()].to_owned())
            }
            _ => Self::Unknown,
        }
    }
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

fn order_id(query: Option<&str>) -> Option<String> {
    form_urlencoded::parse(query?.as_bytes())
        .find(|(name, _)| name.eq_ignore_ascii_case("orderID"))
        .map(|(_, value)| value.trim().to_owned())
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(method: Method, path: &str, query: Option<&str>) -> Route {
        Route::of(&method, path, query)
    }

    #[test]
    fn paths_match_in_any_case() {
        let (get, post) =
            (|path| route(Method::GET, path, None), |path| route(Method::POST, path, None));
        assert_eq!(post("/v1/Order/Create"), Route::Create);
        assert_eq!(post("/V1/ORDER/CANCEL"), Route::Cancel);
        assert_eq!(get("/v1/Order/AB-12"), Route::Query("AB-12".into()));
        assert_eq!(get("/v1/Order/..%2Fa%20%e6%b2%83"), Route::Query("../a 沃".into()));
        assert_eq!(get("/v1/Order/Create"), Route::Query("Create".into()));
        assert_eq!(post("/v1/Certificate/RevokeRequest"), Route::Revoke);
        assert_eq!(post("/v1/certificate/reissuerequest"), Route::Reissue);
        assert_eq!(post("/v1/Notification/email"), Route::Notify);
        assert_eq!(get("/v1/Notification/email"), Route::WrongMethod(Method::POST));
        assert_eq!(post("/v1/Order/AB-12"), Route::WrongMethod(Method::GET));
        assert_eq!(get("/v1/Order/a/b"), Route::Unknown);
        assert_eq!(get("/v2/Order/a"), Route::Unknown);
    }

    #[test]
    fn the_order_id_is_read_from_the_query() {
        let retrieve = |query| route(Method::GET, "/v1/Certificate/RetrievePem", query);
        assert_eq!(retrieve(Some("orderID=a%2fb+")), Route::Retrieve(Some("a/b".into())));
        assert_eq!(retrieve(Some("x=1&ORDERID=a")), Route::Retrieve(Some("a".into())));
        assert_eq!(retrieve(Some("orderID=")), Route::Retrieve(None));
        assert_eq!(retrieve(None), Route::Retrieve(None));
    }
}
