//! The configuration step: the addresses and options that the other steps need.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use wotrus::{Client, Secret};

use super::check::{Problem, StepResult};
use crate::charset;
use crate::config::Config;
use crate::context::{self, Context};
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::token;

/// A host and its port.
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
}

impl Address {
    /// The address in a URL that the library has accepted.
    fn of(url: &str, port: u16) -> Self {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or_default();
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, given) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        {
            Some((host, rest)) => (host, rest.strip_prefix(':')),
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        let port = given.and_then(|given| given.parse().ok()).unwrap_or(port);
        Self { host: host.to_owned(), port }
    }

    fn is_loopback(&self) -> bool {
        let address = self.host.parse::<std::net::IpAddr>();
        self.host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|ip| ip.is_loopback())
    }
}

/// `host:port` as in a URL.
impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

/// An HTTP proxy.
pub(super) struct Proxy {
    pub(super) address: Address,
    /// `name:password`
    pub(super) login: Option<Secret>,
}

impl Proxy {
    fn of(url: &str) -> Self {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let login = rest.split('/').next().and_then(|authority| authority.rsplit_once('@'));
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        Self { address: Address::of(url, 80), login: login.map(|(login, _)| decoded(login).into()) }
    }
}

/// The service and the way to it.
pub(super) struct Target {
    pub(super) address: Address,
    pub(super) https: bool,
    pub(super) proxy: Option<Proxy>,
    pub(super) ca_file: Option<PathBuf>,
    /// The timeout of each network step.
    pub(super) timeout: Duration,
}

/// The first step: everything that can be checked without a network. The token may be missing, because
/// only the last step needs it.
pub(super) fn read(context: &Context) -> StepResult<(Result<Client>, Target)> {
    let config = context.config().map_err(|failure| {
        let advice = say!(
            "check this file, or name another one with --config",
            "请检查该文件，或用 --config 指定其他文件"
        );
        problem(&failure, advice)
    })?;
    read_settings(context, config).map_err(|failure| {
        let advice = say!(
            "set it by its flag, its WOTRUS_ variable or its key in the config file: wotrus --help lists them",
            "请通过命令行参数、WOTRUS_ 环境变量或配置文件设置，详见 wotrus --help"
        );
        problem(&failure, advice)
    })
}

fn problem(failure: &Failure, advice: String) -> Problem {
    Problem {
        kind: failure.kind(),
        cause: wotrus::Cause::Invalid,
        message: failure.message().to_owned(),
        advice,
    }
}

fn read_settings(context: &Context, config: &Config) -> Result<((Result<Client>, Target), String)> {
    let value =
        |name| Ok::<_, Failure>(context.options.value(name, config)?.map(|(value, _)| value));
    let mut builder = context.options.builder(config)?;
    if value("retries")?.is_none() {
        builder = builder.retries(0);
    }
    let (client, token) = match token::find(config) {
        Ok((token, source)) => {
            let client = context::build(builder.token(token), |_| {})?;
            (Ok(client), say!("the token from {source}", "token 来自 {source}"))
        }
        Err(failure) => {
            // Building a client checks the other options.
            builder.token("none").build()?;
            (Err(failure), say!("no token", "没有 token"))
        }
    };
    let url = context.base_url()?;
    let address = Address::of(&url, 443);
    let proxy = value("proxy")?.filter(|_| !address.is_loopback());
    let seconds = value("connect_timeout")?.and_then(|seconds| seconds.parse().ok());
    let timeout = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let target = Target {
        address,
        https: !url.to_ascii_lowercase().starts_with("http://"),
        proxy: proxy.as_deref().map(Proxy::of),
        ca_file: value("ca_file")?.map(|path| charset::path(&path)),
        timeout: timeout.unwrap_or(Duration::from_secs(10)),
    };
    Ok(((client, target), say!("{url}, {token}", "{url}，{token}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_ports_and_logins_are_parsed() {
        for (url, expected) in [
            ("https://restapi.wosign.com", "restapi.wosign.com:443"),
            ("http://127.0.0.1:80/x", "127.0.0.1:80"),
            ("https://[::1]:8443", "[::1]:8443"),
            ("http://u:p@proxy.example:3128", "proxy.example:3128"),
        ] {
            assert_eq!(Address::of(url, 443).to_string(), expected);
        }
        let login = Proxy::of("http://u:p%40ss@h:1").login.unwrap();
        assert_eq!(login.expose(), "u:p@ss");
        assert!(Proxy::of("http://h:1").login.is_none());
    }
}
