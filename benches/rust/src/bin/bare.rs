//! Rust without an HTTP library: sockets, rustls and JSON as types, for this one server and without error
//! recovery. A lower bound for a program that does the same work.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde::de::DeserializeOwned;
use wotrus_bench::json::{Answer, Certificates, Created, Order, Request, csr};
use wotrus_bench::{ORDER_ID, Outcome, Peer, TOKEN, run, setting};

const CHUNK: usize = 24 * 1024;

struct Client {
    stream: Box<dyn Stream>,
    host: String,
    csr: String,
    buffer: Vec<u8>,
}

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

impl Client {
    fn new() -> Outcome<Self> {
        let url = setting("BENCH_URL");
        let (scheme, host) = url.split_once("://").ok_or("no address")?;
        let socket = TcpStream::connect(host)?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(Duration::from_secs(30)))?;
        socket.set_write_timeout(Some(Duration::from_secs(30)))?;
        let stream: Box<dyn Stream> = match scheme {
            "https" => Box::new(StreamOwned::new(tls(host)?, socket)),
            _ => Box::new(socket),
        };
        Ok(Self { stream, host: host.to_owned(), csr: csr()?, buffer: vec![0; 64 * 1024] })
    }

    fn get<T: DeserializeOwned>(&mut self, path: &str) -> Outcome<T> {
        let host = &self.host;
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nWoTrusToken: {TOKEN}\r\n\r\n");
        self.stream.write_all(head.as_bytes())?;
        self.answer()
    }

    /// Reads the head and a body of Content-Length bytes, and parses the JSON.
    fn answer<T: DeserializeOwned>(&mut self) -> Outcome<T> {
        let (mut filled, mut whole) = (0, None);
        while whole.is_none_or(|(_, end)| filled < end) {
            let count = self.stream.read(&mut self.buffer[filled..])?;
            if count == 0 {
                return Err("no answer, or a longer one than expected".into());
            }
            filled += count;
            if whole.is_none() {
                whole = body(&self.buffer[..filled])?;
            }
        }
        let (start, end) = whole.ok_or("no head")?;
        serde_json::from_slice::<Answer<T>>(&self.buffer[start..end])?.data()
    }
}

/// Where the body of a response starts and ends; none while its head is incomplete.
fn body(answer: &[u8]) -> Outcome<Option<(usize, usize)>> {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&answer[..end])?;
    if !head.starts_with("HTTP/1.1 200") {
        return Err("refused".into());
    }
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
    Ok(Some((end + 4, end + 4 + length.ok_or("no length")?.parse::<usize>()?)))
}

fn tls(host: &str) -> Outcome<ClientConnection> {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(setting("BENCH_CA"))? {
        roots.add(root?)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = host.split(':').next().unwrap_or_default().to_owned();
    Ok(ClientConnection::new(Arc::new(config), ServerName::try_from(name)?)?)
}

impl Peer for Client {
    /// A connection is for one thread.
    fn another(&self) -> Outcome<Self> {
        Self::new()
    }

    fn query(&mut self, show: bool) -> Outcome {
        let order: Order = self.get(&format!("/v1/Order/{ORDER_ID}"))?;
        for field in order.fields() {
            if show {
                println!("{field}");
            }
        }
        Ok(())
    }

    /// Head and body in one write; a document is read and encoded in pieces.
    fn create(&mut self, show: bool, document: Option<&str>) -> Outcome {
        let content = document.map(|_| String::from("@"));
        let body = serde_json::to_string(&Request::new(&self.csr, content))?;
        let (opened, closed) = match document {
            Some(_) => body.split_once("\"@\"").map(|(a, b)| (format!("{a}\""), format!("\"{b}"))),
            None => Some((body.clone(), String::new())),
        }
        .ok_or("no place for the document")?;
        let file = document.map(File::open).transpose()?;
        let size = file.as_ref().map(File::metadata).transpose()?.map_or(0, |data| data.len());
        let length = opened.len() as u64 + size.div_ceil(3) * 4 + closed.len() as u64;
        let host = &self.host;
        let head = format!(
            "POST /v1/Order/Create HTTP/1.1\r\nHost: {host}\r\nWoTrusToken: {TOKEN}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{opened}"
        );
        self.stream.write_all(head.as_bytes())?;
        if let Some(mut file) = file {
            let (mut raw, mut text) = (vec![0; CHUNK], vec![0; CHUNK / 3 * 4]);
            loop {
                let count = fill(&mut file, &mut raw)?;
                if count == 0 {
                    break;
                }
                let encoded = STANDARD.encode_slice(&raw[..count], &mut text)?;
                self.stream.write_all(&text[..encoded])?;
            }
            self.stream.write_all(closed.as_bytes())?;
        }
        self.stream.flush()?;
        let created: Created = self.answer()?;
        if show {
            println!("{}", created.order_id);
        }
        Ok(())
    }

    fn fetch(&mut self, show: bool) -> Outcome {
        let path = format!("/v1/Certificate/RetrievePem?orderID={ORDER_ID}");
        let certificates: Certificates = self.get(&path)?;
        for text in certificates.texts() {
            if show {
                print!("{text}");
            }
        }
        Ok(())
    }
}

/// Reads until the buffer is full or the file ends, so that base64 pads only the end.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

fn main() -> Outcome {
    run(Client::new()?)
}
