//! No secret is in a log record of any level, an event, an error or a Debug text. This is the only
//! test of its process, because a process has one logger.

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use log::{LevelFilter, Log, Metadata, Record};
use support::{Act, Server, TOKEN};
use wotrus::{Client, Document, DocumentType, OrderRequest, RevokeRequest, WaitOptions, product};

/// Stores every log record.
struct Recorder(Mutex<String>);

impl Log for Recorder {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {} {}\n", record.level(), record.target(), record.args());
        self.0.lock().unwrap().push_str(&line);
    }

    fn flush(&self) {}
}

static LOG: Recorder = Recorder(Mutex::new(String::new()));

const UKEY: &str = "ukey-password-7";
const IDENTITY: &str = "440301199001011234";
const MOBILE: &str = "18610077459";
const LINK: &str = "https://buy.wosign.com/pending-link-7";
const PROXY: &str = "proxy-password-7";
const DOCUMENT: &str = "document-contents-7";

#[test]
fn secrets_are_never_shown() {
    log::set_logger(&LOG).unwrap();
    log::set_max_level(LevelFilter::Trace);
    let mut shown = String::new();
    let events: Arc<Mutex<String>> = Arc::default();

    let queried = format!(
        r#"{{"isSuccess":true,"data":{{"id":"A1","status":"pending","pendingLink":"{LINK}"}}}}"#
    );
    let echo = format!("<p>{TOKEN} {UKEY} {IDENTITY} {MOBILE}</p>");
    let refused =
        format!(r#"{{"isSuccess":false,"errorMsg":"{TOKEN} {UKEY} {IDENTITY} {MOBILE}"}}"#);
    let created = r#"{"isSuccess":true,"data":{"orderID":"A1"}}"#;
    let answer = |status, body: &str| Act::Answer(status, "", body.to_owned());
    let server = Server::start([
        answer(200, created),
        answer(200, &queried),
        answer(200, &refused),
        answer(500, &echo),
        answer(401, &echo),
        answer(200, &echo),
        Act::CloseAfterRead,
        // Only the token: a secret is redacted in the calls that send it.
        answer(200, &format!(r#"{{"isSuccess":false,"errorMsg":"{TOKEN}"}}"#)),
        answer(200, created),
        answer(
            200,
            &format!(r#"{{"isSuccess":true,"data":{{"id":"{TOKEN}","status":"{TOKEN}"}}}}"#),
        ),
    ]);
    let record = events.clone();
    let client = server
        .builder()
        .retries(0)
        .proxy(format!("http://user:{PROXY}@127.0.0.1:1"))
        .observer(move |event| {
            record.lock().unwrap().push_str(&format!("{event:?} {}\n", event.to_json()));
        })
        .build()
        .unwrap();
    let document = Document::from_bytes(DOCUMENT, ".pdf").unwrap();
    let mut order = OrderRequest::new(product::PDF_SIGNING, "secrets", 12, "secrets");
    order.info.ukey_password = Some(UKEY.into());
    order.set("IDCardNO", IDENTITY).unwrap();
    order.set("UserMobile", MOBILE).unwrap();
    order.set("orderinfoPost.Further", "further-field-7").unwrap();
    order.add_document(DocumentType::IdentityCard, document.clone());

    shown += &format!("{client:?} {order:?} {document:?}");
    let created = client.create_order(&order).unwrap();
    shown += &format!("{created:?}");
    let query = client.query_order("A1").unwrap();
    assert!(query.reply().json().contains(LINK), "the caller can read the link");
    shown += &format!("{query:?} {:?}", query.reply());
    for _ in 0..5 {
        let error = client.create_order(&order).unwrap_err();
        shown += &format!("{error} {error:?} {} {:?}", error.to_json(), error.service_message());
    }
    let revocation = RevokeRequest::new("A1", "secrets", document);
    let error = client.revoke_certificate(&revocation).unwrap_err();
    shown += &format!("{revocation:?} {error:?}");
    // A path of the caller's, an id and a status that are the token.
    client.get(&format!("/v1/x?token={TOKEN}")).unwrap();
    let wait = WaitOptions::new().timeout(Duration::from_millis(100));
    let wait = wait.pauses(Duration::from_millis(60), Duration::from_millis(60));
    shown += &format!("{:?}", client.wait_for_certificate(TOKEN, &wait).unwrap_err());
    assert!(server.seen().len() >= 10, "every step of the script was used");

    // An unreachable proxy, and a server that does not speak TLS.
    let proxied = Client::builder()
        .token(TOKEN)
        .base_url("https://wotrus.test")
        .proxy(format!("http://user:{PROXY}@127.0.0.1:1"))
        .retries(0);
    shown += &format!("{proxied:?}");
    let error = proxied.build().unwrap().create_order(&order).unwrap_err();
    shown += &format!("{error:?}");
    let tls = server.url.replace("http:", "https:");
    let error = Client::builder()
        .token(TOKEN)
        .base_url(tls)
        .retries(0)
        .build()
        .unwrap()
        .create_order(&order);
    shown += &format!("{:?}", error.unwrap_err());

    let logged = LOG.0.lock().unwrap().clone();
    let events = events.lock().unwrap().clone();
    assert!(logged.contains("ureq"), "no log record was stored");
    assert!(events.contains("answered"), "there were no events");
    assert!(shown.contains("***"), "nothing was redacted");
    let encoded = "ZG9jdW1lbnQtY29udGVudHMtN";
    for secret in [TOKEN, UKEY, IDENTITY, MOBILE, LINK, PROXY, DOCUMENT, encoded, "further-field-7"]
    {
        for (place, text) in [("log", &logged), ("events", &events), ("errors and Debug", &shown)] {
            assert!(!text.contains(secret), "{secret} is in the {place}:\n{text}");
        }
    }
}
