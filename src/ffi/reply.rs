//! `wotrus_reply`: what came of a call, and its parts as C reads them.

use std::borrow::Cow;
use std::ffi::{c_char, c_int};
use std::sync::{LazyLock, Mutex, PoisonError};

use super::guard::{FfiScope, Object};
use super::text::{Charset, with_nul};
use super::wotrus_reply;
use crate::answer::{Answer, CreatedOrder, Reissued, Revocation};
use crate::certificate::{CertificateBundle, Certificates};
use crate::error::{Delivery, Error, Kind, Result};
use crate::json::fields::Fields;
use crate::json::{Json, Value};
use crate::push::{OrderPush, Push};

pub(super) struct Reply {
    brought: Result<Brought>,
    charset: Charset,
    /// Text that was handed out, by what was asked for and in its order. It is made when it is asked
    /// for, once, and lives as long as the reply.
    texts: Mutex<Vec<(Key, Box<[u8]>)>>,
}

/// What was asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// A value, by where it stands.
    Value(usize),
    /// A field of a push.
    Field(usize),
    /// Of which certificate.
    Pem(usize),
    FullChain(usize),
    Root(usize),
    /// And which text of its chain.
    Chain(usize, usize),
    Kind,
    Cause,
    Delivery,
    Message,
    RequestId,
    IdempotenceId,
    OrderId,
    Json,
    Body,
}

/// What a call that succeeded brought.
pub(super) struct Brought {
    source: Source,
    certificates: Certificates,
    order_id: Option<String>,
    idempotence_id: Option<String>,
}

enum Source {
    Answer(crate::Reply),
    Push(Push),
}

pub(super) fn of(brought: Result<Brought>, charset: Charset) -> wotrus_reply {
    // Room for what nearly everybody asks for.
    wotrus_reply(Reply { brought, charset, texts: Mutex::new(Vec::with_capacity(12)) })
}

/// The reply behind a pointer; NULL is read like a reply that says so.
pub(super) fn read(scope: &FfiScope, reply: *const wotrus_reply) -> &Reply {
    static NULL: LazyLock<wotrus_reply> =
        LazyLock::new(|| wotrus_reply::broken(Error::argument("reply", "is NULL")));
    &scope.object("reply", reply).unwrap_or_else(|_| &NULL).0
}

impl Object for wotrus_reply {
    fn broken(mistake: Error) -> Self {
        of(Err(mistake), Charset::default())
    }
}

// C's numbers are the kinds' own.
const _: () = {
    assert!(super::WOTRUS_ARGUMENT == Kind::Argument.status());
    assert!(super::WOTRUS_CONFIG == Kind::Config.status());
    assert!(super::WOTRUS_AUTH == Kind::Auth.status());
    assert!(super::WOTRUS_REFUSED == Kind::Refused.status());
    assert!(super::WOTRUS_NOT_READY == Kind::NotReady.status());
    assert!(super::WOTRUS_UNKNOWN_OUTCOME == Kind::UnknownOutcome.status());
    assert!(super::WOTRUS_NETWORK == Kind::Network.status());
    assert!(super::WOTRUS_PROTOCOL == Kind::Protocol.status());
    assert!(super::WOTRUS_FILE == Kind::File.status());
    assert!(super::WOTRUS_CANCELLED == Kind::Cancelled.status());
    assert!(super::WOTRUS_INTERNAL == Kind::Internal.status());
};

impl Reply {
    pub(super) fn status(&self) -> c_int {
        self.error().map_or(super::WOTRUS_OK, |error| error.kind().status())
    }

    pub(super) fn kind(&self) -> Option<&[u8]> {
        self.word(Key::Kind, self.error().map_or("ok", |error| error.kind().as_str()))
    }

    pub(super) fn cause(&self) -> Option<&[u8]> {
        self.word(Key::Cause, self.error().map_or("none", |error| error.cause().as_str()))
    }

    pub(super) fn delivery(&self) -> Option<&[u8]> {
        let delivery = match &self.brought {
            Err(error) => error.delivery(),
            Ok(Brought { source: Source::Answer(_), .. }) => Delivery::Answered,
            Ok(Brought { source: Source::Push(_), .. }) => Delivery::NotSent,
        };
        self.word(Key::Delivery, delivery.as_str())
    }

    pub(super) fn message(&self) -> Option<&[u8]> {
        self.text(Key::Message, || {
            Some(match &self.brought {
                Err(error) => error.message().into(),
                Ok(_) => {
                    self.answer().and_then(crate::Reply::service_message).unwrap_or_default().into()
                }
            })
        })
    }

    pub(super) fn http_status(&self) -> c_int {
        let status = self
            .error()
            .map_or_else(|| self.answer().map(crate::Reply::http_status), Error::http_status);
        status.map_or(0, c_int::from)
    }

    pub(super) fn request_id(&self) -> Option<&[u8]> {
        let id = || match self.error() {
            Some(error) => error.request_id(),
            None => self.answer().map(crate::Reply::request_id),
        };
        self.text(Key::RequestId, || id().map(Cow::Borrowed))
    }

