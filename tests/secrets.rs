//! What must not be seen is in no log at any level, no event, no error, no Debug.
//! One test in a process of its own: there is one logger a process.

mod support;

use std::sync::{Arc, Mutex};

use log::{LevelFilter, Log, Metadata, Record};
use support::{Act, Server, TOKEN};
use wotrus::{Client, Document, DocumentType, OrderRequest, RevokeRequest, product};

/// Keeps every record.
struct Keeper(Mutex<String>);

impl Log for Keeper {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {} {}\n", record.level(), record.target(), record.args());
        self.0.lock().unwrap().push_str(&line);
    }

    fn flush(&self) {}
}

static KEPT: Keeper = Keeper(Mutex::new(String::new()));

const UKEY: &str = "ukey-password-7";
const IDENTITY: &str = "440301199001011234";
const MOBILE: &str = "18610077459";
const LINK: &str = "https://buy.wosign.com/pending-link-7";
const PROXY: &str = "proxy-password-7";
const DOCUMENT: &str = "document-contents-7";

#[test]
fn secrets_are_seen_nowhere() {
    log::set_logger(&KEPT).unwrap();
    log::set_max_level(LevelFilter::Trace);
    let mut shown = String::new();
    let heard: Arc<Mutex<String>> = Arc::default();

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
        // It can only be known for a secret where it was sent.
        answer(200, &format!(r#"{{"isSuccess":false,"errorMsg":"{TOKEN}"}}"#)),
    ]);
    let record = heard.clone();
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
    let made = client.create_order(&order).unwrap();
    shown += &format!("{made:?}");
    let query = client.query_order("A1").unwrap();
    assert!(query.reply().json().contains(LINK), "the caller has it");
    shown += &format!("{query:?} {:?}", query.reply());
    for _ in 0..5 {
        let error = client.create_order(&order).unwrap_err();
        shown += &format!("{error} {error:?} {} {:?}", error.to_json(), error.service_message());
    }
    let revocation = RevokeRequest::new("A1", "secrets", document);
    let error = client.revoke_certificate(&revocation).unwrap_err();
    shown += &format!("{revocation:?} {error:?}");
    assert_eq!(server.seen().len(), 8, "every act was played");

    // A proxy that is not there, and TLS that is none.
    let beyond = Client::builder()
        .token(TOKEN)
        .base_url("https://wotrus.test")
        .proxy(format!("http://user:{PROXY}@127.0.0.1:1"))
        .retries(0);
    shown += &format!("{beyond:?}");
    let error = beyond.build().unwrap().create_order(&order).unwrap_err();
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

    let logged = KEPT.0.lock().unwrap().clone();
    let heard = heard.lock().unwrap().clone();
    assert!(logged.contains("ureq"), "nothing was logged: the test sees nothing");
    assert!(heard.contains("answered"), "nothing was heard");
    assert!(shown.contains("***"), "nothing was echoed");
    let encoded = "ZG9jdW1lbnQtY29udGVudHMtN";
    for secret in [TOKEN, UKEY, IDENTITY, MOBILE, LINK, PROXY, DOCUMENT, encoded, "further-field-7"]
    {
        for (place, text) in [("log", &logged), ("events", &heard), ("errors and Debug", &shown)] {
            assert!(!text.contains(secret), "{secret} is in the {place}:\n{text}");
        }
    }
}
