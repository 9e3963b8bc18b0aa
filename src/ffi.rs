//! libwotrus: orders, tracks, fetches, cancels, revokes and reissues WoTrus certificates.
//!
//! A client of the WoTrus reseller API (its document is version V1.09; "section" below means a
//! section of it). Every call blocks until there is an answer, an error, or its time is over. The
//! library needs no initialisation, reads no environment variable, touches neither signals nor the
//! locale, starts no work before the first call, and never writes to stdout or stderr. (Only where
//! memory runs out is the process aborted, with a line on stderr.)
//!
//!   cc program.c $(pkg-config --cflags --libs wotrus)
//!
//!   wotrus_config *config = wotrus_config_new();
//!   wotrus_client *client;
//!   wotrus_reply *reply;
//!   wotrus_config_set(config, "token", "tk_...");
//!   client = wotrus_client_new(config);
//!   wotrus_config_free(config);
//!   reply = wotrus_query_order(client, "a4a78326-0546-4602-9586-8ee3c05e8068");
//!   if (wotrus_reply_status(reply) == WOTRUS_OK)
//!       puts(wotrus_reply_get(reply, "status"));
//!   else
//!       fprintf(stderr, "%s\n", wotrus_reply_message(reply));
//!   wotrus_reply_free(reply);
//!   wotrus_client_free(client);
//!
//! Ownership. What a function returns as wotrus_config, wotrus_client, wotrus_document,
//! wotrus_order, wotrus_reissue or wotrus_reply is yours, is never NULL, and is freed once by the
//! _free function of its name, in any order: nothing keeps a pointer to what you handed in, but for
//! the callback's user. Freeing NULL does nothing. A const char * that is returned belongs to the
//! object it came from and lives as long; it ends in NUL.
//!
//! Text is UTF-8, or GB18030 (which GBK and GB2312 are part of) for a client whose option charset
//! says so; it is never guessed. JSON goes in in the same charset; with GB18030 it comes out in
//! ASCII, other characters as \uXXXX. Paths are bytes as the system has them; those inside JSON are
//! taken as UTF-8 by the system, whatever the charset. Texts end in NUL; what comes with a length
//! (JSON, documents, pushes) need not, and a NUL is not counted.
//!
//! Errors. Every call that can fail returns a wotrus_reply. Its status is WOTRUS_OK or a kind of
//! failure; take one you do not know for a failure. Setters return nothing: the first mistake is
//! kept, whatever is set later, and comes with the reply of the call that uses the object, naming
//! the field. A client made from a bad configuration exists, and says why in every reply. NULL
//! where something is needed is a mistake like any other: nothing crashes for it.
//!
//! Delivery tells whether the service got the call, over all attempts, which is whether an order
//! may exist: "not_sent" - nothing that could be processed reached it; "answered" - its own
//! decision was read; "unknown" - it may have been processed. A writing call that failed with
//! "unknown" has the status WOTRUS_UNKNOWN_OUTCOME, and its message says how to go on.
//!
//! Sending again. A call is sent again by itself (twice, option retries) only where that cannot do
//! anything twice: calls that read; anything that did not reach the service; orders and reissues
//! that carry an idempotenceID, under the same one. So give every order one, such as your database
//! key. Without it an order is never sent again once the service may have it.
//!
//! Threads. A client may be used by any number of threads at once, and so may whatever a function
//! takes as const. What it takes as not const - a configuration, order or reissue that is set,
//! anything that is freed - is for one thread alone at that time. A call needs 128 KiB of stack. A
//! thread inside one must not be ended by pthread_cancel; wotrus_client_cancel ends the call.
//!
//! Fork. After a fork, parent and child may both use a client they had before: each gets
//! connections of its own. A child that does not exec may also free it. Other objects are copied as
//! all memory is; one that another thread was using at that moment is not for the child.
//!
//! Signals. No handler is set and no mask changed; a connection that breaks raises no SIGPIPE, and
//! what a signal of yours interrupts is taken up again.
//!
//! Times are decimal seconds in options ("2.5"), whole milliseconds where a name ends in _ms.

#![allow(
    unsafe_code,
    // Only this file's functions are, and the linker sees them.
    unreachable_pub,
    non_camel_case_types,
    // The contract above is their safety section, in the header's words.
    clippy::missing_safety_doc,
    unsafe_op_in_unsafe_fn
)]

