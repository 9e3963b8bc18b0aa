//! ureq's configuration, made from the options of a client.

use std::path::Path;
use std::sync::Arc;

use ureq::Agent;
use ureq::config::Config;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::url::{BaseUrl, checked_host};
use crate::certificate::{ca_file, system_cas};
use crate::error::{Error, Result};
use crate::file;
use crate::messages::{Message, message};
use crate::options::ClientBuilder;

/// The configuration of ureq's connectors.
pub(super) fn ureq_config(options: &ClientBuilder, base_url: &BaseUrl) -> Result<Config> {
    let roots = match &options.ca_file {
        None => RootCerts::WebPki,
        Some(path) => {
            let cas = read_cas(path)?;
            let roots = cas.iter().map(|der| Certificate::from_der(der).to_owned());
            RootCerts::Specific(Arc::new(roots.collect()))
        }
    };
    let proxy = options.proxy.as_ref().map(|url| parse_proxy(url.expose())).transpose()?;
    Ok(Agent::config_builder()
        // Without this ureq would take a proxy from the environment.
        .proxy(proxy.filter(|_| !base_url.is_loopback))
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        // A proxy would receive it in the CONNECT request.
        .user_agent("")
        .input_buffer_size(32 * 1024)
        .output_buffer_size(32 * 1024)
        .build())
}

/// The value of the option `ca_file` that stands for the CAs of the operating system. A file of this name is
/// `./system`.
const SYSTEM: &str = "system";

/// The CAs that the option `ca_file` names, in DER.
fn read_cas(path: &Path) -> Result<Vec<Vec<u8>>> {
    if path == Path::new(SYSTEM) {
        return system_cas::certificates()
            .map_err(|problem| Error::config("ca_file", message!("{}: {}", SYSTEM, problem)));
    }
    let refuse =
        |problem| Error::config("ca_file", message!("{}: {}", path.display().to_string(), problem));
    let pem = file::read_regular(path)
        .map_err(|error| refuse(Message::of_io(&error)).caused_by(error))?;
    ca_file::certificates(&pem).map_err(refuse)
}

fn parse_proxy(url: &str) -> Result<ureq::Proxy> {
    let proxy = url.split_at_checked(7).and_then(|(scheme, rest)| {
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        // ureq would take what follows one of these for something else than a part of the user.
        let is_usable = scheme.eq_ignore_ascii_case("http://")
            && !user.bytes().any(|byte| b"/?#@".contains(&byte))
            && checked_host(host).is_some();
        ureq::Proxy::new(url).ok().filter(|_| is_usable)
    });
    proxy.ok_or_else(|| {
        Error::config(
            "proxy",
            message!(
                "is not http://[user:password@]host:port with the user and password percent-encoded"
            ),
        )
    })
}

#[cfg(test)]
mod proxy_tests {
    use super::*;

    #[test]
    fn proxy_urls_follow_the_rules_of_base_url() {
        for good in [
            "http://h",
            "HTTP://h:3128/",
            "http://u@h:1",
            "http://u:p%40%23ss@h:1",
            "http://u:@[::1]:8080",
        ] {
            assert!(parse_proxy(good).is_ok(), "{good}");
        }
        let proxy = parse_proxy("http://u%2F:p%40%23:s@h:1").unwrap();
        assert_eq!((proxy.username(), proxy.password()), (Some("u/"), Some("p@#:s")));
        for bad in [
            "",
            "http://",
            "h:3128",
            "https://h:1",
            "http://user#x@127.0.0.1:1",
            "http://pass?word@127.0.0.1:1",
            "http://user:p/ss@127.0.0.1:1",
            "http://user:p@ss@127.0.0.1:1",
            "http://u:pw@:80",
            "http://h:99999",
            "http://h:0",
            "http://h:80/path",
            "http://h:80?x",
            "http://h:80#x",
            "http://u:%ff@h:80",
        ] {
            assert!(parse_proxy(bad).is_err(), "{bad}");
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn system_stands_for_the_cas_of_the_operating_system() {
        match read_cas(Path::new("system")) {
            Ok(cas) => assert!(!cas.is_empty()),
            // A system without CAs, or a build without the feature.
            Err(error) => {
                assert_eq!(error.field(), Some("ca_file"));
                assert!(error.message().starts_with("ca_file: system: "), "{error}");
            }
        }
        let error = read_cas(Path::new("./system")).unwrap_err();
        assert!(
            error.message().contains("./system"),
            "the file of this name was not read: {error}"
        );
    }
}
