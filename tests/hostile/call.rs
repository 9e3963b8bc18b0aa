//! Makes the calls of a behaviour through the Rust API and prints the result of the last one. call.c does
//! the same through the C API.

use std::io::BufRead;
use std::thread;
use std::time::{Duration, Instant};

use wotrus::{
    Client, Delivery, Document, DocumentType, Error, OrderRequest, ReissueRequest, RevokeRequest,
    product,
};

/// The result of a call: the order id (or an empty text), the attempts and the HTTP status.
type Outcome = Result<(String, u32, u16), Error>;

/// `call URL CALL,CALL... [option=value ...] <token`
pub(crate) fn main(words: &[String]) {
    let mut token = String::new();
    std::io::stdin().lock().read_line(&mut token).unwrap();
    let mut builder = Client::builder().token(token.trim_end()).base_url(&words[0]);
    for (name, value) in words[2..].iter().map(|word| word.split_once('=').unwrap()) {
        builder = builder.set(name, value).unwrap();
    }
    let client = builder.build().unwrap();
    let idle = status_of("VmRSS:");
    let mut last = None;
    for call in words[1].split(',') {
        if let Some(pause) = call.strip_prefix("pause:") {
            thread::sleep(Duration::from_millis(pause.parse().unwrap()));
            continue;
        }
        let started = Instant::now();
        let outcome = make(&client, call);
        last = Some((outcome, started.elapsed()));
    }
    let (outcome, elapsed) = last.unwrap();
    drop(client);
    let line = match outcome {
        Ok((order_id, attempts, http_status)) => serde_json::json!({
            "status": 0, "kind": "ok", "cause": "none", "delivery": Delivery::Answered.as_str(),
            "attempts": attempts, "http_status": http_status, "order_id": order_id, "message": "",
            "milliseconds": elapsed.as_millis() as u64, "grown_kb": status_of("VmHWM:") - idle,
        }),
        Err(error) => serde_json::json!({
            "status": error.kind().status(), "kind": error.kind().as_str(),
            "cause": error.cause().as_str(), "delivery": error.delivery().as_str(),
            "attempts": error.attempts(), "http_status": error.http_status().unwrap_or(0),
            "order_id": "", "message": error.message(),
            "milliseconds": elapsed.as_millis() as u64, "grown_kb": status_of("VmHWM:") - idle,
        }),
    };
    println!("{line}");
}

fn make(client: &Client, call: &str) -> Outcome {
    let reply = |reply: &wotrus::Reply| (reply.attempts(), reply.http_status());
    let plain = |answer: wotrus::Reply| (String::new(), answer.attempts(), answer.http_status());
    if let Some(path) = call.strip_prefix("upload:") {
        return create(client, None, Some(path));
    }
    match call {
        "query" => client.query_order("A1").map(|order| {
            let (attempts, status) = reply(order.reply());
            (order.into_inner().id, attempts, status)
        }),
        "create" => create(client, None, None),
        "create_id" => create(client, Some("db-42"), None),
        "retrieve" => client.retrieve_certificate("A1").map(|answer| plain(answer.reply().clone())),
        "cancel" => client.cancel_order("A1", "hostile").map(plain),
        "revoke" => {
            let proof = Document::from_bytes(*b"proof", ".jpg")?;
            let request = RevokeRequest::new("A1", "hostile", proof);
            client.revoke_certificate(&request).map(|answer| plain(answer.reply().clone()))
        }
        "reissue" => {
            let csr = include_str!("../fixtures/example.csr");
            let request = ReissueRequest::new("A1", csr, "hostile");
            client.reissue_certificate(&request).map(|answer| plain(answer.reply().clone()))
        }
        "email" => client.notify_by_email("A1", "https://wotrus.test/a").map(plain),
        other => panic!("no such call: {other}"),
    }
}

fn create(client: &Client, id: Option<&str>, path: Option<&str>) -> Outcome {
    let mut order = OrderRequest::new(product::PDF_SIGNING, "hostile", 12, "hostile");
    order.info.idempotence_id = id.map(str::to_owned);
    if let Some(path) = path {
        let document = Document::from_path_as(path, ".pdf")?;
        order.add_document(DocumentType::BusinessLicence, document);
    }
    let created = client.create_order(&order)?;
    let reply = created.reply();
    Ok((created.value().id().to_owned(), reply.attempts(), reply.http_status()))
}

/// A value of /proc/self/status, in the unit it has there.
fn status_of(name: &str) -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let value = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    value.trim().trim_end_matches(" kB").parse().unwrap()
}