mod client;
mod config;
mod document;
mod guard;
mod operations;
mod order;
mod reply;
#[cfg(test)]
mod tests;
mod text;

use std::ffi::{c_char, c_int, c_uint, c_void};

use crate::push::Push;
use crate::request::RevokeRequest;
use crate::wait::WaitOptions;

/// The number of this interface, the one in the name libwotrus.so.1. It moves only when a program
/// built against it would break, whatever the version; functions may be added without it.
pub const WOTRUS_ABI: c_int = 1;

/// The call succeeded.
pub const WOTRUS_OK: c_int = 0;
/// Refused here, before anything was sent; the message names the field.
pub const WOTRUS_ARGUMENT: c_int = 1;
/// An option of the client cannot be used: address, CA file, proxy, ...
pub const WOTRUS_CONFIG: c_int = 2;
/// The service does not accept the token: HTTP 401 or 403.
pub const WOTRUS_AUTH: c_int = 3;
/// The service said no, in its own words; or the order ended without a certificate.
pub const WOTRUS_REFUSED: c_int = 4;
/// The certificate is not there yet.
pub const WOTRUS_NOT_READY: c_int = 5;
/// A writing call may have been processed, and no trustworthy answer came.
pub const WOTRUS_UNKNOWN_OUTCOME: c_int = 6;
/// Nothing was sent, or a reading call got no answer.
pub const WOTRUS_NETWORK: c_int = 7;
/// The answer cannot be used: another HTTP status (a redirect, 4xx, 5xx), no JSON, too large.
pub const WOTRUS_PROTOCOL: c_int = 8;
/// A local file.
pub const WOTRUS_FILE: c_int = 9;
/// wotrus_client_cancel, or a callback that said stop.
pub const WOTRUS_CANCELLED: c_int = 10;
/// A defect of this library.
pub const WOTRUS_INTERNAL: c_int = 11;

/// The document is a letter of authorisation.
pub const WOTRUS_AUTHORIZATION: c_uint = 1;
/// The document is a business licence.
pub const WOTRUS_BUSINESS_LICENCE: c_uint = 2;
/// The document is an identity card.
pub const WOTRUS_IDENTITY_CARD: c_uint = 3;

/// The options of a client, or of some of its calls. For one thread at a time.
pub struct wotrus_config(config::Config);

/// A client of the service, with its connections, which the first call opens. For any number of
/// threads at once.
pub struct wotrus_client(client::Client);

/// A file for the service. For any number of threads at once.
pub struct wotrus_document(document::Document);

/// An order to be created. For one thread at a time while it is set.
pub struct wotrus_order(order::Order);

/// A certificate to be issued anew. For one thread at a time while it is set.
pub struct wotrus_reissue(order::Reissue);

/// What came of a call. It never changes: for any number of threads at once.
pub struct wotrus_reply(reply::Reply);

/// Hears what happens inside a call, as JSON of len bytes, which lives as long as the callback
/// runs: {"event":...} with the members below. None holds a secret.
///
///   sending    operation method path request_id idempotence_id attempt
///   uploading  sent total (bytes; of large bodies only)
///   answered   http_status bytes elapsed_ms
///   failed     cause delivery message elapsed_ms
///   retrying   pause_ms
///   waiting    order_id status pause_ms elapsed_ms
///
/// It is called on the thread that makes the call, and so by several at once if several make calls;
/// user is what it was registered with. Non-zero keeps a request from being sent (at "sending",
/// where an order can be noted down before it can exist) and ends a wait (at "waiting"), as
/// wotrus_client_cancel does; elsewhere it means nothing. It may call any function here, even on the
/// same client, but free nothing that the call uses. It must not throw or longjmp.
pub type wotrus_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, event_json: *const c_char, len: usize) -> c_int>;

/// The version of the library that is running, such as "0.1.0"; compare WOTRUS_VERSION, the one it
/// was compiled with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// The WOTRUS_ABI of the library that is running.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_abi() -> c_int {
    WOTRUS_ABI
}

/// A configuration with every default.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_config_new() -> *mut wotrus_config {
    guard::object(|_| Ok(wotrus_config(config::Config::default())))
}

