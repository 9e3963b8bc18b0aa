//! `wotrus doctor`: checks the steps of a connection to the service one by one.

mod chain;
mod check;
mod network;
mod service;
mod target;
mod tls;

use self::check::Checks;
use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::output::{Outcome, print};

/// Check the connection to the service step by step
///
/// Checks configuration, DNS, TCP, proxy, TLS and token, each with its time, and says what to do about
/// the step that fails. The token is checked by a query of an order that does not exist, which changes
/// nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus doctor"
    "wotrus doctor --proxy http://proxy.example:3128 --ca-file company-ca.pem"
    "wotrus --json doctor | jq '.checks[] | select(.ok | not)'"
))]
pub(crate) struct Doctor {}

impl Doctor {
    #[allow(clippy::unused_self, reason = "all commands are run by a method")]
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let mut checks = Checks::default();
        let examined = examine(context, &mut checks);
        let (text, json) = (checks.text(), checks.json());
        match examined {
            Ok(()) => Ok(Outcome { text, json }),
            Err(failure) => {
                if !context.json {
                    print(&text)?;
                }
                Err(failure.after(&json))
            }
        }
    }
}

/// Runs the steps up to the first one that fails.
fn examine(context: &Context, checks: &mut Checks) -> Result<()> {
    let (client, target) = checks.step("config", || target::read(context))?;
    let proxy = target.proxy.as_ref();
    let first = proxy.map_or(&target.address, |proxy| &proxy.address);
    let addresses = checks.step("dns", || network::resolve(first, &target))?;
    let mut socket = checks.step("tcp", || network::connect(&addresses, first, &target))?;
    if let Some(proxy) = proxy {
        checks.step("proxy", || network::tunnel(&mut socket, proxy, &target))?;
    }
    if target.https {
        checks.step("tls", || tls::handshake(&mut socket, &target))?;
    }
    drop(socket);
    checks.step("token", || service::check_token(client))
}
