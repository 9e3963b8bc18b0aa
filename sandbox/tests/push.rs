//! Pushes as the receiver sees them (section 8).

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Client, PATIENCE, PDF, order, revocation};
use wotrus_sandbox::{Config, PushRecord, PushRequest, Sandbox, policy};

/// A receiver that answers with these statuses in turn, and repeats the last.
struct Hook {
    url: String,
    seen: Receiver<(String, Value)>,
}

impl Hook {
    fn answering(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/push?from=wotrus", listener.local_addr().unwrap());
        let (send, seen) = channel();
        std::thread::spawn(move || {
            for (index, stream) in listener.incoming().enumerate() {
                let mut stream = BufReader::new(stream.unwrap());
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    if stream.read_line(&mut head).unwrap_or(0) == 0 {
                        return;
                    }
                }
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                let mut body = vec![0; length.unwrap().parse().unwrap()];
                stream.read_exact(&mut body).unwrap();
                let status = statuses[index.min(statuses.len() - 1)];
                let answer = format!("HTTP/1.1 {status} .\r\nContent-Length: 0\r\n\r\n");
                let _ = stream.get_mut().write_all(answer.as_bytes());
                if send.send((head, serde_json::from_slice(&body).unwrap())).is_err() {
                    return;
                }
            }
        });
        Self { url, seen }
    }

    fn next(&self) -> Value {
        self.seen.recv_timeout(PATIENCE).expect("a push").1
    }

    fn sandbox(&self, policies: policy::RevokedPush) -> Sandbox {
        let mut config = Config { push_url: Some(self.url.clone()), ..Config::immediate() };
        config.policies.revoked_push = policies;
        // The test does not wait this long: it sets the clock forward.
        config.push_delays = [0, 3600, 3600].map(Duration::from_secs).to_vec();
        Sandbox::start(config).unwrap()
    }
}

/// Waits until the newest push is in this state.
fn settled(sandbox: &Sandbox, state: &str) -> PushRecord {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let push = sandbox.management().pushes().remove(0);
        if push.state == state {
            return push;
        }
        assert!(Instant::now() < deadline, "not {state}: {push:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn issue_and_revocation_are_pushed() {
    for (policy, issued_too) in
        [(policy::RevokedPush::Issued, true), (policy::RevokedPush::Alone, false)]
    {
        let hook = Hook::answering(&[200]);
        let sandbox = hook.sandbox(policy);
        let mut client = Client::new(&sandbox);
        let id = client.create(&order(PDF));
        let (head, body) = hook.seen.recv_timeout(PATIENCE).unwrap();
        let lines: Vec<&str> = head.lines().collect();
        assert_eq!(lines[0], "POST /push?from=wotrus HTTP/1.1");
        assert!(lines.contains(&"content-type: application/json"), "{head}");
        let expected =
            json!({"dataAction": "order", "orderID": id, "isIssued": true, "isRevoked": false});
        assert_eq!(body, expected);
        assert_eq!(settled(&sandbox, "delivered").attempts.len(), 1);

        client.post_json("/v1/Certificate/RevokeRequest", &revocation(&id));
        let body = hook.next();
        assert_eq!((&body["isIssued"], &body["isRevoked"]), (&json!(issued_too), &json!(true)));
    }
}

#[test]
fn a_push_is_repeated_until_status_200_and_three_times_at_most() {
    let hook = Hook::answering(&[204, 500, 302]);
    let sandbox = hook.sandbox(policy::RevokedPush::Issued);
    Client::new(&sandbox).create(&order(PDF));
    let first = hook.next();
    for _ in 0..2 {
        assert!(settled(&sandbox, "waiting").due.is_some());
        sandbox.management().forward(Duration::from_secs(3600));
        assert_eq!(hook.next(), first);
    }
    let push = settled(&sandbox, "given_up");
    let statuses: Vec<_> = push.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(204), Some(500), Some(302)]);
    sandbox.management().forward(Duration::from_secs(7 * 24 * 3600));
    assert!(hook.seen.recv_timeout(Duration::from_millis(200)).is_err());
}

