/* The declarations of wotrus.h, which documents them, for parsers without a preprocessor: PHP FFI, cffi, LuaJIT. */

enum {
  WOTRUS_ABI = 1,
  WOTRUS_OK = 0,
  WOTRUS_ARGUMENT = 1,
  WOTRUS_CONFIG = 2,
  WOTRUS_AUTH = 3,
  WOTRUS_REFUSED = 4,
  WOTRUS_NOT_READY = 5,
  WOTRUS_UNKNOWN_OUTCOME = 6,
  WOTRUS_NETWORK = 7,
  WOTRUS_PROTOCOL = 8,
  WOTRUS_FILE = 9,
  WOTRUS_CANCELLED = 10,
  WOTRUS_INTERNAL = 11,
  WOTRUS_AUTHORIZATION = 1,
  WOTRUS_BUSINESS_LICENCE = 2,
  WOTRUS_IDENTITY_CARD = 3
};

typedef struct wotrus_client wotrus_client;

typedef struct wotrus_config wotrus_config;

typedef struct wotrus_document wotrus_document;

typedef struct wotrus_order wotrus_order;

typedef struct wotrus_reissue wotrus_reissue;

typedef struct wotrus_reply wotrus_reply;

typedef int (*wotrus_callback)(void *user, const char *event_json, size_t len);

const char *wotrus_version(void);

int wotrus_abi(void);

wotrus_config *wotrus_config_new(void);

void wotrus_config_set(wotrus_config *config, const char *name, const char *value);

void wotrus_config_set_callback(wotrus_config *config, wotrus_callback callback, void *user);

void wotrus_config_free(wotrus_config *config);

wotrus_client *wotrus_client_new(const wotrus_config *config);

wotrus_client *wotrus_client_with(const wotrus_client *client, const wotrus_config *config);

wotrus_reply *wotrus_client_check(const wotrus_client *client);

void wotrus_client_cancel(const wotrus_client *client);

void wotrus_client_free(wotrus_client *client);

wotrus_document *wotrus_document_from_path(const char *path, const char *file_type);

wotrus_document *wotrus_document_from_bytes(const void *bytes, size_t len, const char *file_type);

void wotrus_document_free(wotrus_document *document);

wotrus_order *wotrus_order_new(void);

void wotrus_order_set(wotrus_order *order, const char *name, const char *value);

void wotrus_order_add_document(wotrus_order *order,
                               unsigned int document_type,
                               const wotrus_document *document);

void wotrus_order_free(wotrus_order *order);

wotrus_reissue *wotrus_reissue_new(void);

void wotrus_reissue_set(wotrus_reissue *reissue, const char *name, const char *value);

void wotrus_reissue_set_proof(wotrus_reissue *reissue, const wotrus_document *proof);

void wotrus_reissue_free(wotrus_reissue *reissue);

wotrus_reply *wotrus_create_order(const wotrus_client *client, const wotrus_order *order);

wotrus_reply *wotrus_query_order(const wotrus_client *client, const char *order_id);

wotrus_reply *wotrus_retrieve_certificate(const wotrus_client *client, const char *order_id);

wotrus_reply *wotrus_cancel_order(const wotrus_client *client,
                                  const char *order_id,
                                  const char *reason);

wotrus_reply *wotrus_revoke_certificate(const wotrus_client *client,
                                        const char *order_id,
                                        const char *reason,
                                        const wotrus_document *proof);

wotrus_reply *wotrus_reissue_certificate(const wotrus_client *client,
                                         const wotrus_reissue *reissue);

wotrus_reply *wotrus_notify_by_email(const wotrus_client *client,
                                     const char *order_id,
                                     const char *collect_url);

wotrus_reply *wotrus_wait_for_certificate(const wotrus_client *client,
                                          const char *order_id,
                                          unsigned int timeout_ms);

wotrus_reply *wotrus_read_push(const void *body, size_t len);

wotrus_reply *wotrus_call(const wotrus_client *client,
                          const char *operation,
                          const void *json,
                          size_t len);

int wotrus_reply_status(const wotrus_reply *reply);

const char *wotrus_reply_kind(const wotrus_reply *reply);

const char *wotrus_reply_cause(const wotrus_reply *reply);

const char *wotrus_reply_delivery(const wotrus_reply *reply);

const char *wotrus_reply_message(const wotrus_reply *reply);

const char *wotrus_reply_warning(const wotrus_reply *reply, size_t index);

int wotrus_reply_http_status(const wotrus_reply *reply);

const char *wotrus_reply_request_id(const wotrus_reply *reply);

const char *wotrus_reply_idempotence_id(const wotrus_reply *reply);

unsigned int wotrus_reply_attempts(const wotrus_reply *reply);

int wotrus_reply_retry_after_ms(const wotrus_reply *reply);

const char *wotrus_reply_order_id(const wotrus_reply *reply);

const char *wotrus_reply_get(const wotrus_reply *reply, const char *path);

const char *wotrus_reply_json(const wotrus_reply *reply, size_t *len);

const char *wotrus_reply_body(const wotrus_reply *reply, size_t *len);

const void *wotrus_reply_values(const wotrus_reply *reply, size_t *len);

const char *wotrus_reply_pem(const wotrus_reply *reply, const char *which);

const char *wotrus_reply_full_chain(const wotrus_reply *reply, const char *which);

const char *wotrus_reply_full_chain_with_root(const wotrus_reply *reply, const char *which);

const char *wotrus_reply_intermediates(const wotrus_reply *reply, const char *which);

const char *wotrus_reply_chain_status(const wotrus_reply *reply, const char *which);

const char *wotrus_reply_chain(const wotrus_reply *reply, const char *which, size_t index);

const char *wotrus_reply_root(const wotrus_reply *reply, const char *which);

int wotrus_reply_matches_csr(const wotrus_reply *reply, const char *which, const char *csr);

void wotrus_reply_free(wotrus_reply *reply);
