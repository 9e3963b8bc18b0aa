//! libwotrus: orders, tracks, fetches, cancels, revokes and reissues WoTrus certificates.
//!
//! This is a client of the WoTrus reseller API (document version V1.09; "section" below means a
//! section of that document). Every call blocks until it has an answer, fails, or reaches its
//! deadline. The library needs no initialisation, reads no environment variables, changes neither
//! signal handlers nor the locale, creates no thread before the first call, and writes nothing to
//! stdout or stderr, except one line before it aborts the process (see Misuse).
//!
//!   cc program.c $(pkg-config --cflags --libs wotrus)
//!
//!   wotrus_config *config = wotrus_config_new();
//!   wotrus_client *client;
//!   wotrus_reply *reply;
//!   const char *status;
//!   wotrus_config_set(config, "token", "tk_...");
//!   client = wotrus_client_new(config);
//!   wotrus_config_free(config);
//!   reply = wotrus_query_order(client, "a4a78326-0546-4602-9586-8ee3c05e8068");
//!   if (wotrus_reply_status(reply) == WOTRUS_OK) {
//!       status = wotrus_reply_get(reply, "status");
//!       puts(status != NULL ? status : "(no status)");
//!   } else {
//!       fprintf(stderr, "%s\n", wotrus_reply_message(reply));
//!   }
//!   wotrus_reply_free(reply);
//!   wotrus_client_free(client);
//!
//! Ownership. A function that returns a wotrus_config, wotrus_client, wotrus_document, wotrus_order,
//! wotrus_reissue or wotrus_reply gives it to the caller. The pointer is never NULL. Free it once,
//! with the _free function of its type; objects may be freed in any order, because none keeps a
//! pointer to another or to an argument (the callback's user pointer is the one exception). Freeing
//! NULL does nothing. A returned const char * is NUL-terminated, belongs to the object it was read
//! from, and is valid until that object is freed. Where a function may return NULL, its comment says
//! so.
//!
//! Text. Text in and out is UTF-8, or GB18030 (a superset of GBK and GB2312) for a client with the
//! option charset = GB18030. The charset is never guessed. JSON arguments are in the client's
//! charset; with GB18030, returned JSON is ASCII with \uXXXX escapes. Paths are bytes as the file
//! system has them, and messages show those that are not UTF-8 as U+FFFD; on Windows they are text in
//! the charset of the client that uses them, and a path that is not valid in it is reported like a file
//! that cannot be read. A path inside JSON is text like the rest of the JSON. Text arguments end at
//! their NUL; arguments with a length (JSON, documents, pushes) need no NUL, and their length does not
//! count one.
//!
//! Errors. Every call that can fail returns a wotrus_reply. Its status is WOTRUS_OK or one of the
//! constants below; treat an unknown status as a failure. Setters return nothing: an object keeps
//! its first mistake, and the call that uses the object reports it and names the field. A client
//! made from an invalid configuration exists; wotrus_client_check and every call report the
//! mistake. NULL for a required argument is reported in the same way.
//!
//! Delivery. A reply says whether the service received the call, over all attempts, and so whether
//! an order may exist: "not_sent" - nothing that could be processed reached the service;
//! "answered" - the service's decision was read; "unknown" - the call may have been processed. A
//! writing call that fails with "unknown" has the status WOTRUS_UNKNOWN_OUTCOME, and its message
//! says what to do next.
//!
//! Retries. A failed call is sent again (twice at most; option retries) only if that cannot
//! duplicate its effect: calls that only read; calls that did not reach the service, or that it
//! declined with HTTP 429; orders and reissues with an idempotenceID, under the same ID. HTTP 5xx
//! counts as "may have been processed". Give every order an idempotenceID, such as your database
//! key. Without one, an order that may have been processed is never sent again.
//!
//! Threads. Any number of threads may use one client at the same time, and any object that a
//! function takes as const. An object that a function takes as non-const (one that is being set or
//! freed) must not be used by another thread at that time. A call needs 128 KiB of stack. Do not end
//! a thread inside a call with pthread_cancel; use wotrus_client_cancel.
//!
//! Fork. After a fork, parent and child may both use a client created before; each has its own
//! connections. A child that does not exec may also free it. Do not use in the child any other
//! object that another thread was using at the time of the fork.
//!
//! Signals. The library installs no handler and changes no mask. A broken connection raises no
//! SIGPIPE, and system calls interrupted by a signal are resumed. No function may be called from a
//! signal handler, wotrus_client_cancel included: let the handler set a flag, and let the callback
//! return non-zero or another thread cancel.
//!
//! Misuse. A pointer of the wrong type, or to an object that was freed, is detected where its memory
//! still allows it. A function that returns a reply reports WOTRUS_ARGUMENT; one that reads a reply
//! treats it as NULL; a setter, a _free function or wotrus_client_cancel prints one line to stderr and
//! aborts, because going on would corrupt memory. The process is also aborted if memory runs out.
//!
//! Times are decimal seconds in options ("2.5"), whole milliseconds in names that end in _ms.