/// Sets an option:
///
///   token            the API token, tk_...; required
///   base_url         https://...; http:// for loopback only (https://restapi.wosign.com)
///   timeout          seconds for a whole call, with every attempt and pause
///                    (30, and 1 more for each 128 KiB that is sent)
///   connect_timeout  seconds to resolve a name, and again to open a connection (10)
///   retries          how often a call is sent again at most, where that is safe (2)
///   ca_file          PEM file of the CAs to trust instead of the built-in ones
///   proxy            http://[user:password@]host:port; never used for loopback (none)
///   max_answer_size  bytes of an answer at most (1048576)
///   user_agent       the User-Agent header (libwotrus/<version>)
///   charset          UTF-8 or GB18030, of all text in and out (UTF-8)
///   request_id       the RequestID of the calls (each gets one of its own)
///
/// Setting an option again replaces it; an empty ca_file or proxy is none. Options themselves are
/// UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_config_set(
    config: *mut wotrus_config,
    name: *const c_char,
    value: *const c_char,
) {
    guard::change(config, |scope, config| config.0.set(scope, name, value))
}

/// Has callback hear what happens in the calls; NULL for nobody. user is handed to it as it is, and
/// must live as long as any client made from this configuration.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_config_set_callback(
    config: *mut wotrus_config,
    callback: wotrus_callback,
    user: *mut c_void,
) {
    guard::change(config, |_, config| config.0.set_callback(callback, user))
}

/// Frees a configuration; clients made from it stay.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_config_free(config: *mut wotrus_config) {
    guard::free(config)
}

/// A client with these options. The CA file is read now; nothing is connected yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_client_new(config: *const wotrus_config) -> *mut wotrus_client {
    guard::object(|scope| scope.object("config", config)?.0.client().map(wotrus_client))
}

/// The same client for some of its calls, with options of their own: request_id, timeout, retries,
/// charset and the callback; what the configuration leaves unset is as the client has it. It shares
/// the client's connections, and is freed by itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_client_with(
    client: *const wotrus_client,
    config: *const wotrus_config,
) -> *mut wotrus_client {
    guard::object(|scope| {
        let client = scope.object("client", client)?;
        client.0.with(&scope.object("config", config)?.0).map(wotrus_client)
    })
}

/// Ends every call, pause and wait that goes on now on this client and on all that share its
/// connections: they fail with WOTRUS_CANCELLED, or with WOTRUS_UNKNOWN_OUTCOME where a writing
/// call may have been processed. Later calls work. For another thread; it does not wait.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_client_cancel(client: *const wotrus_client) {
    guard::value((), |scope| scope.object("client", client).map_or((), |client| client.0.cancel()))
}

/// Frees a client that no thread is using; its connections close with the last that shares them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_client_free(client: *mut wotrus_client) {
    guard::free(client)
}

/// A file on disk, which is read while it is sent: memory does not grow with it. file_type is
/// ".jpg", ".gif" or ".pdf" (or what else the service may take); NULL takes it from the name. At
/// most 64 MiB.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_document_from_path(
    path: *const c_char,
    file_type: *const c_char,
) -> *mut wotrus_document {
    guard::object(|scope| document::from_path(scope, path, file_type).map(wotrus_document))
}

/// A file in memory; the bytes are copied. file_type as above, but never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_document_from_bytes(
    bytes: *const c_void,
    len: usize,
    file_type: *const c_char,
) -> *mut wotrus_document {
    guard::object(|scope| document::from_bytes(scope, bytes, len, file_type).map(wotrus_document))
}

/// Frees a document; orders it was added to keep it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_document_free(document: *mut wotrus_document) {
    guard::free(document)
}

/// An empty order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_order_new() -> *mut wotrus_order {
    guard::object(|_| Ok(wotrus_order(order::Order::default())))
}

/// Sets a field of an order by its name in section 2, in any case; a further one with its part, as
/// in "orderinfoPost.Hosts", which goes out as a text (lists and the like: wotrus_call). Text is in
/// the charset of the client that will send it; month is a number as text. Setting a field again
/// replaces it.
///
///   required      productID commonName month OrgName
///   usual         idempotenceID csR_RSA
///   USB key       uKeyPassword uKeyShipAddress
///   organisation  BusinessCategory OrgPhone OrgEmail countryCode state city street zip
///                 businessLicense OtherName
///   applicant     UserFirstName UserLastName UserEmail UserMobile IDCardNO
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_order_set(
    order: *mut wotrus_order,
    name: *const c_char,
    value: *const c_char,
) {
    guard::change(order, |scope, order| order.0.set(scope, name, value))
}

