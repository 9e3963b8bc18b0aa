//! One HTTP exchange: the only place that knows ureq.

mod deadline;
mod failure;
mod gate;
mod names;
mod outbox;
mod socket;
mod unconnected;

pub(crate) use failure::NoAnswer;
pub(crate) use gate::Gate;

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, DATE, HeaderName, RETRY_AFTER, TRANSFER_ENCODING,
};
use ureq::http::uri::PathAndQuery;
use ureq::http::{HeaderMap, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, RustlsConnector};
use ureq::{Agent, SendBody};

use self::deadline::CallEnd;
use self::names::{Names, NoResolver, Resolved};
use self::outbox::{Lines, OutboxConnector};
use self::socket::SocketConnector;
use self::unconnected::Step;

use crate::body::BodyReader;
use crate::error::{Cause, Error, Result};
use crate::options::ClientBuilder;
use crate::secret::Secret;
use crate::url::BaseUrl;

/// Above this a body waits for the service's "100 Continue": a refusal (401, 413) is read then
/// instead of being lost in a broken upload. Below it the wait would cost more than it saves.
const EXPECT_ABOVE: u64 = 1024 * 1024;

/// So many connections are kept for threads that share a client.
const CONNECTIONS: usize = 16;

/// No answer that the document describes is longer.
const LIKELY: usize = 64 * 1024;

/// The settings of every exchange, from which agents are made.
pub(crate) struct Transport {
    config: ureq::config::Config,
    token: Secret,
    pub(crate) base_url: BaseUrl,
    base: Uri,
    /// What every request's head has; it holds the token.
    lines: Secret,
    max_answer_size: u64,
}

/// What one exchange sends.
pub(crate) struct Exchange<'a, 'b> {
    pub(crate) path: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) body: Option<(&'a mut BodyReader<'b>, u64)>,
    pub(crate) deadline: Instant,
}

/// An answer that was read whole.
pub(crate) struct HttpAnswer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

impl Transport {
    pub(crate) fn new(options: &ClientBuilder, base_url: BaseUrl) -> Result<Self> {
        let tls = match &options.ca_file {
            None => TlsConfig::builder().root_certs(RootCerts::WebPki).build(),
            Some(path) => TlsConfig::builder().root_certs(roots(path)?).build(),
        };
        let proxy = options.proxy.as_ref().map(|url| proxy(url.expose())).transpose()?;
        let config = Agent::config_builder()
            // A redirect would carry the token to another host, and turn a POST into a GET.
            .max_redirects(0)
            .https_only(base_url.https)
            // Or the body of an error answer would be gone.
            .http_status_as_error(false)
            // Never from the environment, and never for loopback.
            .proxy(proxy.filter(|_| !base_url.loopback))
            .tls_config(tls)
            // Those that are wanted stand in `lines`.
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .timeout_connect(Some(options.connect_timeout))
            .timeout_await_100(Some(Duration::from_secs(1)))
            // Less than the buffer below, which a longer head would fill without an end.
            .max_response_header_size(24 * 1024)
            .input_buffer_size(32 * 1024)
            .output_buffer_size(32 * 1024)
            // There is one host. More threads than this shake hands anew.
            .max_idle_connections(CONNECTIONS)
            .max_idle_connections_per_host(CONNECTIONS)
            .build();
        let base = base_url
            .text
            .parse()
            .map_err(|_| Error::config("base_url", "is no URL that can be called"))?;
        let (token, user_agent) = (options.token.expose(), &options.user_agent);
        let lines = format!(
            "WoTrusToken: {token}\r\nUser-Agent: {user_agent}\r\nAccept: application/json\r\n"
        );
        Ok(Self {
            config,
            token: options.token.clone(),
            base_url,
            base,
            lines: Secret::new(lines),
            max_answer_size: options.max_answer_size,
        })
    }

    pub(crate) fn token(&self) -> &Secret {
        &self.token
    }

    /// A set of connections of its own, and the gate by which its waits are cancelled.
    pub(crate) fn connections(&self) -> (Agent, Arc<Gate>) {
        let gate: Arc<Gate> = Arc::default();
        let names = Arc::new(Names::new(gate.clone()));
        let tunnel = Step { connector: ConnectProxyConnector::default(), cause: Cause::Proxy };
        let socket = SocketConnector { gate: gate.clone(), names: names.clone() };
        let tls = Step { connector: RustlsConnector::default(), cause: Cause::Tls };
        let outbox = OutboxConnector { https: self.base_url.https };
        let connector = ().chain(tunnel).chain(socket).chain(tls).chain(outbox);
        let connector = Resolved { names, connector };
        (Agent::with_parts(self.config.clone(), connector, NoResolver), gate)
    }

