//! Certificates, keys and files that OpenSSL made.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::{Value, json};

use super::{Run, bare};

/// A folder with the certificates of one chain: root.pem, low.pem, leaf.pem and leaf.key.
pub(crate) struct OpensslFolder(pub(crate) tempfile::TempDir);

const EXTENSIONS: &str = "
[ca]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = CA:FALSE
authorityKeyIdentifier = keyid
subjectAltName = DNS:www.example, DNS:*.example, IP:192.0.2.1, email:a@example, otherName:1.2.3;UTF8:x
[plain]
subjectAltName = DNS:www.example
[odd]
subjectAltName = DER:30:03:82:05:41
keyUsage = DER:04:00
";

impl OpensslFolder {
    pub(crate) fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("extensions", EXTENSIONS);
        folder.authority("root", "root");
        folder.authority("low", "root");
        folder.issue("leaf", "low", "ec -pkeyopt ec_paramgen_curve:P-256", "leaf", 100);
        folder
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.0.path().join(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.path().join(name)).unwrap()
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.0.path().join(name).exists()
    }

    /// Runs openssl; no argument has blanks inside.
    pub(crate) fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output()
            .expect("openssl is installed");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {said}");
    }

    /// A certificate `name`.pem with the key `name`.key; self-signed if it is its own issuer.
    pub(crate) fn issue(&self, name: &str, issuer: &str, key: &str, extensions: &str, days: i32) {
        self.openssl(&format!("genpkey -algorithm {key} -out {name}.key"));
        self.openssl(&format!(
            "req -new -key {name}.key -subj /O=测试/CN={name} -utf8 -out {name}.csr"
        ));
        let by = match name == issuer {
            true => format!("-signkey {name}.key"),
            false => format!("-CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial"),
        };
        self.openssl(&format!(
            "x509 -req -in {name}.csr -days {days} -extfile extensions -extensions {extensions} -out {name}.pem {by}"
        ));
    }

    pub(crate) fn authority(&self, name: &str, issuer: &str) {
        self.issue(name, issuer, "ec -pkeyopt ec_paramgen_curve:P-256", "ca", 1000);
    }

    pub(crate) fn wotrus(&self, arguments: &[&str]) -> Run {
        Run::of(bare().args(arguments).current_dir(&self.0))
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let run = self.wotrus(&[&["--json"], arguments].concat());
        let json = serde_json::from_str(&run.out);
        (run.code, json.unwrap_or_else(|error| panic!("{error}: {} {}", run.out, run.err)))
    }

    /// Fetches a certificate from a service that sends these texts.
    pub(crate) fn fetch(&self, data: Value, arguments: &[&str]) -> Run {
        let url = serve(&json!({"isSuccess": true, "data": data}).to_string());
        let arguments = [&["cert", "fetch", "o1", "--base-url", &url], arguments].concat();
        Run::of(bare().env("WOTRUS_TOKEN", "tk_1").args(arguments).current_dir(&self.0))
    }
}

/// A service that answers one request with this body.
fn serve(body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut part = [0; 4096];
            match connection.read(&mut part).unwrap() {
                0 => break,
                count => request.extend(&part[..count]),
            }
        }
        connection.write_all(answer.as_bytes()).unwrap();
    });
    url
}