// This file has over 500 lines because cbindgen reads all declarations from one file.

#![allow(
    unsafe_code,
    // The linker sees the functions of this file, and only those.
    unreachable_pub,
    non_camel_case_types,
    // The contract above is the safety section of every function.
    clippy::missing_safety_doc,
    unsafe_op_in_unsafe_fn
)]

mod callback;
mod client;
mod config;
mod document;
mod fields;
mod guard;
mod handle;
mod module;
mod operations;
mod order;
mod panics;
mod path;
mod reissue;
mod reply;
mod success;
#[cfg(test)]
mod tests;
mod text;
mod text_cache;
mod values;

use std::ffi::{c_char, c_int, c_uint, c_void};

use self::text_cache::CertificateText;
use crate::messages::Lang;
use crate::push::Push;
use crate::request::RevokeRequest;
use crate::wait::WaitOptions;

/// The version of this interface, the number in libwotrus.so.1. It changes only when existing
/// programs would break; new functions do not change it.
pub const WOTRUS_ABI: c_int = 1;

/// The call succeeded.
pub const WOTRUS_OK: c_int = 0;
/// An argument was refused before anything was sent; the message names the field.
pub const WOTRUS_ARGUMENT: c_int = 1;
/// An option of the client is invalid: address, CA file, proxy, ...
pub const WOTRUS_CONFIG: c_int = 2;
/// The service rejected the token: HTTP 401 or 403.
pub const WOTRUS_AUTH: c_int = 3;
/// The service refused the call and said why, or the order ended without a certificate.
pub const WOTRUS_REFUSED: c_int = 4;
/// The certificate is not issued yet.
pub const WOTRUS_NOT_READY: c_int = 5;
/// A writing call may have been processed, and no usable answer came.
pub const WOTRUS_UNKNOWN_OUTCOME: c_int = 6;
/// Nothing was sent, or a reading call got no answer.
pub const WOTRUS_NETWORK: c_int = 7;
/// The answer cannot be used: unexpected HTTP status (a redirect, 4xx, 5xx), not JSON, too large.
pub const WOTRUS_PROTOCOL: c_int = 8;
/// A local file cannot be read.
pub const WOTRUS_FILE: c_int = 9;
/// The call was ended by wotrus_client_cancel or by the callback.
pub const WOTRUS_CANCELLED: c_int = 10;
/// A defect of this library.
pub const WOTRUS_INTERNAL: c_int = 11;

/// Document type: letter of authorisation.
pub const WOTRUS_AUTHORIZATION: c_uint = 1;
/// Document type: business licence.
pub const WOTRUS_BUSINESS_LICENCE: c_uint = 2;
/// Document type: identity card.
pub const WOTRUS_IDENTITY_CARD: c_uint = 3;

/// Options of a client, or of some of its calls. Not for several threads at the same time.
#[derive(Default)]
pub struct wotrus_config(config::Config);

/// A client of the service with its connections, which are opened when calls need them. Any number
/// of threads may use it at the same time.
pub struct wotrus_client(client::Client);

/// A file to send to the service. Any number of threads may use it at the same time.
pub struct wotrus_document(document::Document);

/// An order to create. Not for several threads at the same time while it is being set.
#[derive(Default)]
pub struct wotrus_order(fields::RecordedFields);

/// A certificate to reissue. Not for several threads at the same time while it is being set.
#[derive(Default)]
pub struct wotrus_reissue(fields::RecordedFields);

/// The result of a call. It is immutable; any number of threads may read it at the same time.
pub struct wotrus_reply(reply::Reply);

