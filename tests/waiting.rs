//! Waiting for a certificate, and fetching one too early.

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use support::{Act, Server};
use wotrus::{CallOptions, Cause, Delivery, Event, Kind, WaitOptions};

const NO: &str = r#"{"isSuccess":false,"errorMsg":"证书未签发"}"#;
const FETCHED: &str = r#"{"isSuccess":true,"data":{"pem_RSA":"leaf","chains_RSA":["root"]}}"#;

fn state(status: &str) -> Act {
    ok(&format!(r#"{{"isSuccess":true,"data":{{"id":"A1","status":"{status}"}}}}"#))
}

fn ok(body: &str) -> Act {
    Act::Answer(200, "", body.to_owned())
}

fn quick() -> WaitOptions {
    let pause = Duration::from_millis(2);
    WaitOptions::new().timeout(Duration::from_secs(20)).pauses(pause, pause)
}

#[test]
fn a_wait_ends_with_the_certificate() {
    let server = Server::start([
        state("pending"),
        state("somethingNew"),
        state("pendingCAIssued"),
        ok(NO),
        state("pendingCAIssued"),
        ok(r#"{"isSuccess":true,"data":{"result":false,"pem_RSA":"x"}}"#),
        state("issued"),
        ok(NO),
        state("issued"),
        ok(FETCHED),
    ]);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let record = heard.clone();
    let client = server.client().with(CallOptions::new().observer(move |event| {
        if let Event::Waiting { status, order_id, .. } = event {
            record.lock().unwrap().push(format!("{order_id} {status}"));
        }
    }));
    let certificates = client.wait_for_certificate(" A1 ", &quick()).unwrap();
    assert_eq!(certificates.value().rsa.as_ref().unwrap().pem(), "leaf");
    assert_eq!(
        *heard.lock().unwrap(),
        ["A1 pending", "A1 somethingNew", "A1 pendingCAIssued", "A1 pendingCAIssued", "A1 issued"]
    );
    let ids: Vec<_> =
        server.seen().iter().map(|seen| seen.header("RequestID").unwrap().to_owned()).collect();
    assert!(ids.len() == 10 && ids.iter().all(|id| *id == ids[0]), "one RequestID for the wait");
}

#[test]
fn a_certificate_at_pending_ca_issued_is_enough() {
    let server = Server::start([state("pendingCAIssued"), ok(FETCHED)]);
    assert!(server.client().wait_for_certificate("A1", &quick()).is_ok());
}

#[test]
fn a_final_state_ends_the_wait_at_once() {
    for status in ["rejected", "closed", "revoked"] {
        let server = Server::start([state("pending"), state(status)]);
        let error = server.client().wait_for_certificate("A1", &quick()).unwrap_err();
        assert_eq!((error.kind(), error.cause()), (Kind::Refused, Cause::Ended));
        assert_eq!(error.delivery(), Delivery::Answered);
        assert!(error.message().contains(status) && error.request_id().is_some(), "{error}");
    }
    for (act, kind) in [(ok(NO), Kind::Refused), (Act::Answer(401, "", String::new()), Kind::Auth)]
    {
        let server = Server::start([state("pending"), act]);
        let error = server.client().wait_for_certificate("A1", &quick()).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[test]
fn a_look_that_fails_does_not_end_the_wait() {
    let server = Server::start([
        Act::CloseAfterRead,
        Act::Answer(502, "", String::new()),
        state("issued"),
        Act::CloseAfterRead,
        state("issued"),
        ok(FETCHED),
    ]);
    let client = server.client().with(CallOptions::new().retries(0));
    assert!(client.wait_for_certificate("A1", &quick()).is_ok());
}

#[test]
fn a_wait_that_ends_too_early_is_not_ready() {
    let server = Server::start(std::iter::repeat_n(state("pending"), 100_000));
    let wait = quick().timeout(Duration::from_millis(100));
    let started = Instant::now();
    let error = server.client().wait_for_certificate("A1", &wait).unwrap_err();
    assert!(started.elapsed() >= Duration::from_millis(100));
    assert_eq!((error.kind(), error.cause()), (Kind::NotReady, Cause::Timeout), "{error}");
    assert!(error.message().contains("pending"), "{error}");

    // Never reached: that, not the certificate, is the news.
    let server = Server::start(std::iter::repeat_n(Act::CloseAfterRead, 100_000));
    let client = server.client().with(CallOptions::new().retries(0));
    let error = client.wait_for_certificate("A1", &wait).unwrap_err();
    assert_eq!(error.kind(), Kind::Network, "{error}");
}

#[test]
fn a_fetch_that_comes_too_early_is_told_from_a_refusal() {
    let fetch = |acts: Vec<Act>| Server::start(acts).client().retrieve_certificate("A1").map(drop);
    let error = fetch(vec![ok(NO), state("pendingDCV")]).unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::NotReady, Cause::NotIssued));
    assert!(error.message().contains("pendingDCV"), "{error}");
    assert_eq!(error.service_message(), Some("证书未签发"));
    for acts in [vec![ok(NO), state("rejected")], vec![ok(NO), ok(NO)], vec![ok(NO)]] {
        assert_eq!(fetch(acts).unwrap_err().kind(), Kind::Refused);
    }
    for empty in
        [r#"{"isSuccess":true,"data":null}"#, r#"{"isSuccess":true,"data":{"pem_RSA":""}}"#]
    {
        assert_eq!(fetch(vec![ok(empty)]).unwrap_err().kind(), Kind::NotReady);
    }
}

#[test]
fn the_observer_may_end_a_wait() {
    let server = Server::start([state("pending")]);
    let client = server.client().with(CallOptions::new().observer(|event| {
        if let Event::Waiting { stop, .. } = event {
            stop.set();
        }
    }));
    let error = client.wait_for_certificate("A1", &quick()).unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (Kind::Cancelled, Delivery::Answered));
}
