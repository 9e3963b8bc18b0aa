//! Proxies that fail or intercept, and environment variables that must have no effect.

use super::{answer, good};
use crate::behaviour::{Behaviour, World};
use crate::certificates::Shown;

pub(super) fn all(world: &World) -> Vec<Behaviour> {
    let on = |name, does| Behaviour::new(name, does).calls("create");
    let certificate = |shown| world.certificates.server(shown);
    let tunnel = |shown| {
        let certificate = certificate(shown);
        move |visit: &mut crate::server::Visit| {
            if visit.tunnel(certificate.clone()).is_some() {
                good(visit);
            }
        }
    };
    let says = |name, does, bytes: String| {
        on(name, does)
            .proxy(move |visit| {
                visit.connect();
                visit.send(&bytes);
                visit.finish();
            })
            .attempts(3)
            .not_sent("proxy")
    };
    let (lost, silent) = (certificate(Shown::Good), certificate(Shown::Good));
    let elsewhere = format!("http://127.0.0.1:{}", world.elsewhere);
    let ca_file = world.certificates.ca_file.display().to_string();
    let key_log = world.key_log.display().to_string();
    let mut variables = vec![("NO_PROXY", "wotrus.test".to_owned()), ("RUST_LOG", "trace".into())];
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]
    {
        variables.push((name, elsewhere.clone()));
    }
    let with_variables = |behaviour: Behaviour| {
        variables
            .iter()
            .fold(behaviour, |behaviour, (name, value)| behaviour.environment(name, value.as_str()))
    };
    vec![
        on("proxy", "a working proxy").proxy(tunnel(Shown::Good)),
        on("proxy_intercepts_tls", "a proxy that presents its own certificate")
            .proxy(tunnel(Shown::UnknownCa))
            .not_sent("tls")
            .says("ca_file"),
        on("proxy_to_another_host", "a proxy that connects to another host")
            .proxy(tunnel(Shown::WrongHost))
            .not_sent("tls"),
        says("proxy_wants_a_password", "407", answer(407, "Proxy-Authenticate: Basic\r\n", "")),
        says("proxy_forbids", "403", answer(403, "", "")),
        says("proxy_bad_gateway", "502", answer(502, "", "")),
        says("proxy_redirects", "302", answer(302, &format!("Location: {elsewhere}\r\n"), "")),
        says("proxy_garbage", "garbage", "garbage\r\n\r\n".into()),
        says("proxy_closes", "closes without a response", String::new()),
        on("proxy_silent", "does not answer CONNECT")
            .timeout(1)
            .proxy(|visit| {
                visit.connect();
                visit.hold();
            })
            .not_sent("timeout"),
        on("proxy_by_the_byte", "answers CONNECT one byte at a time")
            .timeout(1)
            .proxy(|visit| {
                visit.connect();
                visit.drip(format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(9000)));
            })
            .not_sent("timeout"),
        on("proxy_endless_head", "answers CONNECT with an endless head")
            .proxy(|visit| {
                visit.connect();
                visit.send("HTTP/1.1 200 OK\r\n");
                visit.flood("X: y\r\n".repeat(512));
            })
            .attempts(3)
            .not_sent("proxy"),
        on("proxy_then_silence", "opens the tunnel and sends nothing more")
            .timeout(1)
            .proxy(|visit| {
                visit.connect();
                visit.send("HTTP/1.1 200 OK\r\n\r\n");
                visit.hold();
            })
            .not_sent("timeout"),
        on("proxy_answer_lost", "forwards the order and closes before the response")
            .proxy(move |visit| {
                visit.tunnel(lost.clone());
                visit.request();
            })
            .unknown_outcome("connection_lost"),
        on("proxy_answer_never_comes", "forwards the order and no response")
            .timeout(1)
            .proxy(move |visit| {
                visit.tunnel(silent.clone());
                visit.request();
                visit.hold();
            })
            .unknown_outcome("timeout"),
        on("proxy_not_there", "refuses connections")
            .url("https://wotrus.test")
            .option("proxy", "http://127.0.0.1:1")
            .attempts(3)
            .not_sent("connect"),
        on("proxy_for_loopback", "the service is on loopback, where no proxy is used")
            .plain(good)
            .option("proxy", elsewhere.clone()),
        with_variables(
            on("environment_proxies", "HTTPS_PROXY and similar variables name another proxy")
                .plain(good),
        ),
        with_variables(
            on("environment_proxies_under_tls", "the same, under TLS").tls(Shown::Good, good),
        ),
        with_variables(
            on("environment_beside_a_proxy", "the same, with a proxy set")
                .proxy(tunnel(Shown::Good)),
        ),
        on("environment_ca", "SSL_CERT_FILE and SSL_CERT_DIR name the CA")
            .tls(Shown::Good, good)
            .without_ca()
            .environment("SSL_CERT_FILE", ca_file.as_str())
            .environment("SSL_CERT_DIR", "/etc/ssl/certs")
            .not_sent("tls"),
        on("environment_key_log", "SSLKEYLOGFILE names a file")
            .tls(Shown::Good, good)
            .environment("SSLKEYLOGFILE", key_log.as_str()),
    ]
}