/// Adds a document; document_type is WOTRUS_AUTHORIZATION, WOTRUS_BUSINESS_LICENCE,
/// WOTRUS_IDENTITY_CARD or what else the service may take.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_order_add_document(
    order: *mut wotrus_order,
    document_type: c_uint,
    document: *const wotrus_document,
) {
    guard::change(order, |scope, order| {
        order.0.add_document(document_type, scope.object("document", document)?)
    })
}

/// Frees an order's fields; the order at the service, if there is one, stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_order_free(order: *mut wotrus_order) {
    guard::free(order)
}

/// An empty reissue.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reissue_new() -> *mut wotrus_reissue {
    guard::object(|_| Ok(wotrus_reissue(order::Reissue::default())))
}

/// Sets a field of a reissue by its name in section 7, in any case: orderID, csr and reason
/// (required), csR_Encrypt (SM2 only), idempotenceID.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reissue_set(
    reissue: *mut wotrus_reissue,
    name: *const c_char,
    value: *const c_char,
) {
    guard::change(reissue, |scope, reissue| reissue.0.set(scope, name, value))
}

/// Adds the organisation's proof on WoTrus's template, which SM2 and Sectigo products require.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reissue_set_proof(
    reissue: *mut wotrus_reissue,
    proof: *const wotrus_document,
) {
    guard::change(reissue, |scope, reissue| reissue.0.set_proof(scope.object("proof", proof)?))
}

/// Frees a reissue's fields.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reissue_free(reissue: *mut wotrus_reissue) {
    guard::free(reissue)
}

/// Creates an order (section 2): POST /v1/Order/Create with its fields and documents. The reply has
/// orderID or orderID_RSA, or both; wotrus_reply_order_id is the one to go on with.
///
/// With an idempotenceID a lost answer does no harm: the order is sent again under it. Without one
/// it is never sent again once the service may have it, and WOTRUS_UNKNOWN_OUTCOME says that the
/// order may exist though no answer names it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_create_order(
    client: *const wotrus_client,
    order: *const wotrus_order,
) -> *mut wotrus_reply {
    client::operate(client, |call| call.create_order(order))
}

/// Queries an order (section 3): GET /v1/Order/<id>. The reply has status ("pending", "issued",
/// "rejected", ...), productName, cn, org.orgName, createTime, isPay, pendingLink and more. An
/// order that the service does not know is WOTRUS_REFUSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_query_order(
    client: *const wotrus_client,
    order_id: *const c_char,
) -> *mut wotrus_reply {
    client::operate(client, |call| call.query_order(&call.text("orderID", order_id)?))
}

/// Retrieves an issued certificate (section 4): GET /v1/Certificate/RetrievePem. The reply has
/// pem_RSA, chains_RSA and those of Sign and Encrypt; read them by wotrus_reply_full_chain,
/// wotrus_reply_pem and their like. Before it is issued the status is WOTRUS_NOT_READY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_retrieve_certificate(
    client: *const wotrus_client,
    order_id: *const c_char,
) -> *mut wotrus_reply {
    client::operate(client, |call| {
        call.client.retrieve_certificate(&call.text("orderID", order_id)?)
    })
}

/// Cancels an order that is neither issued nor revoked (section 5): POST /v1/Order/Cancel with
/// orderID and reason. The reply has cancelResult; where that is false the status is
/// WOTRUS_REFUSED, with the service's reason. Never sent again by itself once the service may have
/// it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_cancel_order(
    client: *const wotrus_client,
    order_id: *const c_char,
    reason: *const c_char,
) -> *mut wotrus_reply {
    client::operate(client, |call| {
        let order_id = call.text("orderID", order_id)?;
        call.client.cancel_order(&order_id, &call.text("reason", reason)?)
    })
}

/// Requests a revocation (section 6): POST /v1/Certificate/RevokeRequest with orderID, reason and
/// the organisation's proof on WoTrus's template. WOTRUS_OK means that the request was taken: in
/// the reply revokeStatus may be "pendingAudit", and revoked "false". Never sent again by itself
/// once the service may have it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_revoke_certificate(
    client: *const wotrus_client,
    order_id: *const c_char,
    reason: *const c_char,
    proof: *const wotrus_document,
) -> *mut wotrus_reply {
    client::operate(client, |call| {
        let order_id = call.text("orderID", order_id)?;
        let reason = call.text("reason", reason)?;
        let proof = call.scope.object("proof", proof)?.0.get()?;
        call.client.revoke_certificate(&RevokeRequest::new(order_id, reason, proof))
    })
}

