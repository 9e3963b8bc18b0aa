//! The RequestID in errors.

mod support;

use support::{Act, Server};
use wotrus::{Client, Error, OrderRequest, WaitOptions, product};

const QUERIED: &str = r#"{"isSuccess":true,"data":{"id":"A1","status":"pending"}}"#;

fn ok(body: &str) -> Act {
    Act::Answer(200, "", body.to_owned())
}

fn status(code: u16) -> Act {
    Act::Answer(code, "", String::new())
}

fn order() -> OrderRequest {
    OrderRequest::new(product::PDF_SIGNING, "沃通", 12, "沃通")
}

#[test]
fn errors_of_calls_that_reached_the_service_have_its_request_id() {
    type Call = fn(&Client) -> Option<Error>;
    let create: Call = |client| client.create_order(&order()).err();
    let query: Call = |client| client.query_order("A1").err();
    let retrieve: Call = |client| client.retrieve_certificate("A1").err();
    let chain: Call = |client| {
        let certificates = client.retrieve_certificate("A1").unwrap().into_inner();
        certificates.rsa.unwrap().full_chain().err()
    };
    let cancel: Call = |client| client.cancel_order("A1", "reason").err();
    let wait: Call = |client| client.wait_for_certificate("A1", &WaitOptions::new()).err();
    let no = r#"{"isSuccess":false}"#;
    for (acts, call) in [
        (vec![Act::CloseAfterRead], create),
        (vec![status(500)], create),
        (vec![status(401)], create),
        (vec![status(302)], create),
        (vec![ok(no)], create),
        (vec![ok(r#"{"isSuccess":true}"#)], create),
        (vec![ok(r#"{"isSuccess":true}"#)], query),
        (vec![ok("not json")], query),
        (vec![ok(no), ok(QUERIED)], retrieve),
        (vec![ok(no), ok(no)], retrieve),
        (vec![ok(r#"{"isSuccess":true,"data":{"pem_RSA":"-"}}"#)], chain),
        (vec![ok(r#"{"isSuccess":true,"data":{"cancelResult":false}}"#)], cancel),
        (vec![ok(r#"{"isSuccess":true,"data":{"id":"A1","status":"closed"}}"#)], wait),
        (vec![ok(no)], wait),
    ] {
        let server = Server::start(acts);
        let client = server.builder().retries(0).build().unwrap();
        let error = call(&client).unwrap();
        let sent = server.seen()[0].header("RequestID").unwrap().to_owned();
        assert_eq!(error.request_id(), Some(&*sent), "{error}");
    }
}
