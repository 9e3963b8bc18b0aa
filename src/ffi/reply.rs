//! `wotrus_reply`: the result of a call, and its parts as C reads them.

use std::borrow::Cow;
use std::ffi::{c_char, c_int};
use std::sync::LazyLock;

use super::guard::{FfiScope, Object};
use super::success::{Content, Success};
use super::text::{Charset, with_nul};
use super::text_cache::{CertificateText, Key, TextCache};
use super::values;
use super::wotrus_reply;
use crate::certificate::CertificateBundle;
use crate::delivery::AttemptOutcome;
use crate::error::{Delivery, Error, Kind, Result};
use crate::fields::{Field, Fields};
use crate::json::{Json, Value};
use crate::messages::{Lang, message};
use crate::push::OrderPush;

pub(super) struct Reply {
    result: Result<Success>,
    charset: Charset,
    lang: Lang,
    texts: TextCache,
}

pub(super) fn from_result(result: Result<Success>, charset: Charset, lang: Lang) -> wotrus_reply {
    let result = result.map_err(|error| error.in_lang(lang));
    wotrus_reply(Reply { result, charset, lang, texts: TextCache::default() })
}

/// Returns the reply behind a pointer. An invalid pointer is read like a reply that reports it. Nothing is
/// known of the call whose reply it was, so its delivery is unknown.
pub(super) fn read(scope: &FfiScope, reply: *const wotrus_reply) -> &Reply {
    static INVALID: LazyLock<wotrus_reply> = LazyLock::new(|| {
        let problem = message!("is NULL, or not a live wotrus_reply");
        let error = Error::argument("reply", problem);
        wotrus_reply::failed(error.with(|facts| facts.outcome = AttemptOutcome::MaybeProcessed))
    });
    &scope.object("reply", reply).unwrap_or_else(|_| &INVALID).0
}

impl Object for wotrus_reply {
    fn failed(mistake: Error) -> Self {
        from_result(Err(mistake), Charset::default(), Lang::default())
    }
}

