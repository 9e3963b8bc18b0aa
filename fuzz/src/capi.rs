//! The functions of wotrus.h that the targets call, and checks of the replies.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

use crate::{BASE_URL, TOKEN, check_json};

// The symbols are the library's own; this makes the linker keep them.
use wotrus as _;

/// `WOTRUS_OK`.
pub const OK: c_int = 0;
/// `WOTRUS_INTERNAL`: a panic was caught.
const INTERNAL: c_int = 11;

macro_rules! opaque {
    ($($name:ident)*) => {$(
        /// An opaque type of wotrus.h.
        #[repr(C)]
        pub struct $name([u8; 0]);
    )*};
}
opaque!(Config RawClient Order RawReply);

unsafe extern "C" {
    fn wotrus_config_new() -> *mut Config;
    fn wotrus_config_set(config: *mut Config, name: *const c_char, value: *const c_char);
    fn wotrus_config_free(config: *mut Config);
    fn wotrus_client_new(config: *const Config) -> *mut RawClient;
    fn wotrus_client_free(client: *mut RawClient);
    fn wotrus_order_new() -> *mut Order;
    fn wotrus_order_set(order: *mut Order, name: *const c_char, value: *const c_char);
    fn wotrus_order_free(order: *mut Order);
    fn wotrus_create_order(client: *const RawClient, order: *const Order) -> *mut RawReply;
    fn wotrus_query_order(client: *const RawClient, order_id: *const c_char) -> *mut RawReply;
    fn wotrus_retrieve_certificate(c: *const RawClient, order_id: *const c_char) -> *mut RawReply;
    fn wotrus_read_push(body: *const c_void, len: usize) -> *mut RawReply;
    fn wotrus_call(
        client: *const RawClient,
        operation: *const c_char,
        json: *const c_void,
        len: usize,
    ) -> *mut RawReply;
    fn wotrus_reply_status(reply: *const RawReply) -> c_int;
    fn wotrus_reply_message(reply: *const RawReply) -> *const c_char;
    fn wotrus_reply_order_id(reply: *const RawReply) -> *const c_char;
    fn wotrus_reply_get(reply: *const RawReply, path: *const c_char) -> *const c_char;
    fn wotrus_reply_json(reply: *const RawReply, len: *mut usize) -> *const c_char;
    fn wotrus_reply_body(reply: *const RawReply, len: *mut usize) -> *const c_char;
    fn wotrus_reply_pem(reply: *const RawReply, which: *const c_char) -> *const c_char;
    fn wotrus_reply_full_chain(reply: *const RawReply, which: *const c_char) -> *const c_char;
    fn wotrus_reply_root(reply: *const RawReply, which: *const c_char) -> *const c_char;
    fn wotrus_reply_chain(r: *const RawReply, which: *const c_char, index: usize) -> *const c_char;
    fn wotrus_reply_matches_csr(r: *const RawReply, w: *const c_char, csr: *const c_char) -> c_int;
    fn wotrus_reply_free(reply: *mut RawReply);
}

fn text(bytes: &[u8]) -> CString {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    CString::new(&bytes[..end]).expect("it ends before the first NUL")
}

fn bytes<'a>(pointer: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: NULL, or a text that ends in NUL and is valid as long as its reply.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_bytes())
}

/// A client by the C interface.
pub struct Client(*mut RawClient);

impl Client {
    /// A client whose texts are in `charset`.
    pub fn new(charset: &str) -> Self {
        // SAFETY: every text ends in NUL, and the configuration is freed once.
        unsafe {
            let config = wotrus_config_new();
            let set = |name: &CStr, value: &str| {
                let value = text(value.as_bytes());
                wotrus_config_set(config, name.as_ptr(), value.as_ptr());
            };
            set(c"token", TOKEN);
            set(c"base_url", BASE_URL);
            set(c"retries", "0");
            set(c"request_id", "fuzz");
            set(c"charset", charset);
            let client = wotrus_client_new(config);
            wotrus_config_free(config);
            Self(client)
        }
    }

    /// `wotrus_call`.
    pub fn call(&self, operation: &CStr, json: &[u8]) -> Reply {
        let (json, len) = (json.as_ptr().cast(), json.len());
        // SAFETY: the client is not freed, and `json` has `len` bytes.
        Reply::new(unsafe { wotrus_call(self.0, operation.as_ptr(), json, len) })
    }

