//! Calls of endpoints that have no method of their own.

use crate::answer::Reply;
use crate::body::Body;
use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::json::Json;
use crate::messages::message;
use crate::request::secrets_in;
use crate::validation;

impl Client {
    /// Calls any endpoint by method and path: `"GET /v1/…"`, or `"POST /v1/…"` with a JSON body; see
    /// [`get`](Self::get) and [`post`](Self::post).
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument) for another method, or a body of a GET; otherwise as those two.
    pub fn call(&self, operation: &str, json: Option<&str>) -> Result<Reply> {
        self.localized(|| {
            let (method, path) = operation.split_once(' ').ok_or_else(|| {
                Error::argument(
                    "operation",
                    message!("should be a method and a path, such as POST /v1/…"),
                )
            })?;
            match (method, json) {
                ("GET", None) => self.get(path),
                ("GET", Some(_)) => {
                    Err(Error::argument("json", message!("cannot be sent with GET")))
                }
                ("POST", json) => self.post(path, json.unwrap_or("{}")),
                _ => {
                    Err(Error::argument("operation", message!("begins with neither GET nor POST")))
                }
            }
        })
    }

    /// Calls any endpoint with GET; `path` is `/v1/…`, perhaps with a query, percent-encoded.
    ///
    /// ```no_run
    /// # fn main() -> wotrus::Result<()> {
    /// # let client = wotrus::Client::builder().token("tk_").build()?;
    /// let reply = client.get("/v1/Order/644A3E60")?;
    /// println!("{:?}", reply.get("status"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument) for a path that cannot be used; otherwise as
    /// [`query_order`](Self::query_order).
    pub fn get(&self, path: &str) -> Result<Reply> {
        self.localized(|| {
            validation::path(path)?;
            Call::get("call", path.to_owned()).run(&self.0)
        })
    }

    /// Calls any endpoint with POST. `json` is the body, which is sent as it is. The call is never sent
    /// again once the service may have processed it.
    ///
    /// ```no_run
    /// # fn main() -> wotrus::Result<()> {
    /// # let client = wotrus::Client::builder().token("tk_").build()?;
    /// let reply = client.post("/v1/Order/Cancel", r#"{"orderID":"644A3E60","reason":"…"}"#)?;
    /// println!("{:?}", reply.get("cancelResult"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument) for a path that cannot be used, or a body that is not JSON; otherwise as
    /// [`create_order`](Self::create_order).
    pub fn post(&self, path: &str, json: &str) -> Result<Reply> {
        self.localized(|| {
            validation::path(path)?;
            let parsed = Json::parse(json)
                .map_err(|error| Error::argument("json", error.mistake.message()))?;
            let secrets = secrets_in(parsed.root());
            let mut body = Body::default().text(json);
            body.secrets = secrets;
            Call::post("call", path, body, message!("check its effect at the service")).run(&self.0)
        })
    }
}