    pub(super) fn idempotence_id(&self) -> Option<&[u8]> {
        self.text(Key::IdempotenceId, || match &self.brought {
            Err(error) => error.idempotence_id().map(Cow::Borrowed),
            Ok(brought) => brought.idempotence_id.as_deref().map(Cow::Borrowed),
        })
    }

    pub(super) fn attempts(&self) -> u32 {
        match self.error() {
            Some(error) => error.attempts(),
            None => self.answer().map_or(0, crate::Reply::attempts),
        }
    }

    pub(super) fn retry_after_ms(&self) -> c_int {
        let time = self.error().and_then(Error::retry_after);
        time.map_or(-1, |time| c_int::try_from(time.as_millis()).unwrap_or(c_int::MAX))
    }

    pub(super) fn order_id(&self) -> Option<&[u8]> {
        let brought = self.brought.as_ref().ok();
        self.text(Key::OrderId, || brought?.order_id.as_deref().map(Cow::Borrowed))
    }

    pub(super) fn get(&self, scope: &FfiScope, path: *const c_char) -> Option<&[u8]> {
        let path = self.charset.decode("path", scope.text("path", path).ok()?).ok()?;
        match &self.brought {
            Err(error) => {
                let json = Json::object(error.to_json()).ok()?;
                self.value(json.text(), of_error(&json, &path)?)
            }
            Ok(Brought { source: Source::Answer(answer), .. }) => {
                self.value(answer.json(), answer.find(&path)?)
            }
            Ok(Brought { source: Source::Push(push), .. }) => {
                // Fields the document names are as it names them, however they came.
                let known = push.order().zip(OrderPush::index_of(&path));
                let Some((order, index)) = known else {
                    return self.value(push.json(), push.json.at_path(&path)?);
                };
                self.text(Key::Field(index), || order.field(index).text())
            }
        }
    }

    fn value(&self, json: &str, value: Value<'_>) -> Option<&[u8]> {
        self.kept(Key::Value(value.offset_in(json)), || self.shown(value))
    }

    /// A value as C reads it: texts unescaped, objects and arrays as JSON, null as nothing.
    fn shown(&self, value: Value<'_>) -> Option<Box<[u8]>> {
        match value.scalar() {
            Some(text) => Some(self.charset.encode(&text)),
            None if value.is_null() => None,
            None => Some(self.charset.encode_json(value.raw())),
        }
    }

    pub(super) fn json(&self) -> Option<&[u8]> {
        self.kept(Key::Json, || {
            Some(match &self.brought {
                Err(error) => self.charset.encode_json(&error.to_json()),
                Ok(brought) => self.charset.encode_json(brought.json()),
            })
        })
    }

    pub(super) fn body(&self) -> Option<&[u8]> {
        let brought = self.brought.as_ref().ok()?;
        match self.charset {
            // The same bytes, not held twice.
            Charset::Utf8 => self.json(),
            _ => self.kept(Key::Body, || Some(with_nul(brought.json().as_bytes()))),
        }
    }

    pub(super) fn pem(&self, scope: &FfiScope, which: *const c_char) -> Option<&[u8]> {
        let (which, bundle) = self.bundle(scope, which)?;
        self.text(Key::Pem(which), || Some(bundle.leaf_text().unwrap_or(bundle.pem().into())))
    }

    pub(super) fn full_chain(&self, scope: &FfiScope, which: *const c_char) -> Option<&[u8]> {
        let (which, bundle) = self.bundle(scope, which)?;
        self.text(Key::FullChain(which), || bundle.full_chain().ok().map(Cow::Owned))
    }

    pub(super) fn chain(
        &self,
        scope: &FfiScope,
        which: *const c_char,
        index: usize,
    ) -> Option<&[u8]> {
        let (which, bundle) = self.bundle(scope, which)?;
        let text = bundle.chain().get(index)?;
        self.text(Key::Chain(which, index), || Some(text.into()))
    }

    pub(super) fn root(&self, scope: &FfiScope, which: *const c_char) -> Option<&[u8]> {
        let (which, bundle) = self.bundle(scope, which)?;
        self.text(Key::Root(which), || bundle.root().ok().flatten().map(Cow::Owned))
    }

    pub(super) fn matches_csr(
        &self,
        scope: &FfiScope,
        which: *const c_char,
        csr: *const c_char,
    ) -> c_int {
        let matches = || {
            let (_, bundle) = self.bundle(scope, which)?;
            let csr = self.charset.decode("csr", scope.text("csr", csr).ok()?).ok()?;
            bundle.matches_csr(&csr).ok()
        };
        matches().map_or(-1, c_int::from)
    }

    /// The certificate of this name, and the how-many-eth it is; of no name, the first.
    fn bundle(
        &self,
        scope: &FfiScope,
        which: *const c_char,
    ) -> Option<(usize, &CertificateBundle)> {
        let mut all = self.brought.as_ref().ok()?.certificates.iter().enumerate();
        let (index, (_, bundle)) = match scope.text("which", which) {
            Err(_) => all.next(),
            Ok(which) => all.find(|(_, (name, _))| name.as_bytes().eq_ignore_ascii_case(which)),
        }?;
        Some((index, bundle))
    }