/// Requests a reissue (section 7): POST /v1/Certificate/ReissueRequest with its fields and proof.
/// The reply has newOrderID, which is wotrus_reply_order_id. For SM2 and Sectigo products the new
/// certificate, once issued, revokes the old one; for others the old one stays until its own
/// revocation. An idempotenceID guards it as it does an order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reissue_certificate(
    client: *const wotrus_client,
    reissue: *const wotrus_reissue,
) -> *mut wotrus_reply {
    client::operate(client, |call| call.reissue_certificate(reissue))
}

/// Has the service tell the customer by e-mail that the order is issued (section 9): POST
/// /v1/Notification/email with orderID and collectUrl, where the certificate can be downloaded. The
/// reply has sentResult; where that is false the status is WOTRUS_REFUSED. Never sent again by
/// itself once the service may have it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_notify_by_email(
    client: *const wotrus_client,
    order_id: *const c_char,
    collect_url: *const c_char,
) -> *mut wotrus_reply {
    client::operate(client, |call| {
        let order_id = call.text("orderID", order_id)?;
        call.client.notify_by_email(&order_id, &call.text("collectUrl", collect_url)?)
    })
}

/// Waits up to timeout_ms until the order is issued, and retrieves its certificate as
/// wotrus_retrieve_certificate does. It looks after 2 seconds, and then at pauses that grow to a
/// minute. WOTRUS_NOT_READY when the time is over, WOTRUS_REFUSED for an order that ends rejected,
/// closed or revoked. A review by people takes days: rather wait for the push.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_wait_for_certificate(
    client: *const wotrus_client,
    order_id: *const c_char,
    timeout_ms: c_uint,
) -> *mut wotrus_reply {
    client::operate(client, |call| {
        let time = client::milliseconds("timeout_ms", timeout_ms)?;
        let order_id = call.text("orderID", order_id)?;
        call.client.wait_for_certificate(&order_id, &WaitOptions::new().timeout(time))
    })
}

/// Reads the body of a request that the service sent to your push URL (section 8). The fields are
/// dataAction and, where that is "order", orderID, isIssued and isRevoked ("true" or "false"). An
/// unknown dataAction is no error. A push is a hint that anybody can send: query the order before
/// acting on it, and answer 200, or the service sends it again, three times in all. The body, and
/// all that comes of it, is UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_read_push(body: *const c_void, len: usize) -> *mut wotrus_reply {
    guard::object(|scope| {
        let push = Push::parse(scope.bytes("push", body, len)?);
        Ok(reply::of(push.map(Into::into), text::Charset::Utf8))
    })
}

/// Calls an operation by name with the service's own JSON, unchanged: "create_order",
/// "query_order", "retrieve_certificate", "cancel_order", "revoke_certificate",
/// "reissue_certificate", "notify_by_email", "wait_for_certificate", "read_push"; or any endpoint
/// by method and path: "GET /v1/..." (json is NULL and len 0), "POST /v1/..." (NULL sends {}).
///
/// DnsCache in the JSON are in any case. In place of fileContent a file may stand as
/// "path":"licence.pdf", to be read while it is sent; fileType is then taken from its name, unless
/// it is given. Operations on an order take {"orderID":...}, with reason, collectUrl, or timeout in
/// seconds (600). "read_push" takes the push as it came, in UTF-8. A POST to an endpoint goes out
/// as it is, and is never sent again once the service may have it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_call(
    client: *const wotrus_client,
    operation: *const c_char,
    json: *const c_void,
    len: usize,
) -> *mut wotrus_reply {
    client::operate(client, |call| call.by_name(operation, json, len))
}

/// WOTRUS_OK, or the kind of failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_status(reply: *const wotrus_reply) -> c_int {
    guard::value(WOTRUS_INTERNAL, |scope| reply::read(scope, reply).status())
}

/// The status as a word: "ok", "argument", "config", "auth", "refused", "not_ready",
/// "unknown_outcome", "network", "protocol", "file", "cancelled", "internal".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_kind(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).kind())
}

