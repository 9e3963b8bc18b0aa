//! Waiting for a certificate, and retrieving one before it is issued.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use support::{Act, Server};
use wotrus::{CallOptions, Cause, Client, Delivery, Event, Kind, WaitOptions};

const REFUSED: &str = r#"{"isSuccess":false,"errorMsg":"证书未签发"}"#;
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
fn wait_returns_the_certificate() {
    let server = Server::start([
        state("pending"),
        state("somethingNew"),
        state("pendingCAIssued"),
        ok(REFUSED),
        state("pendingCAIssued"),
        ok(r#"{"isSuccess":true,"data":{"result":false,"pem_RSA":"x"}}"#),
        state("issued"),
        ok(REFUSED),
        state("issued"),
        ok(FETCHED),
    ]);
    let events = Arc::new(Mutex::new(Vec::new()));
    let record = events.clone();
    let client = server.client().with(CallOptions::new().observer(move |event| {
        if let Event::Waiting { status, order_id, .. } = event {
            record.lock().unwrap().push(format!("{order_id} {status}"));
        }
    }));
    let certificates = client.wait_for_certificate(" A1 ", &quick()).unwrap();
    assert_eq!(certificates.value().rsa.as_ref().unwrap().pem(), "leaf");
    assert_eq!(
        *events.lock().unwrap(),
        ["A1 pending", "A1 somethingNew", "A1 pendingCAIssued", "A1 pendingCAIssued", "A1 issued"]
    );
    let ids: Vec<_> =
        server.seen().iter().map(|seen| seen.header("RequestID").unwrap().to_owned()).collect();
    assert!(
        ids.len() == 10 && ids.iter().all(|id| *id == ids[0]),
        "the whole wait has one RequestID"
    );
}

#[test]
fn wait_retrieves_wherever_the_certificate_may_be_issued() {
    for status in ["pendingCAIssued", "issued", "pendingRevoke"] {
        let server = Server::start([state(status), ok(FETCHED)]);
        assert!(server.client().wait_for_certificate("A1", &quick()).is_ok(), "{status}");
        assert_eq!(server.seen().len(), 2);
    }
}

#[test]
fn final_state_ends_the_wait() {
    for status in ["rejected", "closed", "revoked"] {
        let server = Server::start([state("pending"), state(status)]);
        let error = server.client().wait_for_certificate("A1", &quick()).unwrap_err();
        assert_eq!((error.kind(), error.cause()), (Kind::Refused, Cause::Ended));
        assert_eq!(error.delivery(), Delivery::Answered);
        assert!(error.message().contains(status) && error.request_id().is_some(), "{error}");
    }
    for (act, kind) in
        [(ok(REFUSED), Kind::Refused), (Act::Answer(401, "", String::new()), Kind::Auth)]
    {
        let server = Server::start([state("pending"), act]);
        let error = server.client().wait_for_certificate("A1", &quick()).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[test]
fn failed_query_does_not_end_the_wait() {
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
fn wait_timeout_is_not_ready() {
    let server = Server::start(std::iter::repeat_n(state("pending"), 100_000));
    let wait = quick().timeout(Duration::from_millis(100));
    let started = Instant::now();
    let error = server.client().wait_for_certificate("A1", &wait).unwrap_err();
    assert!(started.elapsed() >= Duration::from_millis(70));
    assert_eq!((error.kind(), error.cause()), (Kind::NotReady, Cause::Timeout), "{error}");
    assert!(error.message().contains("pending"), "{error}");
    assert_eq!((error.http_status(), error.attempts()), (Some(200), 1));

    // The service was never reached, so the error is about the network.
    let server = Server::start(std::iter::repeat_n(Act::CloseAfterRead, 100_000));
    let client = server.client().with(CallOptions::new().retries(0));
    let error = client.wait_for_certificate("A1", &wait).unwrap_err();
    assert_eq!(error.kind(), Kind::Network, "{error}");
}

#[test]
fn last_pause_leaves_time_for_the_last_query() {
    let pending = r#"{"isSuccess":true,"data":{"id":"A1","status":"pending"}}"#;
    let slow = |time| Act::Late(Duration::from_millis(time), pending.to_owned());
    let pause = Duration::from_secs(10);
    let wait = WaitOptions::new().pauses(pause, pause).timeout(Duration::from_secs(2));
    // The second answer comes in time, or only after the end of the wait.
    for later in [100, 5_000] {
        let server = Server::start([slow(100), slow(later)]);
        let error = server.client().wait_for_certificate("A1", &wait).unwrap_err();
        assert_eq!(error.kind(), Kind::NotReady);
        assert!(error.message().ends_with("the order is pending"), "{error}");
        assert_eq!(server.seen().len(), 2);
    }
}

#[test]
fn wait_reports_why_an_issued_certificate_is_not_retrieved() {
    let steps = std::iter::repeat_n([state("issued"), ok(REFUSED)], 1_000).flatten();
    let wait = quick().timeout(Duration::from_millis(300));
    let error = Server::start(steps).client().wait_for_certificate("A1", &wait).unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::NotReady, Cause::Timeout), "{error}");
    assert_eq!(error.service_message(), Some("证书未签发"));
    let end = "the order is issued; the certificate could not be retrieved: the service refused: 证书未签发";
    assert!(error.message().ends_with(end), "{error}");
}

#[test]
fn early_retrieval_differs_from_a_refusal() {
    let retrieve =
        |acts: Vec<Act>| Server::start(acts).client().retrieve_certificate("A1").map(drop);
    let error = retrieve(vec![ok(REFUSED), state("pendingDCV")]).unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::NotReady, Cause::NotIssued));
    assert!(error.message().contains("pendingDCV"), "{error}");
    assert_eq!(error.service_message(), Some("证书未签发"));
    for acts in
        [vec![ok(REFUSED), state("rejected")], vec![ok(REFUSED), ok(REFUSED)], vec![ok(REFUSED)]]
    {
        assert_eq!(retrieve(acts).unwrap_err().kind(), Kind::Refused);
    }
    for empty in
        [r#"{"isSuccess":true,"data":null}"#, r#"{"isSuccess":true,"data":{"pem_RSA":""}}"#]
    {
        assert_eq!(retrieve(vec![ok(empty)]).unwrap_err().kind(), Kind::NotReady);
    }
}

#[test]
fn observer_can_end_a_wait() {
    let server = Server::start([state("pending")]);
    let client = server.client().with(CallOptions::new().observer(|event| {
        if let Event::Waiting { .. } = event {
            event.stop();
        }
    }));
    let error = client.wait_for_certificate("A1", &quick()).unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (Kind::Cancelled, Delivery::Answered));
    assert_eq!((error.http_status(), error.attempts()), (Some(200), 1));
}