/// Receives the events of a call.
///
/// user: the pointer given to wotrus_config_set_callback.
/// event_json: a JSON object of len bytes, valid until the callback returns. Its member "event" is
/// one of the names below, followed by that event's members. No event contains a secret.
///
///   sending    operation method path request_id idempotence_id attempt
///   uploading  sent total (bytes; large bodies only)
///   answered   http_status bytes elapsed_ms
///   failed     cause delivery message elapsed_ms
///   retrying   pause_ms
///   waiting    order_id status pause_ms elapsed_ms
///
/// Return 0 to continue. Non-zero at "sending" prevents the request (record an order there, before
/// it can exist), and at "waiting" ends the wait; the call then fails with WOTRUS_CANCELLED. The
/// value is ignored for other events.
///
/// The callback runs on the thread that makes the call, and concurrently if several threads make
/// calls. It may call any function of this library, also on the same client, but must not free an
/// object that the call uses, throw an exception or longjmp.
pub type wotrus_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, event_json: *const c_char, len: usize) -> c_int>;

/// Returns the version of the library at run time, such as "0.2.0". WOTRUS_VERSION is the version
/// the program was compiled with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// Returns the WOTRUS_ABI of the library at run time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_abi() -> c_int {
    WOTRUS_ABI
}

/// Creates a configuration in which every option has its default. The caller frees it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_config_new() -> *mut wotrus_config {
    guard::object(|_| Ok(wotrus_config::default()))
}

/// Sets an option.
///
/// config: NULL does nothing.
/// name, value: UTF-8 (ca_file: a path). A mistake is kept and reported by the client.
///
///   token            API token, tk_...; required
///   base_url         https://...; http:// for loopback only (https://restapi.wosign.com)
///   timeout          seconds for a whole call: every attempt and pause
///                    (30, plus 1 for each 128 KiB of body)
///   connect_timeout  seconds to resolve a name, and again to connect (10)
///   retries          maximum number of retries, where a retry is safe (2)
///   ca_file          PEM file of the CAs to trust instead of the built-in ones; "system": those that
///                    the operating system trusts (a file of this name is "./system")
///   proxy            http://[user:password@]host:port, user and password percent-encoded; not
///                    used for loopback (none)
///   max_answer_size  maximum size of an answer's body in bytes (1048576)
///   user_agent       the User-Agent header (libwotrus/<version>)
///   charset          UTF-8 or GB18030, for all text in and out (UTF-8)
///   request_id       the RequestID of the calls (unset: each call has its own)
///   lang             zh: messages in Chinese; en: in English (en)
///   cancel           own or shared: see wotrus_client_with (shared)
///
/// Setting an option again replaces it. An empty ca_file or proxy removes the option.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_config_set(
    config: *mut wotrus_config,
    name: *const c_char,
    value: *const c_char,
) {
    guard::change("wotrus_config_set", config, |scope, config| config.0.set(scope, name, value))
}

/// Sets the event callback of the clients made from this configuration.
///
/// config: NULL does nothing.
/// callback: NULL removes the callback.
/// user: passed to the callback; it must stay valid as long as those clients. May be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_config_set_callback(
    config: *mut wotrus_config,
    callback: wotrus_callback,
    user: *mut c_void,
) {
    guard::change("wotrus_config_set_callback", config, |_, config| {
        config.0.callback = callback::Callback::new(callback, user);
        Ok(())
    })
}

/// Frees a configuration. Clients made from it remain valid. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_config_free(config: *mut wotrus_config) {
    guard::free("wotrus_config_free", config)
}

/// Creates a client. The CA file is read now; connections are opened by the first call.
///
/// config: not NULL. It may be freed afterwards.
///
/// The caller frees the client. If the configuration is invalid, the client exists and every call
/// fails as wotrus_client_check reports.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_client_new(config: *const wotrus_config) -> *mut wotrus_client {
    guard::object(|scope| Ok(wotrus_client(scope.object("config", config)?.0.client())))
}

/// Creates a client for calls with their own options; it shares the connections of another client.
///
/// client: the client to derive from, not NULL. It may be freed afterwards.
/// config: not NULL. request_id, timeout, retries, charset, lang, cancel and the callback may be set; an
/// option that is not set has the value that client has. Any other option is reported as WOTRUS_CONFIG.
///
/// With the option cancel = own, wotrus_client_cancel on the new client ends its own calls alone, and
/// calls made on it later fail with WOTRUS_CANCELLED too: create one such client for each call that
/// must be cancellable by itself. Cancelling client ends the new client's calls in either case. A client
/// derived from one made with own, without own itself, is cancelled together with that one.
///
/// The caller frees the new client.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_client_with(
    client: *const wotrus_client,
    config: *const wotrus_config,
) -> *mut wotrus_client {
    guard::object(|scope| {
        let client = scope.object("client", client)?;
        Ok(wotrus_client(client.0.with(&scope.object("config", config)?.0)))
    })
}