/// The finer reason as a word: "none" for WOTRUS_OK, else "invalid", "dns", "connect", "proxy",
/// "tls", "timeout", "connection_lost", "http_status", "redirect", "http", "not_json", "envelope",
/// "too_large", "refused", "not_issued", "ended", "certificate", "file_read", "file_changed",
/// "cancelled", "panic", or one added later.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_cause(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).cause())
}

/// Whether the service got the call, over all attempts: "not_sent", "answered" or "unknown". Of a
/// push that was read, "not_sent".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_delivery(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).delivery())
}

/// One sentence for a person, without secrets; for WOTRUS_OK the service's own words, or "".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_message(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).message())
}

/// The HTTP status of the last answer, 0 if none came.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_http_status(reply: *const wotrus_reply) -> c_int {
    guard::value(0, |scope| reply::read(scope, reply).http_status())
}

/// The RequestID that was sent, by which the service finds the call in its logs; NULL if none was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_request_id(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).request_id())
}

/// The idempotenceID the call carried, NULL if none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_idempotence_id(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).idempotence_id())
}

/// How many attempts were made, those included that a callback or the network kept from being sent;
/// 0 when the call was refused here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_attempts(reply: *const wotrus_reply) -> c_uint {
    guard::value(0, |scope| reply::read(scope, reply).attempts())
}

/// How long the service asked to wait (Retry-After), in milliseconds; -1 if it did not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_retry_after_ms(reply: *const wotrus_reply) -> c_int {
    guard::value(-1, |scope| reply::read(scope, reply).retry_after_ms())
}

/// The id of the order that the reply is about: of the one that was created (orderID, or
/// orderID_RSA where that stands alone), queried, reissued (newOrderID) or pushed; else NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_order_id(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).order_id())
}

/// A field by its path: "status", "org.orgName", "chains_RSA.0", names in any case. It is looked
/// for in data and then in the envelope around it; in a push; in the error of a failure ("field",
/// "service_message"). Numbers and booleans come as text, objects and arrays as JSON, null and
/// absent as NULL. A NUL inside a text comes as U+FFFD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_get(
    reply: *const wotrus_reply,
    path: *const c_char,
) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).get(scope, path))
}

/// The whole as JSON, of *len bytes (len may be NULL): the answer with its envelope, a push, or
/// {"error":{"kind":...,"cause":...,"delivery":...,"message":...,"request_id":...,"attempts":...,
/// "http_status":...,"retry_after":...,"idempotence_id":...,"field":...,"service_message":...}}.
/// Never NULL. An answer may hold personal data.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_json(
    reply: *const wotrus_reply,
    len: *mut usize,
) -> *const c_char {
    guard::sized_text(len, |scope| reply::read(scope, reply).json())
}

/// The answer or the push as the bytes that came, of *len bytes (len may be NULL), always UTF-8;
/// NULL for a failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_body(
    reply: *const wotrus_reply,
    len: *mut usize,
) -> *const c_char {
    guard::sized_text(len, |scope| reply::read(scope, reply).body())
}

/// A certificate in PEM; as it came if it is none that can be read, NULL if it did not come. which
/// is "RSA" (also for ECC keys), "Sign" or "Encrypt" (SM2), as the document names them; NULL is the
/// first that came.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_pem(
    reply: *const wotrus_reply,
    which: *const c_char,
) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).pem(scope, which))
}

/// What a server's certificate file holds: the certificate, then upwards each issuer, without the
/// root. NULL if it did not come or cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_full_chain(
    reply: *const wotrus_reply,
    which: *const c_char,
) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).full_chain(scope, which))
}

/// The chain as it came, one by one: by the document, the top root has the index 0 and the lowest
/// intermediate the last. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_chain(
    reply: *const wotrus_reply,
    which: *const c_char,
    index: usize,
) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).chain(scope, which, index))
}

/// The root in PEM, NULL if the service did not send the chain up to it, or it cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_root(
    reply: *const wotrus_reply,
    which: *const c_char,
) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).root(scope, which))
}

/// Whether the certificate is for the key that this CSR (PKCS#10 in PEM) asks for: 1 yes, 0 no (the
/// server that holds the key cannot use it), -1 if one of the two cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_matches_csr(
    reply: *const wotrus_reply,
    which: *const c_char,
    csr: *const c_char,
) -> c_int {
    guard::value(-1, |scope| reply::read(scope, reply).matches_csr(scope, which, csr))
}

/// Frees a reply with all text that came from it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_free(reply: *mut wotrus_reply) {
    guard::free(reply)
}
