/* The declarations of wotrus.ffi.h that this package uses. wotrus.h describes them. */

typedef struct wotrus_client wotrus_client;

typedef struct wotrus_config wotrus_config;

typedef struct wotrus_reply wotrus_reply;

const char *wotrus_version(void);

int wotrus_abi(void);

wotrus_config *wotrus_config_new(void);

void wotrus_config_set(wotrus_config *config, const char *name, const char *value);

void wotrus_config_free(wotrus_config *config);

wotrus_client *wotrus_client_new(const wotrus_config *config);

wotrus_client *wotrus_client_with(const wotrus_client *client, const wotrus_config *config);

wotrus_reply *wotrus_client_check(const wotrus_client *client);

void wotrus_client_free(wotrus_client *client);

wotrus_reply *wotrus_call(const wotrus_client *client,
                          const char *operation,
                          const void *json,
                          size_t len);

int wotrus_reply_status(const wotrus_reply *reply);

const char *wotrus_reply_kind(const wotrus_reply *reply);

const char *wotrus_reply_cause(const wotrus_reply *reply);

const char *wotrus_reply_delivery(const wotrus_reply *reply);

const char *wotrus_reply_message(const wotrus_reply *reply);

int wotrus_reply_http_status(const wotrus_reply *reply);

const char *wotrus_reply_request_id(const wotrus_reply *reply);

const char *wotrus_reply_idempotence_id(const wotrus_reply *reply);

unsigned int wotrus_reply_attempts(const wotrus_reply *reply);

int wotrus_reply_retry_after_ms(const wotrus_reply *reply);

const char *wotrus_reply_order_id(const wotrus_reply *reply);

const char *wotrus_reply_json(const wotrus_reply *reply, size_t *len);

const char *wotrus_reply_body(const wotrus_reply *reply, size_t *len);

const char *wotrus_reply_get(const wotrus_reply *reply, const char *path);

const char *wotrus_reply_pem(const wotrus_reply *reply, const char *which);

const char *wotrus_reply_full_chain(const wotrus_reply *reply, const char *which);

const char *wotrus_reply_chain(const wotrus_reply *reply, const char *which, size_t index);

const char *wotrus_reply_root(const wotrus_reply *reply, const char *which);

void wotrus_reply_free(wotrus_reply *reply);
