//! A scripted HTTP server: each request takes the next step of the script.

// Each test file uses only a part of this module.
#![allow(dead_code, unreachable_pub)]

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use wotrus::{Client, ClientBuilder};

pub const TOKEN: &str = "tk_0123456789";

/// What the server does with one request.
#[derive(Clone)]
pub enum Act {
    /// Reads the request and answers with this status, these further header lines and this body.
    Answer(u16, &'static str, String),
    /// Reads the request and closes the connection.
    CloseAfterRead,
    /// Reads only the head and closes the connection.
    CloseAfterHead,
    /// Reads the request, sends exactly these bytes, and closes the connection.
    Raw(Vec<u8>),
    /// Reads the request and sends nothing for this time.
    Silence(Duration),
    /// Reads the request and answers with HTTP 200 and this body after this time.
    Late(Duration, String),
}

/// A request as it was received.
#[derive(Clone, Debug)]
pub struct Seen {
    pub connection: usize,
    pub line: String,
    pub head: String,
    pub body: String,
}

impl Seen {
    /// The value of a header. The name is case-sensitive.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines();
        lines.filter_map(|l| l.split_once(": ")).find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

/// The server. It runs until the test process ends.
pub struct Server {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Serves the steps in order. After the last one every request gets HTTP 500.
    pub fn start(script: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script: Arc<Mutex<VecDeque<Act>>> = Arc::new(Mutex::new(script.into_iter().collect()));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = seen.clone();
        thread::spawn(move || {
            for (number, stream) in listener.incoming().flatten().enumerate() {
                let (script, record) = (script.clone(), record.clone());
                thread::spawn(move || serve(number, stream, &script, &record));
            }
        });
        Self { url, seen }
    }

    /// A server that answers HTTP 200 with these bodies.
    pub fn answering<'a>(bodies: impl IntoIterator<Item = &'a str>) -> Self {
        Self::start(bodies.into_iter().map(|body| Act::Answer(200, "", body.to_owned())))
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn builder(&self) -> ClientBuilder {
        Client::builder().token(TOKEN).base_url(&self.url).timeout(Duration::from_secs(20))
    }

    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }
}

fn serve(
    connection: usize,
    stream: TcpStream,
    script: &Mutex<VecDeque<Act>>,
    seen: &Mutex<Vec<Seen>>,
) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let act = script.lock().unwrap().pop_front().unwrap_or(Act::Answer(500, "", String::new()));
        let length = head
            .lines()
            .find_map(|l| {
                l.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned)
            })
            .map_or(0, |length| length.parse::<u64>().unwrap());
        let mut body = Vec::new();
        if !matches!(act, Act::CloseAfterHead) {
            if head.to_ascii_lowercase().contains("expect: 100-continue") {
                let _ = writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
            }
            let _ = (&mut reader).take(length).read_to_end(&mut body);
        }
        let line = head.lines().next().unwrap_or_default().to_owned();
        let body = String::from_utf8_lossy(&body).into_owned();
        seen.lock().unwrap().push(Seen { connection, line, head, body });
        let act = match act {
            Act::Late(time, body) => {
                thread::sleep(time);
                Act::Answer(200, "", body)
            }
            act => act,
        };
        match act {
            Act::CloseAfterRead | Act::CloseAfterHead => return,
            Act::Silence(time) | Act::Late(time, _) => thread::sleep(time),
            Act::Raw(bytes) => {
                let _ = writer.write_all(&bytes);
                return;
            }
            Act::Answer(status, headers, body) => {
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
                );
                if writer.write_all(answer.as_bytes()).is_err() {
                    return;
                }
            }
        }
    }
}
