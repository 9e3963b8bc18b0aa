#ifndef WOTRUS_H
#define WOTRUS_H

/*
 * libwotrus: orders, tracks, fetches, cancels, revokes and reissues WoTrus certificates.
 *
 * A client of the WoTrus reseller API (its document is version V1.09; "section" below means a
 * section of it). Every call blocks until there is an answer, an error, or its time is over. The
 * library needs no initialisation, reads no environment variable, touches neither signals nor the
 * locale, starts no work before the first call, and never writes to stdout or stderr. (Only where
 * memory runs out is the process aborted, with a line on stderr.)
 *
 *   cc program.c $(pkg-config --cflags --libs wotrus)
 *
 *   wotrus_config *config = wotrus_config_new();
 *   wotrus_client *client;
 *   wotrus_reply *reply;
 *   wotrus_config_set(config, "token", "tk_...");
 *   client = wotrus_client_new(config);
 *   wotrus_config_free(config);
 *   reply = wotrus_query_order(client, "a4a78326-0546-4602-9586-8ee3c05e8068");
 *   if (wotrus_reply_status(reply) == WOTRUS_OK)
 *       puts(wotrus_reply_get(reply, "status"));
 *   else
 *       fprintf(stderr, "%s\n", wotrus_reply_message(reply));
 *   wotrus_reply_free(reply);
 *   wotrus_client_free(client);
 *
 * Ownership. What a function returns as wotrus_config, wotrus_client, wotrus_document,
 * wotrus_order, wotrus_reissue or wotrus_reply is yours, is never NULL, and is freed once by the
 * _free function of its name, in any order: nothing keeps a pointer to what you handed in, but for
 * the callback's user. Freeing NULL does nothing. A const char * that is returned belongs to the
 * object it came from and lives as long; it ends in NUL.
 *
 * Text is UTF-8, or GB18030 (which GBK and GB2312 are part of) for a client whose option charset
 * says so; it is never guessed. JSON goes in in the same charset; with GB18030 it comes out in
 * ASCII, other characters as \uXXXX. Paths are bytes as the system has them; those inside JSON are
 * taken as UTF-8 by the system, whatever the charset. Texts end in NUL; what comes with a length
 * (JSON, documents, pushes) need not, and a NUL is not counted.
 *
 * Errors. Every call that can fail returns a wotrus_reply. Its status is WOTRUS_OK or a kind of
 * failure; take one you do not know for a failure. Setters return nothing: the first mistake is
 * kept, whatever is set later, and comes with the reply of the call that uses the object, naming
 * the field. A client made from a bad configuration exists, and says why in every reply. NULL
 * where something is needed is a mistake like any other: nothing crashes for it.
 *
 * Delivery tells whether the service got the call, over all attempts, which is whether an order
 * may exist: "not_sent" - nothing that could be processed reached it; "answered" - its own
 * decision was read; "unknown" - it may have been processed. A writing call that failed with
 * "unknown" has the status WOTRUS_UNKNOWN_OUTCOME, and its message says how to go on.
 *
 * Sending again. A call is sent again by itself (twice, option retries) only where that cannot do
 * anything twice: calls that read; anything that did not reach the service; orders and reissues
 * that carry an idempotenceID, under the same one. So give every order one, such as your database
 * key. Without it an order is never sent again once the service may have it.
 *
 * Threads. A client may be used by any number of threads at once, and so may whatever a function
 * takes as const. What it takes as not const - a configuration, order or reissue that is set,
 * anything that is freed - is for one thread alone at that time. A call needs 128 KiB of stack. A
 * thread inside one must not be ended by pthread_cancel; wotrus_client_cancel ends the call.
 *
 * Fork. After a fork, parent and child may both use a client they had before: each gets
 * connections of its own. A child that does not exec may also free it. Other objects are copied as
 * all memory is; one that another thread was using at that moment is not for the child.
 *
 * Signals. No handler is set and no mask changed; a connection that breaks raises no SIGPIPE, and
 * what a signal of yours interrupts is taken up again.
 *
 * Times are decimal seconds in options ("2.5"), whole milliseconds where a name ends in _ms.
 */