/// Reports whether a client's configuration is valid, without calling the service.
///
/// client: not NULL.
///
/// The caller frees the reply. Its status is WOTRUS_OK, or WOTRUS_CONFIG with a message that names
/// the option; WOTRUS_ARGUMENT if a NULL, or text that is not UTF-8, was given to make the client.
/// Nothing is sent; delivery is "not_sent" and attempts 0 in either case.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_client_check(client: *const wotrus_client) -> *mut wotrus_reply {
    guard::object(|scope| Ok(client::check(scope, client)))
}

/// Cancels the calls, pauses and waits in progress on this client and on all clients that share its
/// connections (for a client made with cancel = own: on it and those derived from it). They fail with
/// WOTRUS_CANCELLED, or with WOTRUS_UNKNOWN_OUTCOME if a writing call may have been processed. Later
/// calls work, except on a client made with cancel = own.
///
/// client: NULL does nothing.
///
/// Call it from another thread or from the callback, not from a signal handler. It does not wait for
/// the calls to end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_client_cancel(client: *const wotrus_client) {
    guard::act("wotrus_client_cancel", client, |client| client.0.cancel())
}

/// Frees a client that no thread is using. The connections close when the last client that shares
/// them is freed. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_client_free(client: *mut wotrus_client) {
    guard::free("wotrus_client_free", client)
}

/// Creates a document from a file, which is read while it is sent: memory use does not depend on its
/// size.
///
/// path: a regular file of at most 64 MiB, not NULL. On Windows it is in the charset of the client
/// that sends the document.
/// file_type: ".jpg", ".gif", ".pdf", or another type the service accepts. NULL derives it from the
/// file's name (.jpg, .jpeg, .gif, .pdf).
///
/// The caller frees the document. The file is opened by the call that uses the document; that call
/// reports as WOTRUS_FILE a file that cannot be read or that changes while it is sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_document_from_path(
    path: *const c_char,
    file_type: *const c_char,
) -> *mut wotrus_document {
    guard::object(|scope| document::from_path(scope, path, file_type).map(wotrus_document))
}

/// Creates a document from bytes in memory, which are copied.
///
/// bytes: len bytes, at least 1 and at most 64 MiB; not NULL.
/// file_type: as in wotrus_document_from_path, but not NULL.
///
/// The caller frees the document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_document_from_bytes(
    bytes: *const c_void,
    len: usize,
    file_type: *const c_char,
) -> *mut wotrus_document {
    guard::object(|scope| document::from_bytes(scope, bytes, len, file_type).map(wotrus_document))
}

/// Frees a document. Orders and reissues to which it was added keep their own reference. NULL does
/// nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_document_free(document: *mut wotrus_document) {
    guard::free("wotrus_document_free", document)
}

/// Creates an empty order. The caller frees it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_order_new() -> *mut wotrus_order {
    guard::object(|_| Ok(wotrus_order::default()))
}

/// Sets a field of an order (section 2).
///
/// order: NULL does nothing.
/// name: the field's name in the document, in any ASCII case. A field that is not listed here needs
/// its part, as in "orderinfoPost.Hosts", and is sent as a string (for lists use wotrus_call).
/// value: text in the charset of the client that sends the order. month is 12, 13, 24 or 25.
///
///   required      productID commonName month OrgName
///   usual         idempotenceID csR_RSA
///   USB key       uKeyPassword uKeyShipAddress
///   organisation  BusinessCategory OrgPhone OrgEmail countryCode state city street zip
///                 businessLicense OtherName
///   applicant     UserFirstName UserLastName UserEmail UserMobile IDCardNO
///
/// Setting a field again replaces it. A mistake is kept and reported by wotrus_create_order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_order_set(
    order: *mut wotrus_order,
    name: *const c_char,
    value: *const c_char,
) {
    guard::change("wotrus_order_set", order, |scope, order| order.0.set(scope, name, value))
}

/// Adds a document to an order (documentsPost in section 2).
///
/// order: NULL does nothing.
/// document_type: WOTRUS_AUTHORIZATION, WOTRUS_BUSINESS_LICENCE, WOTRUS_IDENTITY_CARD, or another
/// number the service accepts.
/// document: not NULL. It may be freed afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_order_add_document(
    order: *mut wotrus_order,
    document_type: c_uint,
    document: *const wotrus_document,
) {
    guard::change("wotrus_order_add_document", order, |scope, order| {
        order.0.add_document(document_type, scope.object("document", document)?);
        Ok(())
    })
}

