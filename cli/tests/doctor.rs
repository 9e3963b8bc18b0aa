//! `wotrus doctor`: which step breaks, and what it says then.

mod support;

use std::io::{Read, Write, copy};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

use serde_json::Value;
use support::{Run, Shell};

/// The name of the last step, and what to do.
fn last(json: &Value) -> (&str, &str) {
    let last = json["checks"].as_array().unwrap().last().unwrap();
    (last["name"].as_str().unwrap(), last["advice"].as_str().unwrap_or_default())
}

#[test]
fn every_step_is_told_with_its_time() {
    let shell = Shell::stuck();
    let (code, json) = shell.json(&["doctor"]);
    assert_eq!(code, 0, "{json}");
    let checks = json["checks"].as_array().unwrap();
    let names: Vec<_> = checks.iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["config", "dns", "tcp", "tls", "token"]);
    assert!(checks.iter().all(|check| check["ok"] == true && check["milliseconds"].is_number()));
    assert!(checks[3]["detail"].as_str().unwrap().contains("TLS 1.3"));
    let Run { out: text, err, .. } = shell.run(&["--lang", "zh", "doctor"]);
    assert!(err.is_empty(), "nothing moves where there is no terminal: {err:?}");
    assert!(text.contains("令牌") && text.contains("已接受"), "{text}");
}

#[test]
fn the_step_that_breaks_is_the_last_and_says_what_to_do() {
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
    // The way can be looked at without a token.
    let run = Run::of(shell.command().env_remove("WOTRUS_TOKEN").args(["--json", "doctor"]));
    let json: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, last(&json).0), (2, "token"), "{json}");
    assert_eq!(json["checks"].as_array().unwrap().len(), 5);
}

/// A proxy that wants a login and connects everything to one address.
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
fn a_proxy_is_a_step_of_its_own() {
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
    // Through the proxy it is the sandbox, whose certificate is for another name.
    let (code, json) = doctor(format!("http://name:p%40ss@{proxy}"));
    let (step, advice) = last(&json);
    assert!(code == 7 && step == "tls" && advice.contains("service.example"), "{json}");
    assert!(!json.to_string().contains("p@ss"));
    let (code, json) = doctor("http://proxy.invalid:3128".into());
    let (step, advice) = last(&json);
    assert!(code == 7 && step == "dns" && advice.contains("spelling in proxy"), "{json}");
    assert!(!advice.contains("set proxy"), "{json}");
}