#include <stddef.h>

#define WOTRUS_VERSION "0.1.0"
#define WOTRUS_VERSION_MAJOR 0
#define WOTRUS_VERSION_MINOR 1
#define WOTRUS_VERSION_PATCH 0

/* WOTRUS_STATIC is for those who link the .a on Windows. */
#if defined(_WIN32) && !defined(WOTRUS_STATIC)
#define WOTRUS_API __declspec(dllimport)
#else
#define WOTRUS_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The number of this interface, the one in the name libwotrus.so.1. It moves only when a program
 * built against it would break, whatever the version; functions may be added without it.
 */
#define WOTRUS_ABI 1

/**
 * The call succeeded.
 */
#define WOTRUS_OK 0

/**
 * Refused here, before anything was sent; the message names the field.
 */
#define WOTRUS_ARGUMENT 1

/**
 * An option of the client cannot be used: address, CA file, proxy, ...
 */
#define WOTRUS_CONFIG 2

/**
 * The service does not accept the token: HTTP 401 or 403.
 */
#define WOTRUS_AUTH 3

/**
 * The service said no, in its own words; or the order ended without a certificate.
 */
#define WOTRUS_REFUSED 4

/**
 * The certificate is not there yet.
 */
#define WOTRUS_NOT_READY 5

/**
 * A writing call may have been processed, and no trustworthy answer came.
 */
#define WOTRUS_UNKNOWN_OUTCOME 6

/**
 * Nothing was sent, or a reading call got no answer.
 */
#define WOTRUS_NETWORK 7

/**
 * The answer cannot be used: another HTTP status (a redirect, 4xx, 5xx), no JSON, too large.
 */
#define WOTRUS_PROTOCOL 8

/**
 * A local file.
 */
#define WOTRUS_FILE 9

/**
 * wotrus_client_cancel, or a callback that said stop.
 */
#define WOTRUS_CANCELLED 10

/**
 * A defect of this library.
 */
#define WOTRUS_INTERNAL 11

/**
 * The document is a letter of authorisation.
 */
#define WOTRUS_AUTHORIZATION 1

/**
 * The document is a business licence.
 */
#define WOTRUS_BUSINESS_LICENCE 2

/**
 * The document is an identity card.
 */
#define WOTRUS_IDENTITY_CARD 3

/**
 * A client of the service, with its connections, which the first call opens. For any number of
 * threads at once.
 */
typedef struct wotrus_client wotrus_client;

/**
 * The options of a client, or of some of its calls. For one thread at a time.
 */
typedef struct wotrus_config wotrus_config;

/**
 * A file for the service. For any number of threads at once.
 */
typedef struct wotrus_document wotrus_document;

/**
 * An order to be created. For one thread at a time while it is set.
 */
typedef struct wotrus_order wotrus_order;

/**
 * A certificate to be issued anew. For one thread at a time while it is set.
 */
typedef struct wotrus_reissue wotrus_reissue;

/**
 * What came of a call. It never changes: for any number of threads at once.
 */
typedef struct wotrus_reply wotrus_reply;

/**
 * Hears what happens inside a call, as JSON of len bytes, which lives as long as the callback
 * runs: {"event":...} with the members below. None holds a secret.
 *
 *   sending    operation method path request_id idempotence_id attempt
 *   uploading  sent total (bytes; of large bodies only)
 *   answered   http_status bytes elapsed_ms
 *   failed     cause delivery message elapsed_ms
 *   retrying   pause_ms
 *   waiting    order_id status pause_ms elapsed_ms
 *
 * It is called on the thread that makes the call, and so by several at once if several make calls;
 * user is what it was registered with. Non-zero keeps a request from being sent (at "sending",
 * where an order can be noted down before it can exist) and ends a wait (at "waiting"), as
 * wotrus_client_cancel does; elsewhere it means nothing. It may call any function here, even on the
 * same client, but free nothing that the call uses. It must not throw or longjmp.
 */
typedef int (*wotrus_callback)(void *user, const char *event_json, size_t len);