/// Frees the order object. An order at the service is not affected. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_order_free(order: *mut wotrus_order) {
    guard::free("wotrus_order_free", order)
}

/// Creates an empty reissue request. The caller frees it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reissue_new() -> *mut wotrus_reissue {
    guard::object(|_| Ok(wotrus_reissue::default()))
}

/// Sets a field of a reissue request (section 7).
///
/// reissue: NULL does nothing.
/// name: orderID, csr and reason (required), csR_Encrypt (SM2 only) or idempotenceID, in any ASCII
/// case.
/// value: text in the charset of the client that sends the request.
///
/// Setting a field again replaces it. A mistake is kept and reported by wotrus_reissue_certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reissue_set(
    reissue: *mut wotrus_reissue,
    name: *const c_char,
    value: *const c_char,
) {
    guard::change("wotrus_reissue_set", reissue, |scope, reissue| reissue.0.set(scope, name, value))
}

/// Sets the organisation's proof on WoTrus's template, which SM2 and Sectigo products require.
///
/// reissue: NULL does nothing.
/// proof: not NULL. It may be freed afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reissue_set_proof(
    reissue: *mut wotrus_reissue,
    proof: *const wotrus_document,
) {
    guard::change("wotrus_reissue_set_proof", reissue, |scope, reissue| {
        // A reissue has one document, which needs no number.
        reissue.0.add_document(0, scope.object("proof", proof)?);
        Ok(())
    })
}

/// Frees a reissue request. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reissue_free(reissue: *mut wotrus_reissue) {
    guard::free("wotrus_reissue_free", reissue)
}

/// Creates an order (section 2): POST /v1/Order/Create.
///
/// client, order: not NULL.
///
/// The caller frees the reply. On success it has orderID, orderID_RSA or both;
/// wotrus_reply_order_id is the one to use in later calls.
///
/// With an idempotenceID a lost answer is harmless: the order is sent again under the same ID.
/// Without one, an order that the service may have processed is never sent again, and
/// WOTRUS_UNKNOWN_OUTCOME means that the order may exist although no answer names it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_create_order(
    client: *const wotrus_client,
    order: *const wotrus_order,
) -> *mut wotrus_reply {
    client::operate(client, |call| {
        call.client.create_order(&call.scope.object("order", order)?.request(call.charset)?)
    })
}

/// Queries an order (section 3): GET /v1/Order/<id>.
///
/// client, order_id: not NULL.
///
/// The caller frees the reply. On success it has status ("pending", "issued", "rejected", ...),
/// productName, cn, org.orgName, createTime, isPay, pendingLink and more. An order that the service
/// does not know is WOTRUS_REFUSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_query_order(
    client: *const wotrus_client,
    order_id: *const c_char,
) -> *mut wotrus_reply {
    client::operate(client, |call| call.query_order(&call.text("orderID", order_id)?))
}

/// Retrieves an issued certificate (section 4): GET /v1/Certificate/RetrievePem.
///
/// client, order_id: not NULL.
///
/// The caller frees the reply. On success it has pem_RSA, chains_RSA, and the same of Sign and
/// Encrypt for SM2; wotrus_reply_full_chain, wotrus_reply_pem and the functions after them read it.
/// Before the certificate is issued the status is WOTRUS_NOT_READY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_retrieve_certificate(
    client: *const wotrus_client,
    order_id: *const c_char,
) -> *mut wotrus_reply {
    client::operate(client, |call| {
        call.client.retrieve_certificate(&call.text("orderID", order_id)?)
    })
}

/// Cancels an order that is neither issued nor revoked (section 5): POST /v1/Order/Cancel.
///
/// client, order_id, reason: not NULL; reason not empty.
///
/// The caller frees the reply. If cancelResult is false, the status is WOTRUS_REFUSED and the
/// message has the service's reason. The call is never sent again once it may have been processed.
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

/// Requests a revocation (section 6): POST /v1/Certificate/RevokeRequest.
///
/// client, order_id, reason: not NULL; reason not empty.
/// proof: the organisation's proof on WoTrus's template, not NULL.
///
/// The caller frees the reply. WOTRUS_OK means that the request was accepted: revokeStatus may be
/// "pendingAudit" and revoked "false". The call is never sent again once it may have been processed.
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
        let proof = call.scope.object("proof", proof)?.0.get(call.charset)?;
        let revocation = RevokeRequest::new(order_id, reason, proof);
        Ok(call.client.revoke_certificate(&revocation)?.reply)
    })
}