    /// `wotrus_query_order`.
    pub fn query_order(&self) -> Reply {
        // SAFETY: the client is not freed.
        Reply::new(unsafe { wotrus_query_order(self.0, c"A1".as_ptr()) })
    }

    /// `wotrus_retrieve_certificate`.
    pub fn retrieve_certificate(&self) -> Reply {
        // SAFETY: the client is not freed.
        Reply::new(unsafe { wotrus_retrieve_certificate(self.0, c"A1".as_ptr()) })
    }

    /// `wotrus_create_order` with these fields.
    pub fn create_order(&self, fields: &[(&CStr, &[u8])]) -> Reply {
        // SAFETY: the client is not freed, every text ends in NUL, and the order is freed once.
        unsafe {
            let order = wotrus_order_new();
            for (name, value) in fields {
                wotrus_order_set(order, name.as_ptr(), text(value).as_ptr());
            }
            let reply = wotrus_create_order(self.0, order);
            wotrus_order_free(order);
            Reply::new(reply)
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // SAFETY: it is freed once.
        unsafe { wotrus_client_free(self.0) }
    }
}

/// A reply by the C interface. The constructor checks the properties of every reply.
pub struct Reply(*mut RawReply);

impl Reply {
    fn new(reply: *mut RawReply) -> Self {
        let reply = Self(reply);
        let message = reply.message();
        assert_ne!(reply.status(), INTERNAL, "{}", String::from_utf8_lossy(message));
        assert!(!contains(message, TOKEN.as_bytes()), "the token is in the message");
        check_json(reply.json());
        reply
    }

    /// `wotrus_read_push`.
    pub fn of_push(body: &[u8]) -> Self {
        // SAFETY: `body` has as many bytes.
        Self::new(unsafe { wotrus_read_push(body.as_ptr().cast(), body.len()) })
    }

    /// `wotrus_reply_status`.
    pub fn status(&self) -> c_int {
        // SAFETY: the reply is not freed.
        unsafe { wotrus_reply_status(self.0) }
    }

    /// `wotrus_reply_message`.
    pub fn message(&self) -> &[u8] {
        // SAFETY: the reply is not freed.
        bytes(unsafe { wotrus_reply_message(self.0) }).expect("it is never NULL")
    }

    /// `wotrus_reply_order_id`.
    pub fn order_id(&self) -> Option<&[u8]> {
        // SAFETY: the reply is not freed.
        bytes(unsafe { wotrus_reply_order_id(self.0) })
    }

    /// `wotrus_reply_get`.
    pub fn get(&self, path: &[u8]) -> Option<&[u8]> {
        // SAFETY: the reply is not freed, and the path ends in NUL.
        bytes(unsafe { wotrus_reply_get(self.0, text(path).as_ptr()) })
    }

    /// `wotrus_reply_json`.
    pub fn json(&self) -> &[u8] {
        let mut len = 0;
        // SAFETY: the reply is not freed.
        let json = bytes(unsafe { wotrus_reply_json(self.0, &mut len) }).expect("it is never NULL");
        assert_eq!(json.len(), len);
        json
    }

    /// Reads everything else that a reply has.
    pub fn read_all(&self, csr: &[u8]) {
        let csr = text(csr);
        // SAFETY: the reply is not freed, and every text ends in NUL.
        unsafe {
            let mut len = 0;
            let body = wotrus_reply_body(self.0, &mut len);
            assert!(!body.is_null() || len == 0);
            for which in [ptr::null(), c"RSA".as_ptr(), c"Sign".as_ptr(), c"Encrypt".as_ptr()] {
                let _ = bytes(wotrus_reply_pem(self.0, which));
                let _ = bytes(wotrus_reply_full_chain(self.0, which));
                let _ = bytes(wotrus_reply_root(self.0, which));
                let _ = bytes(wotrus_reply_chain(self.0, which, 0));
                let _ = bytes(wotrus_reply_chain(self.0, which, usize::MAX));
                let matches = wotrus_reply_matches_csr(self.0, which, csr.as_ptr());
                assert!((-1..=1).contains(&matches));
            }
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        // SAFETY: it is freed once.
        unsafe { wotrus_reply_free(self.0) }
    }
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|window| window == wanted)
}