/**
 * The version of the library that is running, such as "0.1.0"; compare WOTRUS_VERSION, the one it
 * was compiled with.
 */
WOTRUS_API const char *wotrus_version(void);

/**
 * The WOTRUS_ABI of the library that is running.
 */
WOTRUS_API int wotrus_abi(void);

/**
 * A configuration with every default.
 */
WOTRUS_API wotrus_config *wotrus_config_new(void);

/**
 * Sets an option:
 *
 *   token            the API token, tk_...; required
 *   base_url         https://...; http:// for loopback only (https://restapi.wosign.com)
 *   timeout          seconds for a whole call, with every attempt and pause
 *                    (30, and 1 more for each 128 KiB that is sent)
 *   connect_timeout  seconds to resolve a name, and again to open a connection (10)
 *   retries          how often a call is sent again at most, where that is safe (2)
 *   ca_file          PEM file of the CAs to trust instead of the built-in ones
 *   proxy            http://[user:password@]host:port; never used for loopback (none)
 *   max_answer_size  bytes of an answer at most (1048576)
 *   user_agent       the User-Agent header (libwotrus/<version>)
 *   charset          UTF-8 or GB18030, of all text in and out (UTF-8)
 *   request_id       the RequestID of the calls (each gets one of its own)
 *
 * Setting an option again replaces it; an empty ca_file or proxy is none. Options themselves are
 * UTF-8.
 */
WOTRUS_API void wotrus_config_set(wotrus_config *config, const char *name, const char *value);

/**
 * Has callback hear what happens in the calls; NULL for nobody. user is handed to it as it is, and
 * must live as long as any client made from this configuration.
 */
WOTRUS_API
void wotrus_config_set_callback(wotrus_config *config,
                                wotrus_callback callback,
                                void *user);

/**
 * Frees a configuration; clients made from it stay.
 */
WOTRUS_API void wotrus_config_free(wotrus_config *config);

/**
 * A client with these options. The CA file is read now; nothing is connected yet.
 */
WOTRUS_API wotrus_client *wotrus_client_new(const wotrus_config *config);

/**
 * The same client for some of its calls, with options of their own: request_id, timeout, retries,
 * charset and the callback; what the configuration leaves unset is as the client has it. It shares
 * the client's connections, and is freed by itself.
 */
WOTRUS_API
wotrus_client *wotrus_client_with(const wotrus_client *client,
                                  const wotrus_config *config);

/**
 * Ends every call, pause and wait that goes on now on this client and on all that share its
 * connections: they fail with WOTRUS_CANCELLED, or with WOTRUS_UNKNOWN_OUTCOME where a writing
 * call may have been processed. Later calls work. For another thread; it does not wait.
 */
WOTRUS_API void wotrus_client_cancel(const wotrus_client *client);

/**
 * Frees a client that no thread is using; its connections close with the last that shares them.
 */
WOTRUS_API void wotrus_client_free(wotrus_client *client);

/**
 * A file on disk, which is read while it is sent: memory does not grow with it. file_type is
 * ".jpg", ".gif" or ".pdf" (or what else the service may take); NULL takes it from the name. At
 * most 64 MiB.
 */
WOTRUS_API wotrus_document *wotrus_document_from_path(const char *path, const char *file_type);

/**
 * A file in memory; the bytes are copied. file_type as above, but never NULL.
 */
WOTRUS_API
wotrus_document *wotrus_document_from_bytes(const void *bytes,
                                            size_t len,
                                            const char *file_type);

/**
 * Frees a document; orders it was added to keep it.
 */
WOTRUS_API void wotrus_document_free(wotrus_document *document);

/**
 * An empty order.
 */
WOTRUS_API wotrus_order *wotrus_order_new(void);

/**
 * Sets a field of an order by its name in section 2, in any case; a further one with its part, as
 * in "orderinfoPost.Hosts", which goes out as a text (lists and the like: wotrus_call). Text is in
 * the charset of the client that will send it; month is a number as text. Setting a field again
 * replaces it.
 *
 *   required      productID commonName month OrgName
 *   usual         idempotenceID csR_RSA
 *   USB key       uKeyPassword uKeyShipAddress
 *   organisation  BusinessCategory OrgPhone OrgEmail countryCode state city street zip
 *                 businessLicense OtherName
 *   applicant     UserFirstName UserLastName UserEmail UserMobile IDCardNO
 */
