//! The client of the tests. It uses sockets only, because an HTTP library would hide what the sandbox really sends.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::{Value, json};
use wotrus_sandbox::Sandbox;

/// A time limit that only a failing test reaches, also on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const PDF: &str = "76ECE651-B59E-48F2-A47B-135614AADAD9";
pub const ORGANISATION: &str = "2C17C336-A772-42F8-B3DD-4F2591A5B116";
pub const DV: &str = "30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D";
pub const OV: &str = "B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F01";
pub const CSR: &str = include_str!("../fixtures/example.csr");

pub trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// One connection, kept alive.
pub struct Client {
    stream: BufReader<Box<dyn Stream>>,
    token: String,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

pub fn connect(url: &str) -> TcpStream {
    let address = url.rsplit_once('/').unwrap().1.replace("localhost", "127.0.0.1");
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

impl Client {
    pub fn new(sandbox: &Sandbox) -> Self {
        Self::over(Box::new(connect(sandbox.http_url())), sandbox)
    }

    pub fn over(stream: Box<dyn Stream>, sandbox: &Sandbox) -> Self {
        Self { stream: BufReader::new(stream), token: sandbox.token().to_owned() }
    }

    /// Over TLS to `name`, trusting the sandbox's CA alone.
    pub fn tls(sandbox: &Sandbox, stream: TcpStream, name: &str) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        let ca = CertificateDer::from_pem_slice(sandbox.tls_ca_pem().as_bytes()).unwrap();
        roots.add(ca).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let connection = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
        Self::over(Box::new(rustls::StreamOwned::new(connection, stream)), sandbox)
    }

    /// Sends the bytes and reads one response.
    pub fn raw(&mut self, bytes: &[u8]) -> Answer {
        self.stream.get_mut().write_all(bytes).unwrap();
        self.stream.get_mut().flush().unwrap();
        self.read().expect("a response")
    }

    pub fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut bytes = format!("{method} {path} HTTP/1.1\r\nHost: sandbox\r\n");
        for (name, value) in headers {
            bytes += &format!("{name}: {value}\r\n");
        }
        if method != "GET" {
            bytes += &format!("Content-Length: {}\r\n", body.len());
        }
        self.raw(&[bytes.as_bytes(), b"\r\n", body].concat())
    }

    pub fn get(&mut self, path: &str) -> Answer {
        let token = self.token.clone();
        self.request("GET", path, &[("WoTrusToken", &token)], b"")
    }

    pub fn post(&mut self, path: &str, body: &[u8]) -> Answer {
        let token = self.token.clone();
        let headers = [("WoTrusToken", token.as_str()), ("Content-Type", "application/json")];
        self.request("POST", path, &headers, body)
    }

    pub fn post_json(&mut self, path: &str, body: &Value) -> Value {
        let answer = self.post(path, body.to_string().as_bytes());
        assert_eq!(answer.status, 200);
        answer.json()
    }

    /// Creates an order, which must succeed, and returns its id.
    pub fn create(&mut self, body: &Value) -> String {
        let answer = self.post_json("/v1/Order/Create", body);
        assert_eq!(answer["isSuccess"], true, "{answer}");
        answer["data"]["orderID"].as_str().unwrap().to_owned()
    }

    pub fn query(&mut self, id: &str) -> Value {
        let answer = self.get(&format!("/v1/Order/{id}")).json();
        assert_eq!(answer["isSuccess"], true, "{answer}");
        answer["data"].clone()
    }

    pub fn retrieve(&mut self, id: &str) -> Value {
        self.get(&format!("/v1/Certificate/RetrievePem?orderID={id}")).json()
    }

    /// Queries until the order has this status. Returns every status seen until then.
    pub fn wait(&mut self, id: &str, status: &str) -> Vec<String> {
        let deadline = Instant::now() + PATIENCE;
        let mut seen: Vec<String> = Vec::new();
        loop {
            let now = self.query(id)["status"].as_str().unwrap().to_owned();
            if seen.last() != Some(&now) {
                seen.push(now.clone());
            }
            if now == status {
                return seen;
            }
            assert!(Instant::now() < deadline, "{status} is not reached, only {seen:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends the bytes. Returns everything that is received until the connection ends, and how it ended.
    pub fn until_end(&mut self, bytes: &[u8]) -> (Vec<u8>, std::io::Result<()>) {
        let sent = self.stream.get_mut().write_all(bytes);
        let mut all = Vec::new();
        let end = sent.and_then(|()| self.stream.read_to_end(&mut all).map(|_| ()));
        (all, end)
    }

    /// The bytes of a POST with the token.
    pub fn post_bytes(&self, path: &str, body: &Value) -> Vec<u8> {
        let (token, body) = (&self.token, body.to_string());
        format!(
            "POST {path} HTTP/1.1\r\nHost: sandbox\r\nWoTrusToken: {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim_end().to_owned())
    }

    /// Reads one response. None if the connection ends instead.
    pub fn read(&mut self) -> Option<Answer> {
        let status = self.line()?.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':')?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        let length = answer.header("content-length")?.parse().ok()?;
        answer.body = vec![0; length];
        self.stream.read_exact(&mut answer.body).ok()?;
        Some(answer)
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json; charset=utf-8"));
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// The document's example order, for another product. The order of a known SSL product gets a host name.
pub fn order(product: &str) -> Value {
    let mut body: Value =
        serde_json::from_str(include_str!("../fixtures/create_request.json")).unwrap();
    body["orderinfoPost"]["productID"] = product.into();
    if product == DV || product.starts_with("B0C0A6F2-") {
        body["orderinfoPost"]["Hosts"] = "www.example.cn".into();
    }
    body
}

pub fn revocation(id: &str) -> Value {
    json!({"orderID": id, "reason": "私钥泄露", "fileType": ".jpg", "fileContent": "AZIDFSLDFDDFKKDF"})
}

/// The names of the fields of a JSON text, in their order.
pub fn names(json: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = json;
    while let Some(start) = rest.find('"') {
        let text = &rest[start + 1..];
        let mut escaped = false;
        let end = text
            .find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })
            .unwrap();
        rest = &text[end + 1..];
        if rest.trim_start().starts_with(':') {
            names.push(&text[..end]);
        }
    }
    names
}