// The constants of the header are the kinds' numbers.
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
        let delivery = match &self.result {
            Err(error) => error.delivery(),
            Ok(Success { content: Content::Answer(_), .. }) => Delivery::Answered,
            Ok(Success { content: Content::Push(_) | Content::Nothing, .. }) => Delivery::NotSent,
        };
        self.word(Key::Delivery, delivery.as_str())
    }

    pub(super) fn message(&self) -> Option<&[u8]> {
        self.text(Key::Message, || {
            Some(match &self.result {
                Err(error) => error.message().into(),
                Ok(_) => {
                    self.answer().and_then(crate::Reply::service_message).unwrap_or_default().into()
                }
            })
        })
    }

    pub(super) fn warning(&self, index: usize) -> Option<&[u8]> {
        let warning = self.answer()?.warnings().get(index)?;
        self.text(Key::Warning(index), || Some(warning.message().text(self.lang).into()))
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
        let id = || match self.error() {
            Some(error) => error.idempotence_id(),
            None => self.answer().and_then(crate::Reply::idempotence_id),
        };
        self.text(Key::IdempotenceId, || id().map(Cow::Borrowed))
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
        let success = self.result.as_ref().ok();
        self.text(Key::OrderId, || success?.order_id.as_deref().map(Cow::Borrowed))
    }

    pub(super) fn get(&self, scope: &FfiScope, path: *const c_char) -> Option<&[u8]> {
        let path = self.charset.decode("path", scope.text("path", path).ok()?).ok()?;
        match &self.result {
            Err(error) => {
                let json = Json::object(error.to_json()).ok()?;
                self.value(json.text(), of_error(&json, &path)?)
            }
            Ok(Success { content: Content::Answer(answer), .. }) => {
                self.value(answer.json(), answer.envelope.at_path(&path)?)
            }
            Ok(Success { content: Content::Push(push), .. }) => {
                // The document's fields are found in any case, and read as they are typed.
                let known = push.order().zip(OrderPush::index_of(&path));
                let Some((order, index)) = known else {
                    return self.value(push.json(), push.json.at_path(&path)?);
                };
                // `OrderPush` has false for what is absent or no boolean.
                let is_given = index == 0 || push.json.get(&path).is_some_and(|it| false.read(it));
                self.text(Key::Field(index), || order.field(index).text().filter(|_| is_given))
            }
            Ok(Success { content: Content::Nothing, .. }) => None,
        }
    }

    fn value(&self, json: &str, value: Value<'_>) -> Option<&[u8]> {
        let offset = (value.raw().as_ptr() as usize).wrapping_sub(json.as_ptr() as usize);
        self.texts.get(Key::Value(offset), || self.encoded(value))
    }

    /// Encodes a value for C: texts unescaped, objects and arrays as JSON, null as None.
    fn encoded(&self, value: Value<'_>) -> Option<Box<[u8]>> {
        match value.scalar() {
            Some(text) => Some(self.charset.encode(text)),
            None if value.is_null() => None,
            None => Some(self.charset.encode_json(value.raw())),
        }
    }

    pub(super) fn json(&self) -> Option<&[u8]> {
        self.texts.get(Key::Json, || {
            Some(match &self.result {
                Err(error) => self.charset.encode_json(&error.to_json()),
                Ok(success) => self.charset.encode_json(success.json()),
            })
        })
    }

    pub(super) fn body(&self) -> Option<&[u8]> {
        let success = self.result.as_ref().ok()?;
        match self.charset {
            // The bytes are the same: they are not stored twice.
            Charset::Utf8 => self.json(),
            _ => self.texts.get(Key::Body, || Some(with_nul(success.json().as_bytes()))),
        }
    }

    pub(super) fn values(&self) -> Option<&[u8]> {
        self.texts.get(Key::Values, || {
            let block = match &self.result {
                Err(error) => values::encode(&error.to_json()),
                Ok(success) => values::encode(success.json()),
            };
            block.map(|mut block| {
                // The NUL that every text has here is not part of the block.
                block.push(0);
                block.into_boxed_slice()
            })
        })
    }

    pub(super) fn certificate(
        &self,
        scope: &FfiScope,
        which: *const c_char,
        text: CertificateText,
    ) -> Option<&[u8]> {
        let (which, bundle) = self.bundle(scope, which)?;
        self.text(Key::Certificate(which, text), || {
            let text = match text {
                CertificateText::Pem => {
                    return Some(bundle.leaf_text().unwrap_or_else(|_| bundle.pem().into()));
                }
                CertificateText::FullChain => bundle.full_chain().ok()?,
                CertificateText::FullChainWithRoot => bundle.full_chain_with_root().ok()?,
                CertificateText::Intermediates => bundle.intermediates().ok()?,
                CertificateText::Root => bundle.root().ok()??,
                CertificateText::ChainStatus => {
                    return Some(bundle.chain_status().ok()?.as_str().into());
                }
            };
            Some(text.into())
        })
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

    /// Finds a certificate by its name (NULL: the first), with its index.
    fn bundle(
        &self,
        scope: &FfiScope,
        which: *const c_char,
    ) -> Option<(usize, &CertificateBundle)> {
        let mut all = self.result.as_ref().ok()?.certificates.as_ref()?.iter().enumerate();
        let (index, (_, bundle)) = match scope.text("which", which) {
            Err(_) => all.next(),
            Ok(which) => all.find(|(_, (name, _))| name.as_bytes().eq_ignore_ascii_case(which)),
        }?;
        Some((index, bundle))
    }

    fn error(&self) -> Option<&Error> {
        self.result.as_ref().err()
    }

    fn answer(&self) -> Option<&crate::Reply> {
        match &self.result.as_ref().ok()?.content {
            Content::Answer(answer) => Some(answer),
            Content::Push(_) | Content::Nothing => None,
        }
    }

    fn word(&self, key: Key, word: &'static str) -> Option<&[u8]> {
        self.text(key, || Some(word.into()))
    }

    fn text<'a>(&self, key: Key, make: impl FnOnce() -> Option<Cow<'a, str>>) -> Option<&[u8]> {
        self.texts.get(key, || make().map(|text| self.charset.encode(text)))
    }
}

