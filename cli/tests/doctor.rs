//! `wotrus doctor`: which step fails, and the advice about it.

mod support;

use std::io::{Read, Write, copy};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

use serde_json::Value;
use support::{Run, Shell};

/// The name of the last step, and its advice.
fn last(json: &Value) -> (&str, &str) {
    let last = json["checks"].as_array().unwrap().last().unwrap();
    (last["name"].as_str().unwrap(), last["advice"].as_str().unwrap_or_default())
}

#[test]
fn every_step_is_listed_with_its_time() {
    let shell = Shell::stuck();
    let (code, json) = shell.json(&["doctor"]);
    assert_eq!(code, 0, "{json}");
    let checks = json["checks"].as_array().unwrap();
    let names: Vec<_> = checks.iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["config", "dns", "tcp", "tls", "token"]);
    assert!(checks.iter().all(|check| check["ok"] == true && check["milliseconds"].is_number()));
    assert!(checks[3]["detail"].as_str().unwrap().contains("TLS 1.3"));
    let Run { out: text, err, .. } = shell.run(&["--lang", "zh", "doctor"]);
    assert!(err.is_empty(), "there is no status line without a terminal: {err:?}");
    assert!(text.contains("token") && text.contains("有效"), "{text}");
}

#[test]
fn the_failing_step_is_the_last_and_has_advice() {
    let shell = Shell::stuck();
    let nowhere = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = format!("https://{nowhere}");
    let no_tls = shell.sandbox.http_url().replace("http:", "https:");
    let long = format!("https://{}.example", "x".repeat(64));
    let other_ca = shell.path("other.pem");
    std::fs::write(&other_ca, shell.sandbox.root_pem()).unwrap();
    let plain = shell.sandbox.http_url().to_owned() + "/no/such/path";
    for (arguments, step, code, advice) in [
        (vec!["--base-url", "http://restapi.example"], "config", 2, "WOTRUS_"),
        (vec!["--config", "missing.toml"], "config", 2, "--config"),
        (vec!["--base-url", &long], "dns", 7, "spelling"),
        (vec!["--base-url", &refused], "tcp", 7, "firewall"),
        (vec!["--base-url", &no_tls], "tls", 7, "port"),
        (vec!["--ca-file", &other_ca], "tls", 7, "ca_file"),
        (vec!["--base-url", &plain], "token", 8, "base_url"),
    ] {
        let (exit, json) = shell.json(&[&arguments[..], &["doctor"]].concat());
        assert_eq!(exit, code, "{json}");
        let (name, says) = last(&json);
        assert!(name == step && says.contains(advice), "{arguments:?}: {name}: {says}");
    }
    let run = Run::of(shell.command().env("WOTRUS_TOKEN", "tk_wrong").args(["doctor"]));
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(run.out.contains("partner.wosign.com") && !run.out.contains("tk_wrong"), "{}", run.out);
    // Only the last step needs a token.
    let run = Run::of(shell.command().env_remove("WOTRUS_TOKEN").args(["--json", "doctor"]));
    let json: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, last(&json).0), (2, "token"), "{json}");
    assert_eq!(json["checks"].as_array().unwrap().len(), 5);
}

/// A proxy that requires a login and connects every request to one address.
fn proxy(to: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).unwrap_or(0) > 0 {
                head.push(byte[0]);
            }
            // name:p@ss
            if !String::from_utf8_lossy(&head).contains("Basic bmFtZTpwQHNz\r\n") {
                let _ = client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
                continue;
            }
            let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            let mut service = TcpStream::connect(to).unwrap();
            let (mut up, mut down) = (client.try_clone().unwrap(), service.try_clone().unwrap());
            thread::spawn(move || {
                let _ = copy(&mut up, &mut down);
                let _ = down.shutdown(Shutdown::Write);
            });
            thread::spawn(move || copy(&mut service, &mut client));
        }
    });
    address
}

#[test]
fn a_proxy_is_a_step() {
    let shell = Shell::stuck();
    let port = shell.sandbox.https_url().rsplit(':').next().unwrap().parse::<u16>().unwrap();
    let proxy = proxy(SocketAddr::from(([127, 0, 0, 1], port)));
    let doctor = |proxy: String| {
        let mut command = shell.command();
        command.env("WOTRUS_PROXY", proxy).env("WOTRUS_BASE_URL", "https://service.example");
        let run = Run::of(command.args(["--json", "doctor"]));
        (run.code, serde_json::from_str::<Value>(&run.out).unwrap())
    };
    let (code, json) = doctor(format!("http://{proxy}"));
    let (step, advice) = last(&json);
    assert!(code == 7 && step == "proxy" && advice.contains("password"), "{json}");
    // The proxy connects to the sandbox, whose certificate is for another name.
    let (code, json) = doctor(format!("http://name:p%40ss@{proxy}"));
    let (step, advice) = last(&json);
    assert!(code == 7 && step == "tls" && advice.contains("service.example"), "{json}");
    assert!(!json.to_string().contains("p@ss"));
    let (code, json) = doctor("http://proxy.invalid:3128".into());
    let (step, advice) = last(&json);
    assert!(code == 7 && step == "dns" && advice.contains("spelling in proxy"), "{json}");
    assert!(!advice.contains("set proxy"), "{json}");
}

/// A TLS server that sends only its own certificate.
fn tls_server(leaf: &rcgen::Certificate, key: &rcgen::KeyPair) -> SocketAddr {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(leaf.der().to_vec())], key)
        .unwrap();
    let config = std::sync::Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let mut connection = rustls::ServerConnection::new(config.clone()).unwrap();
            while connection.is_handshaking() && connection.complete_io(&mut socket).is_ok() {}
        }
    });
    address
}

#[test]
fn a_missing_intermediate_is_named() {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
    let ca = |name: &str| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (params, KeyPair::generate().unwrap())
    };
    let ((root, root_key), (intermediate, intermediate_key)) =
        (ca("Test Root"), ca("Test Issuing CA"));
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let leaf_key = KeyPair::generate().unwrap();
    let leaf =
        leaf.signed_by(&leaf_key, &Issuer::from_params(&intermediate, &intermediate_key)).unwrap();
    let shell = Shell::stuck();
    std::fs::write(shell.path("root.pem"), root.self_signed(&root_key).unwrap().pem()).unwrap();
    let url = format!("https://{}", tls_server(&leaf, &leaf_key));
    let (code, json) = shell.json(&["--base-url", &url, "--ca-file", "root.pem", "doctor"]);
    let (step, advice) = last(&json);
    assert_eq!((code, step), (7, "tls"), "{json}");
    assert!(advice.contains("\"Test Issuing CA\"") && advice.contains("full chain"), "{advice}");
    assert!(!advice.contains("intercept"), "{advice}");
}