/// Requests a reissue (section 7): POST /v1/Certificate/ReissueRequest.
///
/// client, reissue: not NULL.
///
/// The caller frees the reply. On success it has newOrderID, which wotrus_reply_order_id returns.
/// For SM2 and Sectigo products the new certificate, once issued, revokes the old one; for other
/// products the old certificate stays valid until it is revoked by a request of its own. An
/// idempotenceID protects a reissue as it does an order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reissue_certificate(
    client: *const wotrus_client,
    reissue: *const wotrus_reissue,
) -> *mut wotrus_reply {
    client::operate(client, |call| {
        call.client
            .reissue_certificate(&call.scope.object("reissue", reissue)?.request(call.charset)?)
    })
}

/// Makes the service tell the customer by e-mail that the order is issued (section 9): POST
/// /v1/Notification/email.
///
/// client, order_id: not NULL.
/// collect_url: where the customer downloads the certificate, not NULL, not empty.
///
/// The caller frees the reply. If sentResult is false, the status is WOTRUS_REFUSED. The call is
/// never sent again once it may have been processed.
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

/// Waits until an order is issued, then retrieves its certificate (sections 3 and 4).
///
/// client, order_id: not NULL.
/// timeout_ms: maximum time for the whole wait in milliseconds, at least 1. No query begins in the
/// last 2 seconds (in the last quarter, if that is less), so the wait may end then.
///
/// The order is queried at once, again after 2 seconds, and then at intervals that grow to a minute.
/// A manual review takes days; prefer the push (wotrus_read_push) to a long wait.
///
/// The caller frees the reply, which is that of wotrus_retrieve_certificate. WOTRUS_NOT_READY means
/// that the time is over, WOTRUS_REFUSED that the order ended as rejected, closed or revoked.
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

/// Reads the body of a push, a request that the service sent to your push URL (section 8).
///
/// body: len bytes of UTF-8, not NULL.
///
/// The caller frees the reply, whose texts are UTF-8 and whose messages are English (wotrus_call with
/// "read_push" uses the client's language). It has dataAction and, if that is "order", orderID,
/// isIssued and isRevoked ("true" or "false"; NULL if they did not come or are neither). An unknown
/// dataAction is not an error. A push is not authenticated: query the order before acting on it. Answer
/// the request with HTTP 200; otherwise the service repeats it, up to three times in all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_read_push(body: *const c_void, len: usize) -> *mut wotrus_reply {
    guard::object(|scope| {
        let push = Push::parse(scope.bytes("push", body, len)?);
        Ok(reply::from_result(push.map(Into::into), text::Charset::Utf8, Lang::En))
    })
}

/// Calls an operation by name, with the JSON that the document describes, or any endpoint.
///
/// client, operation: not NULL. operation is "create_order", "query_order",
/// "retrieve_certificate", "cancel_order", "revoke_certificate", "reissue_certificate",
/// "notify_by_email", "wait_for_certificate" or "read_push"; or a method and a path:
/// "GET /v1/..." or "POST /v1/...".
/// json: len bytes in the client's charset; NULL with len 0 for "GET", and for "POST" to send {}.
///
/// Member names are accepted in any ASCII case. A document may be given as "path":"licence.pdf" in
/// place of fileContent: the file is read while it is sent, and its fileType is derived from its name
/// unless given. Operations on an existing order take {"orderID":...}, with reason, collectUrl, or
/// timeout in seconds (600). "read_push" takes the push as it came, in UTF-8. The body of a "POST" is
/// sent unchanged, in UTF-8, and never again once it may have been processed.
///
/// The caller frees the reply.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_call(
    client: *const wotrus_client,
    operation: *const c_char,
    json: *const c_void,
    len: usize,
) -> *mut wotrus_reply {
    client::operate(client, |call| call.by_name(operation, json, len))
}

/// Returns WOTRUS_OK or the kind of failure; WOTRUS_ARGUMENT if reply is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_status(reply: *const wotrus_reply) -> c_int {
    guard::value(WOTRUS_INTERNAL, |scope| reply::read(scope, reply).status())
}

/// Returns the status as a word: "ok", "argument", "config", "auth", "refused", "not_ready",
/// "unknown_outcome", "network", "protocol", "file", "cancelled" or "internal".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_kind(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).kind())
}