/// Finds a field of a failure, with or without `error.` before it.
fn of_error<'a>(json: &'a Json, path: &str) -> Option<Value<'a>> {
    let inside = json.get("error").and_then(|error| error.at_path(path));
    inside.or_else(|| json.at_path(path))
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;
    use crate::ffi::handle;
    use crate::ffi::{
        wotrus_reply_delivery, wotrus_reply_free, wotrus_reply_get, wotrus_reply_kind,
    };
    use crate::push::Push;

    #[test]
    fn nothing_is_known_of_a_call_without_a_reply() {
        let delivery = unsafe { CStr::from_ptr(wotrus_reply_delivery(std::ptr::null())) };
        assert_eq!(delivery, c"unknown");
    }

    #[test]
    fn a_flag_that_a_push_lacks_is_null() {
        let json = r#"{"dataAction":"order","orderID":" x ","ISISSUED":0,"isRevoked":REVOKED}"#;
        for (revoked, expected) in [
            ("true", Some(c"true")),
            ("\"false\"", Some(c"false")),
            ("null", None),
            ("\"yes\"", None),
        ] {
            let push = Push::parse(json.replace("REVOKED", revoked));
            let reply = from_result(push.map(Into::into), Charset::Utf8, Lang::En);
            let reply = handle::allocate(reply);
            let get = |path: &CStr| unsafe {
                let text = wotrus_reply_get(reply, path.as_ptr());
                (!text.is_null()).then(|| CStr::from_ptr(text))
            };
            assert_eq!(get(c"isrevoked"), expected, "{revoked}");
            assert_eq!((get(c"orderID"), get(c"isIssued")), (Some(c"x"), Some(c"false")));
            unsafe { wotrus_reply_free(reply) };
        }
        let absent = Push::parse(r#"{"dataAction":"order","orderID":"x"}"#);
        let reply = handle::allocate(from_result(absent.map(Into::into), Charset::Utf8, Lang::En));
        unsafe {
            assert!(wotrus_reply_get(reply, c"isIssued".as_ptr()).is_null());
            wotrus_reply_free(reply);
        }
    }

    #[test]
    fn texts_do_not_move_when_threads_read_them_in_different_orders() {
        const COUNT: usize = 211;
        let list = (0..COUNT).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        let push = Push::parse(format!(r#"{{"dataAction":"x","list":[{list}]}}"#).as_bytes());
        let reply = handle::allocate(from_result(push.map(Into::into), Charset::Utf8, Lang::En));
        let address = reply as usize;
        let read_item = |n: usize| {
            let path = format!("list.{n}\0");
            unsafe {
                wotrus_reply_get(address as *const wotrus_reply, path.as_ptr().cast()) as usize
            }
        };
        // Each step visits every index, in an order of its own.
        let addresses: Vec<Vec<usize>> = std::thread::scope(|scope| {
            let threads = [1, 2, 100, COUNT - 1].map(|step| {
                scope.spawn(move || {
                    let mut places = vec![0; COUNT];
                    (0..COUNT).for_each(|n| places[n * step % COUNT] = read_item(n * step % COUNT));
                    places
                })
            });
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(addresses.iter().all(|places| *places == addresses[0]));
        let at = |place: usize| unsafe { CStr::from_ptr(place as *const c_char) };
        for (n, place) in addresses[0].iter().enumerate() {
            assert_eq!(at(*place).to_str().unwrap(), n.to_string());
        }
        // A key of another type, and an index past the end.
        assert_eq!(at(unsafe { wotrus_reply_kind(reply) } as usize), c"ok");
        assert_eq!(read_item(COUNT), 0);
        unsafe { wotrus_reply_free(reply) };
    }
}