/// A client that cancels itself when the first response has arrived.
fn cancelled_after_the_first_response(server: &Server, own: bool) -> Client {
    let target = Arc::new(Mutex::new(None::<Client>));
    let (cancel, answers) = (target.clone(), AtomicUsize::new(0));
    let options = CallOptions::new().observer(move |event| {
        if matches!(event, Event::Answered { .. }) && answers.fetch_add(1, Ordering::Relaxed) == 0 {
            cancel.lock().unwrap().as_ref().unwrap().cancel();
        }
    });
    let client = server.client().with(if own { options.cancel_own() } else { options });
    *target.lock().unwrap() = Some(client.clone());
    client
}

#[test]
fn cancel_between_two_calls_of_an_operation_prevents_the_second() {
    for own in [false, true] {
        let server = Server::start([state("issued"), ok(FETCHED)]);
        let client = cancelled_after_the_first_response(&server, own);
        let error = client.wait_for_certificate("A1", &quick()).unwrap_err();
        assert_eq!(error.kind(), Kind::Cancelled, "{error}");
        assert_eq!(server.seen().len(), 1);

        let server = Server::start([ok(REFUSED), state("pending")]);
        let client = cancelled_after_the_first_response(&server, own);
        let error = client.retrieve_certificate("A1").unwrap_err();
        assert_eq!(error.kind(), Kind::Cancelled, "{error}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[test]
fn all_calls_of_an_operation_share_its_deadline() {
    // The first call uses most of the time; the second would use as much again.
    let slow = |body: &str| Act::Late(Duration::from_millis(600), body.to_owned());
    let timeout = Duration::from_millis(1_000);
    let limit = Duration::from_millis(1_600);

    let server = Server::start([slow(REFUSED), Act::Silence(Duration::from_secs(30))]);
    let client = server.client().with(CallOptions::new().timeout(timeout).retries(0));
    let started = Instant::now();
    let error = client.retrieve_certificate("A1").unwrap_err();
    assert!(started.elapsed() < limit, "{:?}", started.elapsed());
    assert_eq!(error.kind(), Kind::Refused, "{error}");

    let issued = r#"{"isSuccess":true,"data":{"id":"A1","status":"issued"}}"#;
    let server = Server::start([slow(issued), Act::Silence(Duration::from_secs(30))]);
    let started = Instant::now();
    let error = server.client().wait_for_certificate("A1", &quick().timeout(timeout)).unwrap_err();
    assert!(started.elapsed() < limit, "{:?}", started.elapsed());
    assert_eq!((error.kind(), error.cause()), (Kind::NotReady, Cause::Timeout), "{error}");
}
