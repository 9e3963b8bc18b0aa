//! Handles that are cancelled by themselves.

mod support;

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use support::{Act, Server};
use wotrus::{
    CallOptions, Cause, Client, Delivery, Error, Kind, OrderRequest, WaitOptions, product,
};

/// The documented limit, with a margin for a loaded machine.
const AT_ONCE: Duration = Duration::from_secs(2);
const QUERIED: &str = r#"{"isSuccess":true,"data":{"id":"A1","status":"pending"}}"#;
const SILENCE: Act = Act::Silence(Duration::from_secs(30));

fn queried() -> Act {
    Act::Answer(200, "", QUERIED.to_owned())
}

fn order() -> OrderRequest {
    OrderRequest::new(product::PDF_SIGNING, "cancelled", 12, "cancelled")
}

type Call = fn(&Client) -> Result<(), Error>;

fn create(client: &Client) -> Result<(), Error> {
    client.create_order(&order()).map(drop)
}

fn query(client: &Client) -> Result<(), Error> {
    client.query_order("A1").map(drop)
}

fn wait(client: &Client) -> Result<(), Error> {
    let pause = Duration::from_secs(60);
    client.wait_for_certificate("A1", &WaitOptions::new().pauses(pause, pause)).map(drop)
}

/// Makes a call on another thread; its error comes by the channel.
fn start(client: &Client, call: Call) -> mpsc::Receiver<Result<(), Error>> {
    let client = client.clone();
    let (done, result) = mpsc::channel();
    thread::spawn(move || done.send(call(&client)));
    result
}

fn until_seen(server: &Server, requests: usize) {
    while server.seen().len() < requests {
        thread::sleep(Duration::from_millis(2));
    }
    // Time to begin waiting for the answer, or the pause.
    thread::sleep(Duration::from_millis(50));
}

fn own(client: &Client) -> Client {
    client.with(CallOptions::new().cancel_own())
}

#[test]
fn the_calls_of_the_handle_end_and_no_others() {
    let busy = Act::Answer(429, "Retry-After: 15\r\n", String::new());
    let cases: [(Act, Call, Kind, Delivery); 3] = [
        (SILENCE, create, Kind::UnknownOutcome, Delivery::Unknown),
        (busy, create, Kind::Cancelled, Delivery::NotSent),
        (queried(), wait, Kind::Cancelled, Delivery::Answered),
    ];
    for (act, call, kind, delivery) in cases {
        let later = Act::Answer(429, "Retry-After: 1\r\n", String::new());
        let server = Server::start([act, later, queried(), queried()]);
        let client = server.client();
        let (own, sibling) = (own(&client), own(&client));
        let result = start(&own, call);
        until_seen(&server, 1);
        let other = start(&sibling, query);
        until_seen(&server, 2);
        let at = Instant::now();
        // A copy of the handle cancels it too.
        own.with(CallOptions::new().request_id("copy")).cancel();
        let error = result.recv_timeout(Duration::from_secs(20)).unwrap().unwrap_err();
        assert!(at.elapsed() < AT_ONCE, "{:?}", at.elapsed());
        assert_eq!((error.kind(), error.cause()), (kind, Cause::Cancelled), "{error}");
        assert_eq!(error.delivery(), delivery, "{error}");
        // The sibling's call goes on after its pause, and the client's calls work.
        other.recv_timeout(Duration::from_secs(20)).unwrap().unwrap();
        query(&client).unwrap();
        // Later calls of the handle end at once, and send nothing.
        let seen = server.seen().len();
        for call in [create, query, wait] as [Call; 3] {
            let error = call(&own).unwrap_err();
            assert_eq!((error.kind(), error.delivery()), (Kind::Cancelled, Delivery::NotSent));
        }
        assert_eq!(server.seen().len(), seen);
    }
}

#[test]
fn cancelling_the_parent_ends_its_calls_too() {
    let server = Server::start([SILENCE, SILENCE, SILENCE, queried(), queried()]);
    let client = server.client();
    let parent = own(&client);
    let child = own(&parent);
    let result = start(&child, query);
    until_seen(&server, 1);
    parent.cancel();
    let error = result.recv_timeout(Duration::from_secs(20)).unwrap().unwrap_err();
    assert_eq!(error.kind(), Kind::Cancelled);
    assert_eq!(query(&child).unwrap_err().kind(), Kind::Cancelled);

    // The client ends the calls that run now; later ones of the handle work.
    let handle = own(&client);
    let result = start(&handle, query);
    until_seen(&server, 2);
    client.cancel();
    let error = result.recv_timeout(Duration::from_secs(20)).unwrap().unwrap_err();
    assert_eq!(error.kind(), Kind::Cancelled);
    let result = start(&handle, query);
    until_seen(&server, 3);
    handle.cancel();
    assert!(result.recv_timeout(Duration::from_secs(20)).unwrap().is_err());
    query(&client).unwrap();
}

#[test]
fn a_client_built_with_the_option_is_cancelled_for_good() {
    let server = Server::start([queried(), queried()]);
    let client = server.builder().set("cancel", "own").unwrap().build().unwrap();
    query(&client).unwrap();
    client.cancel();
    assert_eq!(query(&client).unwrap_err().kind(), Kind::Cancelled);
}