/// Returns the cause of a failure as a word: "none" for WOTRUS_OK, otherwise "invalid", "dns",
/// "connect", "proxy", "tls", "timeout", "connection_lost", "http_status", "redirect", "http",
/// "not_json", "envelope", "too_large", "refused", "not_issued", "ended", "certificate", "file_read",
/// "file_changed", "cancelled", "panic", or a word that a later version adds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_cause(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).cause())
}

/// Returns whether the service received the call, over all attempts: "not_sent", "answered" or
/// "unknown". For a push it is "not_sent"; if reply is NULL or was freed, "unknown".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_delivery(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).delivery())
}

/// Returns one sentence for a person, without secrets. For WOTRUS_OK it is the service's own message
/// (successMsg), or "".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_message(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).message())
}

/// Returns a warning about a call that succeeded, as one sentence for a person: the answer is about
/// another order than the one that was asked for.
///
/// index: 0 is the first.
///
/// NULL if the index is past the end, and for failures.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_warning(
    reply: *const wotrus_reply,
    index: usize,
) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).warning(index))
}

/// Returns the HTTP status of the last answer; 0 if none came.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_http_status(reply: *const wotrus_reply) -> c_int {
    guard::value(0, |scope| reply::read(scope, reply).http_status())
}

/// Returns the RequestID of the call, by which the service finds it in its logs if it came there; NULL
/// if the call was refused before the first attempt.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_request_id(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).request_id())
}

/// Returns the idempotenceID of the call; NULL if it had none, or if the call was refused before the
/// first attempt.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_idempotence_id(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).idempotence_id())
}

/// Returns the number of attempts, including those that the callback or the network prevented; 0 if
/// the call was refused before the first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_attempts(reply: *const wotrus_reply) -> c_uint {
    guard::value(0, |scope| reply::read(scope, reply).attempts())
}

/// Returns how long the service asked to wait (Retry-After), in milliseconds; -1 if it did not ask.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_retry_after_ms(reply: *const wotrus_reply) -> c_int {
    guard::value(-1, |scope| reply::read(scope, reply).retry_after_ms())
}

/// Returns the ID of the order that was created (orderID, or orderID_RSA if that is the only one),
/// queried, reissued (newOrderID) or pushed; NULL for other calls and for failures.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_order_id(reply: *const wotrus_reply) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).order_id())
}

/// Returns a field of the reply.
///
/// path: such as "status", "org.orgName" or "chains_RSA.0", in any ASCII case. It is looked up in
/// data, then in the envelope around it; in a push; or in the error of a failure ("field",
/// "service_message"). NULL gives NULL.
///
/// Numbers and booleans are returned as text, objects and arrays as JSON, null and absent fields as
/// NULL. A NUL inside a text is returned as U+FFFD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_get(
    reply: *const wotrus_reply,
    path: *const c_char,
) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).get(scope, path))
}

/// Returns the whole reply as JSON; never NULL.
///
/// len: receives the length in bytes, without the NUL; may be NULL.
///
/// It is the answer with its envelope, the push, or for a failure
/// {"error":{"kind":...,"cause":...,"delivery":...,"message":...,"request_id":...,"attempts":...,
/// "http_status":...,"retry_after":...,"idempotence_id":...,"field":...,"service_message":...}}
/// with retry_after in seconds. An answer may contain personal data.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_json(
    reply: *const wotrus_reply,
    len: *mut usize,
) -> *const c_char {
    guard::sized_text(len, &|scope| reply::read(scope, reply).json())
}

/// Returns the answer or the push as the bytes that came, always in UTF-8; NULL for a failure.
///
/// len: receives the length in bytes, without the NUL; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_body(
    reply: *const wotrus_reply,
    len: *mut usize,
) -> *const c_char {
    guard::sized_text(len, &|scope| reply::read(scope, reply).body())
}

