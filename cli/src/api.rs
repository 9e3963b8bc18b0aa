//! `wotrus api`

use std::path::PathBuf;

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::json::Json;
use crate::json_input;
use crate::output::{Outcome, json_as_text};
use crate::reply;

/// Call any endpoint of the service and print its complete JSON response
///
/// A POST is never repeated if the service may have received it.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus api GET /v1/Order/a4a78326-0546-4602-9586-8ee3c05e8068"
    "wotrus api POST /v1/Order/Cancel --data - <cancel.json"
))]
pub(crate) struct Api {
    #[arg(value_enum, ignore_case = true)]
    method: Method,

    /// The path after the base URL, percent-encoded: /v1/…
    path: String,

    /// The JSON body of a POST (- for standard input), which is sent unchanged
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
        const FLAG: &str = "--data";
        let read = |path: &PathBuf| json_input::body(FLAG, path, &self.path);
        let body = self.data.as_ref().map(read).transpose()?;
        let method = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let endpoint = format!("{method} {}", self.path);
        let reply = context.client()?.call(&endpoint, body.as_deref());
        let reply = match &self.data {
            Some(path) => json_input::of_text(FLAG, path, reply)?,
            None => reply?,
        };
        let json = Json::new().with_raw("answer", Some(reply.json())).and(&reply::json(&reply));
        Ok(Outcome { text: json_as_text(reply.json()), json })
    }
}