    /// Sends one request, once, and reads its answer whole, within the given time.
    pub(crate) fn exchange(
        &self,
        agent: &Agent,
        exchange: Exchange<'_, '_>,
    ) -> Result<HttpAnswer, NoAnswer> {
        let Exchange { path, request_id, body, deadline } = exchange;
        let uri = self.uri(path);
        let content_type = if body.is_some() { "Content-Type: application/json\r\n" } else { "" };
        let lines = [self.lines.expose(), content_type, "RequestID: ", request_id, "\r\n"];
        let _lines = Lines::new(Secret::new(lines.concat()));
        let _end = CallEnd::at(deadline);
        let response = match body {
            Some((reader, length)) => {
                let mut request = agent.post(uri).header(CONTENT_LENGTH, length);
                if length > EXPECT_ABOVE {
                    request = request.header("Expect", "100-continue");
                }
                request.send(SendBody::from_reader(reader))
            }
            None => agent.get(uri).call(),
        };
        let host = &self.base_url.text;
        let mut response = response.map_err(|error| NoAnswer::new(host, error, None))?;
        let status = response.status().as_u16();
        let headers = response.headers();
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let retry_after = header(RETRY_AFTER)
            .and_then(|value| crate::http_date::retry_after(value, header(DATE)));
        let unusable = unusable(headers);
        let length =
            headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let mut answer = Vec::with_capacity(length.unwrap_or(0).min(LIKELY));
        let mut reader = response.body_mut().with_config().limit(self.max_answer_size).reader();
        let read = reader.read_to_end(&mut answer);
        // Of a refusal the status says enough: its body may be missing, cut or in any form.
        if (200..300).contains(&status) {
            if let Some(message) = unusable {
                return Err(NoAnswer::unusable(message, status));
            }
            read.map_err(|error| NoAnswer::new(host, error.into(), Some(status)))?;
        }
        Ok(HttpAnswer { status, retry_after, body: answer })
    }

    /// The base URL with a path behind it.
    fn uri(&self, path: &str) -> Uri {
        let mut parts = self.base.clone().into_parts();
        let base = self.base.path().trim_end_matches('/');
        let path = PathAndQuery::try_from([base, path].concat());
        parts.path_and_query = Some(path.expect("both were checked"));
        Uri::from_parts(parts).expect("the base URL has a scheme and a host")
    }
}

/// What makes an answer unusable before its body is read: no way, or two ways, to tell whether the
/// body is whole, or a compression that nobody asked for.
fn unusable(headers: &HeaderMap) -> Option<String> {
    let all = |name: HeaderName| {
        let mut values = headers.get_all(name).iter();
        (values.next(), values.next())
    };
    let framed = match (all(CONTENT_LENGTH), all(TRANSFER_ENCODING)) {
        ((Some(length), None), (None, _)) => {
            !length.is_empty() && length.as_bytes().iter().all(u8::is_ascii_digit)
        }
        ((None, _), (Some(coding), None)) => coding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        _ => false,
    };
    if !framed {
        return Some("the answer does not say, or says twice, where it ends".to_owned());
    }
    let coding = headers.get(CONTENT_ENCODING)?.to_str().unwrap_or("?");
    let plain = coding.eq_ignore_ascii_case("identity");
    (!plain).then(|| format!("the answer is compressed ({coding:.20}), which was not asked for"))
}

/// The CAs in a PEM file; they replace the built-in ones.
fn roots(path: &std::path::Path) -> Result<RootCerts> {
    let refuse = |problem: &dyn std::fmt::Display| {
        Error::config("ca_file", format!("{}: {problem}", path.display()))
    };
    // Opening a FIFO would block for ever.
    if !std::fs::metadata(path).map_err(|error| refuse(&error))?.is_file() {
        return Err(refuse(&"is not a regular file"));
    }
    let pem = std::fs::read(path).map_err(|error| refuse(&error))?;
    let mut roots = Vec::new();
    for item in ureq::tls::parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => roots.push(certificate),
            Ok(_) => {}
            Err(_) => return Err(refuse(&"holds broken PEM")),
        }
    }
    if roots.is_empty() {
        return Err(refuse(&"holds no certificate in PEM"));
    }
    Ok(RootCerts::Specific(Arc::new(roots)))
}

fn proxy(url: &str) -> Result<ureq::Proxy> {
    const RULE: &str = "is not http://[user:password@]host:port";
    let plain =
        url.len() > 7 && url.is_char_boundary(7) && url[..7].eq_ignore_ascii_case("http://");
    let proxy = Some(url).filter(|_| plain).and_then(|url| ureq::Proxy::new(url).ok());
    proxy.ok_or_else(|| Error::config("proxy", RULE))
}