/// Returns the values of wotrus_reply_json in one block, for bindings that build values of their own
/// language without a JSON parser.
///
/// len: receives the length of the block in bytes; may be NULL.
///
/// Each value begins with one byte: 'n' is null, 't' true, 'f' false; 'i' is followed by a signed and
/// 'd' by a floating-point number of 8 bytes; 's' is a text: 4 bytes of length, then that many bytes
/// of UTF-8, whatever the option charset, without a NUL at the end; '[' is an array: its values, then
/// ']'; '{' is an object: for each member ':', 4 bytes of length, its name in UTF-8, and its value;
/// then '}'. Numbers and lengths are in the processor's byte order and are not aligned. An integer of more
/// than 64 bits is a text with all its digits.
///
/// The block is valid until the reply is freed. NULL if a text of the reply has no UTF-8 form (half of
/// a surrogate pair); wotrus_reply_json still has it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_values(
    reply: *const wotrus_reply,
    len: *mut usize,
) -> *const c_void {
    guard::sized_text(len, &|scope| reply::read(scope, reply).values()).cast()
}

/// Returns a certificate in PEM.
///
/// which: "RSA" (also for ECC keys), "Sign" or "Encrypt" (SM2), as the document names them, in any
/// ASCII case; NULL is the first that came.
///
/// A text that is not a readable certificate is returned unchanged. NULL if the certificate did not
/// come.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_pem(
    reply: *const wotrus_reply,
    which: *const c_char,
) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).certificate(scope, which, CertificateText::Pem))
}

/// Returns the content of a server's certificate file: the certificate, then each issuer upwards,
/// without the root, in PEM.
///
/// which: as in wotrus_reply_pem.
///
/// NULL if the certificate did not come or cannot be read. If an issuer is missing, the chain ends
/// there: see wotrus_reply_chain_status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_full_chain(
    reply: *const wotrus_reply,
    which: *const c_char,
) -> *const c_char {
    guard::text(|scope| {
        reply::read(scope, reply).certificate(scope, which, CertificateText::FullChain)
    })
}

/// Returns the text of wotrus_reply_full_chain followed by the root, if the service sent the chain up
/// to it.
///
/// which: as in wotrus_reply_pem.
///
/// NULL if the certificate did not come or cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_full_chain_with_root(
    reply: *const wotrus_reply,
    which: *const c_char,
) -> *const c_char {
    guard::text(|scope| {
        reply::read(scope, reply).certificate(scope, which, CertificateText::FullChainWithRoot)
    })
}

/// Returns the intermediate certificates alone, each issuer upwards without the root, in PEM: the
/// file that servers take beside a separate certificate file.
///
/// which: as in wotrus_reply_pem.
///
/// "" if there are none. NULL if the certificate did not come or cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_intermediates(
    reply: *const wotrus_reply,
    which: *const c_char,
) -> *const c_char {
    guard::text(|scope| {
        reply::read(scope, reply).certificate(scope, which, CertificateText::Intermediates)
    })
}

/// Returns how much of the chain came, as a word: "complete" - each issuer up to the root, or up to the
/// one below a root that was left out; "incomplete" - issuers came, but one is missing, so that
/// clients will not trust a server that sends wotrus_reply_full_chain; "none" - no issuer came.
///
/// which: as in wotrus_reply_pem.
///
/// NULL if the certificate did not come or cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_chain_status(
    reply: *const wotrus_reply,
    which: *const c_char,
) -> *const c_char {
    guard::text(|scope| {
        reply::read(scope, reply).certificate(scope, which, CertificateText::ChainStatus)
    })
}

/// Returns one certificate of the chain as the service sent it.
///
/// which: as in wotrus_reply_pem.
/// index: 0 is the top root, the last is the lowest intermediate (section 4).
///
/// NULL if the index is past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_chain(
    reply: *const wotrus_reply,
    which: *const c_char,
    index: usize,
) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).chain(scope, which, index))
}

/// Returns the root in PEM.
///
/// which: as in wotrus_reply_pem.
///
/// NULL if the service did not send the chain up to the root, or it cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_root(
    reply: *const wotrus_reply,
    which: *const c_char,
) -> *const c_char {
    guard::text(|scope| reply::read(scope, reply).certificate(scope, which, CertificateText::Root))
}

/// Returns whether the certificate belongs to the key of a certificate signing request.
///
/// which: as in wotrus_reply_pem.
/// csr: PKCS#10 in PEM, not NULL.
///
/// 1 if it does; 0 if it does not (the server that has the key cannot use the certificate); -1 if one
/// of the two cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_matches_csr(
    reply: *const wotrus_reply,
    which: *const c_char,
    csr: *const c_char,
) -> c_int {
    guard::value(-1, |scope| reply::read(scope, reply).matches_csr(scope, which, csr))
}

/// Frees a reply and all texts read from it. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wotrus_reply_free(reply: *mut wotrus_reply) {
    guard::free("wotrus_reply_free", reply)
}