WOTRUS_API void wotrus_order_set(wotrus_order *order, const char *name, const char *value);

/**
 * Adds a document; document_type is WOTRUS_AUTHORIZATION, WOTRUS_BUSINESS_LICENCE,
 * WOTRUS_IDENTITY_CARD or what else the service may take.
 */
WOTRUS_API
void wotrus_order_add_document(wotrus_order *order,
                               unsigned int document_type,
                               const wotrus_document *document);

/**
 * Frees an order's fields; the order at the service, if there is one, stays.
 */
WOTRUS_API void wotrus_order_free(wotrus_order *order);

/**
 * An empty reissue.
 */
WOTRUS_API wotrus_reissue *wotrus_reissue_new(void);

/**
 * Sets a field of a reissue by its name in section 7, in any case: orderID, csr and reason
 * (required), csR_Encrypt (SM2 only), idempotenceID.
 */
WOTRUS_API void wotrus_reissue_set(wotrus_reissue *reissue, const char *name, const char *value);

/**
 * Adds the organisation's proof on WoTrus's template, which SM2 and Sectigo products require.
 */
WOTRUS_API void wotrus_reissue_set_proof(wotrus_reissue *reissue, const wotrus_document *proof);

/**
 * Frees a reissue's fields.
 */
WOTRUS_API void wotrus_reissue_free(wotrus_reissue *reissue);

/**
 * Creates an order (section 2): POST /v1/Order/Create with its fields and documents. The reply has
 * orderID or orderID_RSA, or both; wotrus_reply_order_id is the one to go on with.
 *
 * With an idempotenceID a lost answer does no harm: the order is sent again under it. Without one
 * it is never sent again once the service may have it, and WOTRUS_UNKNOWN_OUTCOME says that the
 * order may exist though no answer names it.
 */
WOTRUS_API
wotrus_reply *wotrus_create_order(const wotrus_client *client,
                                  const wotrus_order *order);

/**
 * Queries an order (section 3): GET /v1/Order/<id>. The reply has status ("pending", "issued",
 * "rejected", ...), productName, cn, org.orgName, createTime, isPay, pendingLink and more. An
 * order that the service does not know is WOTRUS_REFUSED.
 */
WOTRUS_API wotrus_reply *wotrus_query_order(const wotrus_client *client, const char *order_id);

/**
 * Retrieves an issued certificate (section 4): GET /v1/Certificate/RetrievePem. The reply has
 * pem_RSA, chains_RSA and those of Sign and Encrypt; read them by wotrus_reply_full_chain,
 * wotrus_reply_pem and their like. Before it is issued the status is WOTRUS_NOT_READY.
 */
WOTRUS_API
wotrus_reply *wotrus_retrieve_certificate(const wotrus_client *client,
                                          const char *order_id);

/**
 * Cancels an order that is neither issued nor revoked (section 5): POST /v1/Order/Cancel with
 * orderID and reason. The reply has cancelResult; where that is false the status is
 * WOTRUS_REFUSED, with the service's reason. Never sent again by itself once the service may have
 * it.
 */
WOTRUS_API
wotrus_reply *wotrus_cancel_order(const wotrus_client *client,
                                  const char *order_id,
                                  const char *reason);

/**
 * Requests a revocation (section 6): POST /v1/Certificate/RevokeRequest with orderID, reason and
 * the organisation's proof on WoTrus's template. WOTRUS_OK means that the request was taken: in
 * the reply revokeStatus may be "pendingAudit", and revoked "false". Never sent again by itself
 * once the service may have it.
 */
WOTRUS_API
wotrus_reply *wotrus_revoke_certificate(const wotrus_client *client,
                                        const char *order_id,
                                        const char *reason,
                                        const wotrus_document *proof);

