//! Sends pushes, each with one POST over a separate connection.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::Uri;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::insecure_verifier;
use super::outbox::Outcome;
use crate::Error;

/// Why an attempt got no response.
type Failure = Box<dyn StdError + Send + Sync>;

/// How long one attempt may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where pushes are sent.
pub(crate) struct PushTarget {
    uri: Uri,
    /// `host:port`.
    address: String,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl PushTarget {
    pub(crate) fn new(url: &str) -> Result<Self, Error> {
        let invalid = |why: &str| {
            Error::Config(format!("the push URL {why}; its form is http://HOST:PORT/PATH"))
        };
        let uri: Uri = url.parse().map_err(|_| invalid("is not a URL"))?;
        let authority = uri.authority().ok_or_else(|| invalid("names no host"))?;
        if authority.as_str().contains('@') {
            return Err(invalid("must not contain a user name"));
        }
        let (port, secure) = match uri.scheme_str() {
            Some("http") => (80, false),
            Some("https") => (443, true),
            _ => return Err(invalid("must begin with http:// or https://")),
        };
        let host = authority.host();
        let address = format!("{host}:{}", authority.port_u16().unwrap_or(port));
        let tls = if secure {
            let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
            let name = ServerName::try_from(name).map_err(|_| invalid("names no host"))?;
            Some((TlsConnector::from(Arc::new(insecure_verifier::config()?)), name))
        } else {
            None
        };
        Ok(Self { uri, address, tls })
    }

    /// Makes one attempt to send a push.
    pub(crate) async fn post(&self, body: String) -> Outcome {
        match tokio::time::timeout(TIMEOUT, self.exchange(body)).await {
            Err(_) => Outcome::Failed(format!("no response within {} s", TIMEOUT.as_secs())),
            Ok(Err(error)) => Outcome::Failed(error.to_string()),
            Ok(Ok(status)) => Outcome::Status(status),
        }
    }

    async fn exchange(&self, body: String) -> Result<u16, Failure> {
        let stream = TcpStream::connect(&self.address).await?;
        match &self.tls {
            None => self.send(stream, body).await,
            Some((connector, name)) => {
                self.send(connector.connect(name.clone(), stream).await?, body).await
            }
        }
    }

    async fn send<S>(&self, stream: S, body: String) -> Result<u16, Failure>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let request = hyper::Request::post(path)
            .header(HOST, self.uri.authority().map_or("", |it| it.as_str()))
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "wotrus-sandbox")
            .header(CONNECTION, "close")
            .body(Full::<Bytes>::from(body))?;
        // The connection is polled here, so it ends with this call.
        let mut exchange = std::pin::pin!(sender.send_request(request));
        let response = tokio::select! {
            response = &mut exchange => response,
            // The receiver may close the connection right after its response.
            _ = connection => exchange.await,
        };
        Ok(response?.status().as_u16())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_push_url_is_checked() {
        for (url, address) in [
            ("http://localhost:8000/push?a=b", "localhost:8000"),
            ("http://127.0.0.1", "127.0.0.1:80"),
            ("http://[::1]:81/", "[::1]:81"),
            ("https://a.cn/", "a.cn:443"),
            ("https://[::1]:444", "[::1]:444"),
        ] {
            assert_eq!(PushTarget::new(url).unwrap().address, address, "{url}");
        }
        for url in ["", "a.cn", "/push", "ftp://a.cn/", "http://", "http://me:pw@a.cn/", "a b"] {
            let error = PushTarget::new(url).err().unwrap().to_string();
            assert!(error.contains("the push URL"), "{error}");
            assert!(!error.contains("pw"), "{error}");
        }
    }
}