#[test]
fn a_refused_connection_is_a_failed_attempt() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = Config {
        push_url: Some(format!("http://127.0.0.1:{port}/")),
        push_delays: vec![Duration::ZERO],
        ..Config::immediate()
    };
    let sandbox = Sandbox::start(config).unwrap();
    Client::new(&sandbox).create(&order(PDF));
    let push = settled(&sandbox, "given_up");
    assert!(push.attempts[0].error.as_ref().unwrap().contains("refused"), "{push:?}");
}

#[test]
fn an_automatic_issue_is_pushed_without_a_request() {
    let hook = Hook::answering(&[200]);
    let config = Config { push_url: Some(hook.url.clone()), ..Config::default() };
    let sandbox = Sandbox::start(config.with_delays(Duration::from_millis(20))).unwrap();
    let id = Client::new(&sandbox).create(&order(PDF));
    assert_eq!(hook.next()["orderID"], json!(id));
}

#[test]
fn other_kinds_and_copies_are_sent_on_request() {
    let hook = Hook::answering(&[200]);
    let sandbox = hook.sandbox(policy::RevokedPush::Issued);
    let id = Client::new(&sandbox).create(&order(PDF));
    let first = hook.next();
    let push = |request: PushRequest| sandbox.management().push(&request);
    let order_id = Some(id.to_lowercase());
    let again = PushRequest { order_id: order_id.clone(), copies: Some(3), ..Default::default() };
    assert_eq!(push(again).unwrap(), [2, 3, 4]);
    for _ in 0..3 {
        assert_eq!(hook.next(), first);
    }
    let data_action = Some("organization".to_owned());
    push(PushRequest { data_action: data_action.clone(), ..Default::default() }).unwrap();
    assert_eq!(hook.next(), json!({"dataAction": "organization"}));
    push(PushRequest { order_id, data_action, ..Default::default() }).unwrap();
    assert_eq!(hook.next()["dataAction"], "organization");
    push(PushRequest { body: Some(json!([1, {"a": null}])), ..Default::default() }).unwrap();
    assert_eq!(hook.next(), json!([1, {"a": null}]));

    let unknown = PushRequest { order_id: Some("X".to_owned()), ..Default::default() };
    assert!(push(unknown).unwrap_err().to_string().contains("no order \"X\""));
    assert!(push(PushRequest::default()).unwrap_err().to_string().contains("order_id"));
    let many = PushRequest { copies: Some(101), ..Default::default() };
    assert!(push(many).unwrap_err().to_string().contains("100"));
    for delays in [vec![], vec![Duration::ZERO; 4]] {
        let push_url = Some(hook.url.clone());
        let config = Config { push_url, push_delays: delays, ..Config::immediate() };
        assert!(Sandbox::start(config).unwrap_err().to_string().contains("1 to 3 times"));
    }
    let silent = Sandbox::start(Config::immediate()).unwrap();
    let error = silent.management().push(&PushRequest::default()).unwrap_err();
    assert!(error.to_string().contains("no push URL"));
}

#[test]
fn the_certificate_of_an_https_receiver_is_not_checked() {
    // Another sandbox is the HTTPS server. It answers the push, which has no token, with 401.
    let receiver = Sandbox::start(Config::immediate()).unwrap();
    let config = Config {
        push_url: Some(format!("{}/push", receiver.https_url())),
        push_delays: vec![Duration::ZERO],
        ..Config::immediate()
    };
    let sandbox = Sandbox::start(config).unwrap();
    Client::new(&sandbox).create(&order(PDF));
    assert_eq!(settled(&sandbox, "given_up").attempts[0].status, Some(401));
    assert_eq!(receiver.management().journal()[0].path, "/push");
}