/**
 * Requests a reissue (section 7): POST /v1/Certificate/ReissueRequest with its fields and proof.
 * The reply has newOrderID, which is wotrus_reply_order_id. For SM2 and Sectigo products the new
 * certificate, once issued, revokes the old one; for others the old one stays until its own
 * revocation. An idempotenceID guards it as it does an order.
 */
WOTRUS_API
wotrus_reply *wotrus_reissue_certificate(const wotrus_client *client,
                                         const wotrus_reissue *reissue);

/**
 * Has the service tell the customer by e-mail that the order is issued (section 9): POST
 * /v1/Notification/email with orderID and collectUrl, where the certificate can be downloaded. The
 * reply has sentResult; where that is false the status is WOTRUS_REFUSED. Never sent again by
 * itself once the service may have it.
 */
WOTRUS_API
wotrus_reply *wotrus_notify_by_email(const wotrus_client *client,
                                     const char *order_id,
                                     const char *collect_url);

/**
 * Waits up to timeout_ms until the order is issued, and retrieves its certificate as
 * wotrus_retrieve_certificate does. It looks after 2 seconds, and then at pauses that grow to a
 * minute. WOTRUS_NOT_READY when the time is over, WOTRUS_REFUSED for an order that ends rejected,
 * closed or revoked. A review by people takes days: rather wait for the push.
 */
WOTRUS_API
wotrus_reply *wotrus_wait_for_certificate(const wotrus_client *client,
                                          const char *order_id,
                                          unsigned int timeout_ms);

/**
 * Reads the body of a request that the service sent to your push URL (section 8). The fields are
 * dataAction and, where that is "order", orderID, isIssued and isRevoked ("true" or "false"). An
 * unknown dataAction is no error. A push is a hint that anybody can send: query the order before
 * acting on it, and answer 200, or the service sends it again, three times in all. The body, and
 * all that comes of it, is UTF-8.
 */
WOTRUS_API wotrus_reply *wotrus_read_push(const void *body, size_t len);

/**
 * Calls an operation by name with the service's own JSON, unchanged: "create_order",
 * "query_order", "retrieve_certificate", "cancel_order", "revoke_certificate",
 * "reissue_certificate", "notify_by_email", "wait_for_certificate", "read_push"; or any endpoint
 * by method and path: "GET /v1/..." (json is NULL and len 0), "POST /v1/..." (NULL sends {}).
 *
 * DnsCache in the JSON are in any case. In place of fileContent a file may stand as
 * "path":"licence.pdf", to be read while it is sent; fileType is then taken from its name, unless
 * it is given. Operations on an order take {"orderID":...}, with reason, collectUrl, or timeout in
 * seconds (600). "read_push" takes the push as it came, in UTF-8. A POST to an endpoint goes out
 * as it is, and is never sent again once the service may have it.
 */
WOTRUS_API
wotrus_reply *wotrus_call(const wotrus_client *client,
                          const char *operation,
                          const void *json,
                          size_t len);

/**
 * WOTRUS_OK, or the kind of failure.
 */
WOTRUS_API int wotrus_reply_status(const wotrus_reply *reply);

/**
 * The status as a word: "ok", "argument", "config", "auth", "refused", "not_ready",
 * "unknown_outcome", "network", "protocol", "file", "cancelled", "internal".
 */
WOTRUS_API const char *wotrus_reply_kind(const wotrus_reply *reply);

/**
 * The finer reason as a word: "none" for WOTRUS_OK, else "invalid", "dns", "connect", "proxy",
 * "tls", "timeout", "connection_lost", "http_status", "redirect", "http", "not_json", "envelope",
 * "too_large", "refused", "not_issued", "ended", "certificate", "file_read", "file_changed",
 * "cancelled", "panic", or one added later.
 */
WOTRUS_API const char *wotrus_reply_cause(const wotrus_reply *reply);

/**
 * Whether the service got the call, over all attempts: "not_sent", "answered" or "unknown". Of a
 * push that was read, "not_sent".
 */
WOTRUS_API const char *wotrus_reply_delivery(const wotrus_reply *reply);

/**
 * One sentence for a person, without secrets; for WOTRUS_OK the service's own words, or "".
 */
