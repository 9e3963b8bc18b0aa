//! `wotrus api`: any endpoint.

use std::path::PathBuf;

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::input;
use crate::json::Json;
use crate::output::Outcome;
use crate::reply;

/// Call any endpoint of the service; the answer's whole JSON is printed as it came
///
/// A POST is never sent again once the service may have it.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus api GET /v1/Order/a4a78326-0546-4602-9586-8ee3c05e8068"
    "wotrus api POST /v1/Order/Cancel --data - <cancel.json"
))]
pub(crate) struct Api {
    #[arg(value_enum, ignore_case = true)]
    method: Method,

    /// The path below the base URL, percent-encoded: /v1/…
    path: String,

    /// The body of a POST, JSON (- for standard input); it goes out byte for byte
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Method {
    #[value(name = "GET")]
    Get,
    #[value(name = "POST")]
    Post,
}

impl Api {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let body = self.data.map(|path| input::text("--data", &path)).transpose()?;
        let method = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let endpoint = format!("{method} {}", self.path);
        let reply = context.client()?.call(&endpoint, body.as_deref())?;
        let json = Json::new().with_raw("answer", Some(reply.json())).and(&reply::json(&reply));
        Ok(Outcome { text: reply.json().to_owned(), json })
    }
}