    fn error(&self) -> Option<&Error> {
        self.brought.as_ref().err()
    }

    fn answer(&self) -> Option<&crate::Reply> {
        match &self.brought.as_ref().ok()?.source {
            Source::Answer(answer) => Some(answer),
            Source::Push(_) => None,
        }
    }

    fn word(&self, key: Key, word: &'static str) -> Option<&[u8]> {
        self.text(key, || Some(word.into()))
    }

    fn text<'a>(&self, key: Key, make: impl FnOnce() -> Option<Cow<'a, str>>) -> Option<&[u8]> {
        self.kept(key, || make().map(|text| self.charset.encode(&text)))
    }

    /// A text with its NUL, which lives as long as the reply.
    fn kept(&self, key: Key, make: impl FnOnce() -> Option<Box<[u8]>>) -> Option<&[u8]> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let at = match texts.binary_search_by_key(&key, |(key, _)| *key) {
            Ok(at) => at,
            Err(at) => {
                texts.insert(at, (key, make()?));
                at
            }
        };
        let (_, text) = &texts[at];
        // SAFETY: texts are only ever added, and a box does not move what is in it.
        Some(unsafe { &*std::ptr::from_ref::<[u8]>(text) })
    }
}

/// A field of a failure, with or without `error.` before it.
fn of_error<'a>(json: &'a Json, path: &str) -> Option<Value<'a>> {
    let inside = json.get("error").and_then(|error| error.at_path(path));
    inside.or_else(|| json.at_path(path))
}

impl Brought {
    fn new(source: Source, order_id: Option<String>) -> Self {
        Self { source, certificates: Certificates::default(), order_id, idempotence_id: None }
    }

    /// The answer to a query.
    pub(super) fn of_an_order(answer: crate::Reply) -> Self {
        let id = answer.order_id().map(|id| id.trim().to_owned());
        Self::new(Source::Answer(answer), id)
    }

    /// With the idempotenceID that the call carried.
    pub(super) fn under(self, idempotence_id: Option<&str>) -> Self {
        Self { idempotence_id: idempotence_id.map(str::to_owned), ..self }
    }

    fn json(&self) -> &str {
        match &self.source {
            Source::Answer(answer) => answer.json(),
            Source::Push(push) => push.json(),
        }
    }
}

impl From<crate::Reply> for Brought {
    fn from(answer: crate::Reply) -> Self {
        Self::new(Source::Answer(answer), None)
    }
}

impl From<Answer<CreatedOrder>> for Brought {
    fn from(answer: Answer<CreatedOrder>) -> Self {
        Self::new(Source::Answer(answer.reply), Some(answer.value.id().to_owned()))
    }
}

impl From<Answer<Reissued>> for Brought {
    fn from(answer: Answer<Reissued>) -> Self {
        let id = answer.value.new_order_id.trim().to_owned();
        Self::new(Source::Answer(answer.reply), Some(id))
    }
}

impl From<Answer<Revocation>> for Brought {
    fn from(answer: Answer<Revocation>) -> Self {
        Self::from(answer.reply)
    }
}

impl From<Answer<Certificates>> for Brought {
    fn from(answer: Answer<Certificates>) -> Self {
        Self { certificates: answer.value, ..Self::from(answer.reply) }
    }
}

impl From<Push> for Brought {
    fn from(push: Push) -> Self {
        let order_id = push.order().map(|order| order.order_id.clone());
        Self::new(Source::Push(push), order_id)
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;
    use crate::ffi::{wotrus_reply_get, wotrus_reply_kind};

    #[test]
    fn a_text_stays_where_it_is_whoever_asks_in_whatever_order() {
        const COUNT: usize = 211;
        let list = (0..COUNT).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        let push = Push::parse(format!(r#"{{"dataAction":"x","list":[{list}]}}"#).as_bytes());
        let reply = of(push.map(Into::into), Charset::Utf8);
        let ask = |n: usize| {
            let path = format!("list.{n}\0");
            unsafe { wotrus_reply_get(&reply, path.as_ptr().cast()) as usize }
        };
        // Steps that come by each of them, in orders of their own.
        let asked: Vec<Vec<usize>> = std::thread::scope(|scope| {
            let threads = [1, 2, 100, COUNT - 1].map(|step| {
                scope.spawn(move || {
                    let mut places = vec![0; COUNT];
                    (0..COUNT).for_each(|n| places[n * step % COUNT] = ask(n * step % COUNT));
                    places
                })
            });
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(asked.iter().all(|places| *places == asked[0]));
        let at = |place: usize| unsafe { CStr::from_ptr(place as *const c_char) };
        for (n, place) in asked[0].iter().enumerate() {
            assert_eq!(at(*place).to_str().unwrap(), n.to_string());
        }
        // What is told apart by more than its number.
        assert_eq!(at(unsafe { wotrus_reply_kind(&reply) } as usize), c"ok");
        assert_eq!(ask(COUNT), 0);
    }
}