WOTRUS_API const char *wotrus_reply_message(const wotrus_reply *reply);

/**
 * The HTTP status of the last answer, 0 if none came.
 */
WOTRUS_API int wotrus_reply_http_status(const wotrus_reply *reply);

/**
 * The RequestID that was sent, by which the service finds the call in its logs; NULL if none was.
 */
WOTRUS_API const char *wotrus_reply_request_id(const wotrus_reply *reply);

/**
 * The idempotenceID the call carried, NULL if none.
 */
WOTRUS_API const char *wotrus_reply_idempotence_id(const wotrus_reply *reply);

/**
 * How many attempts were made, those included that a callback or the network kept from being sent;
 * 0 when the call was refused here.
 */
WOTRUS_API unsigned int wotrus_reply_attempts(const wotrus_reply *reply);

/**
 * How long the service asked to wait (Retry-After), in milliseconds; -1 if it did not.
 */
WOTRUS_API int wotrus_reply_retry_after_ms(const wotrus_reply *reply);

/**
 * The id of the order that the reply is about: of the one that was created (orderID, or
 * orderID_RSA where that stands alone), queried, reissued (newOrderID) or pushed; else NULL.
 */
WOTRUS_API const char *wotrus_reply_order_id(const wotrus_reply *reply);

/**
 * A field by its path: "status", "org.orgName", "chains_RSA.0", names in any case. It is looked
 * for in data and then in the envelope around it; in a push; in the error of a failure ("field",
 * "service_message"). Numbers and booleans come as text, objects and arrays as JSON, null and
 * absent as NULL. A NUL inside a text comes as U+FFFD.
 */
WOTRUS_API const char *wotrus_reply_get(const wotrus_reply *reply, const char *path);

/**
 * The whole as JSON, of *len bytes (len may be NULL): the answer with its envelope, a push, or
 * {"error":{"kind":...,"cause":...,"delivery":...,"message":...,"request_id":...,"attempts":...,
 * "http_status":...,"retry_after":...,"idempotence_id":...,"field":...,"service_message":...}}.
 * Never NULL. An answer may hold personal data.
 */
WOTRUS_API const char *wotrus_reply_json(const wotrus_reply *reply, size_t *len);

/**
 * The answer or the push as the bytes that came, of *len bytes (len may be NULL), always UTF-8;
 * NULL for a failure.
 */
WOTRUS_API const char *wotrus_reply_body(const wotrus_reply *reply, size_t *len);

/**
 * A certificate in PEM; as it came if it is none that can be read, NULL if it did not come. which
 * is "RSA" (also for ECC keys), "Sign" or "Encrypt" (SM2), as the document names them; NULL is the
 * first that came.
 */
WOTRUS_API const char *wotrus_reply_pem(const wotrus_reply *reply, const char *which);

/**
 * What a server's certificate file holds: the certificate, then upwards each issuer, without the
 * root. NULL if it did not come or cannot be read.
 */
WOTRUS_API const char *wotrus_reply_full_chain(const wotrus_reply *reply, const char *which);

/**
 * The chain as it came, one by one: by the document, the top root has the index 0 and the lowest
 * intermediate the last. NULL past the end.
 */
WOTRUS_API
const char *wotrus_reply_chain(const wotrus_reply *reply,
                               const char *which,
                               size_t index);

/**
 * The root in PEM, NULL if the service did not send the chain up to it, or it cannot be read.
 */
WOTRUS_API const char *wotrus_reply_root(const wotrus_reply *reply, const char *which);

/**
 * Whether the certificate is for the key that this CSR (PKCS#10 in PEM) asks for: 1 yes, 0 no (the
 * server that holds the key cannot use it), -1 if one of the two cannot be read.
 */
WOTRUS_API
int wotrus_reply_matches_csr(const wotrus_reply *reply,
                             const char *which,
                             const char *csr);

/**
 * Frees a reply with all text that came from it.
 */
WOTRUS_API void wotrus_reply_free(wotrus_reply *reply);

#ifdef __cplusplus
}
#endif

#endif
