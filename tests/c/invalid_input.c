/* Empty, repeated, over-long and deeply nested values, and objects freed early. Also runs under valgrind and
 * AddressSanitizer. */
#include <limits.h>
#include <pthread.h>

#include "expect.h"

enum { MIB = 1024 * 1024, DEEP = 100000 };

static const char *const operations[] = {
    "create_order", "query_order", "retrieve_certificate", "cancel_order", "revoke_certificate",
    "reissue_certificate", "notify_by_email", "wait_for_certificate", "read_push", "POST /v1/none"};
enum { OPERATIONS = sizeof operations / sizeof *operations };

/* Expects an argument or configuration error that names the field in a short message; frees the reply. */
static void expect_field(int line, const char *field, wotrus_reply *reply)
{
    int status = wotrus_reply_status(reply);
    if ((status != WOTRUS_ARGUMENT && status != WOTRUS_CONFIG) ||
        !same(wotrus_reply_get(reply, "field"), field) || strlen(wotrus_reply_message(reply)) > 300) {
        fprintf(stderr, "line %d: %.1000s\n", line, wotrus_reply_json(reply, NULL));
        exit(1);
    }
    wotrus_reply_free(reply);
}
#define EXPECT_FIELD(field, call) expect_field(__LINE__, field, call)

/* A query with an option set to `first` and then, unless NULL, to `second`. */
static wotrus_reply *with_option(const char *name, const char *first, const char *second)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_reply *reply;
    wotrus_config_set(config, "token", environment("WOTRUS_TOKEN"));
    wotrus_config_set(config, "base_url", environment("WOTRUS_HTTP_URL"));
    wotrus_config_set(config, name, first);
    if (second != NULL)
        wotrus_config_set(config, name, second);
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    reply = wotrus_query_order(client, "X-1");
    wotrus_client_free(client);
    return reply;
}

static void options(void)
{
    static const char *const required[] = {"token", "base_url", "timeout", "connect_timeout", "retries",
                                           "max_answer_size", "user_agent", "charset", "request_id",
                                           "lang"};
    static const char *const times[] = {"0", "-1", "nan", "inf", "1e999", "1e3", " 1", "99999999999999999999"};
    size_t i;
    for (i = 0; i < sizeof required / sizeof *required; i++)
        EXPECT_FIELD(required[i], with_option(required[i], "", NULL));
    for (i = 0; i < sizeof times / sizeof *times; i++) {
        EXPECT_FIELD("timeout", with_option("timeout", times[i], NULL));
        EXPECT_FIELD("connect_timeout", with_option("connect_timeout", times[i], NULL));
    }
    /* An empty value means no CA file and no proxy. */
    GIVES(WOTRUS_REFUSED, with_option("ca_file", "", NULL));
    GIVES(WOTRUS_REFUSED, with_option("proxy", "", NULL));
    EXPECT_FIELD("retries", with_option("retries", "-1", NULL));
    EXPECT_FIELD("max_answer_size", with_option("max_answer_size", "-1", NULL));
    EXPECT_FIELD("name", with_option("", "x", NULL));
    EXPECT_FIELD("Token", with_option("Token", "x", NULL));
    EXPECT_FIELD("token", with_option("token", "tk\r\nX: y", NULL));
    EXPECT_FIELD("request_id", with_option("request_id", "1\r\nX: y", NULL));
    /* The last value counts, but the first error stays. */
    GIVES(WOTRUS_AUTH, with_option("token", "tk_1", "tk_2"));
    GIVES(WOTRUS_REFUSED, with_option("token", "tk_1", environment("WOTRUS_TOKEN")));
    GIVES(WOTRUS_REFUSED, with_option("ca_file", "/no/such/file", ""));
    EXPECT_FIELD("timeout", with_option("timeout", "soon", "5"));
}

static wotrus_reply *order_with(const wotrus_client *client, const char *name, const char *value)
{
    wotrus_order *order = small_order("x");
    wotrus_reply *reply;
    wotrus_order_set(order, name, value);
    reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    return reply;
}

static void fields(const wotrus_client *client, char *large)
{
    memset(large, 'a', MIB);
    large[MIB] = '\0';
    EXPECT_FIELD("name", order_with(client, "", "x"));
    EXPECT_FIELD("name", order_with(client, large, "x"));
    EXPECT_FIELD("name", order_with(client, ".", "x"));
    EXPECT_FIELD("name", order_with(client, ".x", "x"));
    EXPECT_FIELD("name", order_with(client, "orderinfoPost.", "x"));
    EXPECT_FIELD("x", order_with(client, "nonsense.x", "x"));
    EXPECT_FIELD("documentsPost", order_with(client, "documentsPost", "x"));
    EXPECT_FIELD("month", order_with(client, "month", ""));
    EXPECT_FIELD("month", order_with(client, "month", "4294967308")); /* 12 modulo 2^32 */
    EXPECT_FIELD("OrgName", order_with(client, "OrgName", ""));
    EXPECT_FIELD("OrgName", order_with(client, "OrgName", large));
    EXPECT_FIELD("idempotenceID", order_with(client, "idempotenceID", large));
    GIVES(WOTRUS_OK, order_with(client, "idempotenceID", ""));
    GIVES(WOTRUS_OK, order_with(client, "orderinfoPost.Hosts", large));
    EXPECT_FIELD("orderID", wotrus_query_order(client, large));
    EXPECT_FIELD("orderID", wotrus_query_order(client, "   "));
    EXPECT_FIELD("reason", wotrus_cancel_order(client, "X-1", ""));
    EXPECT_FIELD("reason", wotrus_cancel_order(client, "X-1", large));
    EXPECT_FIELD("collectUrl", wotrus_notify_by_email(client, "X-1", ""));
    EXPECT_FIELD("timeout_ms", wotrus_wait_for_certificate(client, "X-1", 0));
    GIVES(WOTRUS_REFUSED, wotrus_wait_for_certificate(client, "X-1", UINT_MAX)); /* at once: no such order */
    EXPECT_FIELD("operation", wotrus_call(client, large, NULL, 0));
    EXPECT_FIELD("timeout", wotrus_call(client, "wait_for_certificate", "{\"orderID\":\"X\",\"timeout\":-1}", 28));
}

static wotrus_reply *revoked_with(const wotrus_client *client, wotrus_document *document)
{
    wotrus_reply *reply = wotrus_revoke_certificate(client, "X-1", "why", document);
    wotrus_document_free(document);
    return reply;
}

static void documents(const wotrus_client *client, const char *large)
{
    static const char *const types[] = {"", "pdf", ".", ".a/b", ".\"", ".pdf\r\n"};
    size_t i;
    for (i = 0; i < sizeof types / sizeof *types; i++)
        EXPECT_FIELD("fileType", revoked_with(client, wotrus_document_from_bytes("x", 1, types[i])));
    EXPECT_FIELD("fileType", revoked_with(client, wotrus_document_from_path("", NULL)));
    EXPECT_FIELD("fileType", revoked_with(client, wotrus_document_from_path("/etc/passwd", NULL)));
    EXPECT_FIELD("fileContent", revoked_with(client, wotrus_document_from_bytes("", 0, ".pdf")));
    EXPECT_FIELD("fileContent", revoked_with(client, wotrus_document_from_bytes(large, 64 * MIB + 1, ".pdf")));
    EXPECT_FIELD("bytes", revoked_with(client, wotrus_document_from_bytes("x", UINT_MAX, ".pdf")));
    GIVES(WOTRUS_FILE, revoked_with(client, wotrus_document_from_path("/tmp", ".pdf")));
    GIVES(WOTRUS_FILE, revoked_with(client, wotrus_document_from_path("/dev/zero", ".pdf")));
    EXPECT_FIELD("json", wotrus_call(client, "create_order", "{}", UINT_MAX));
    EXPECT_FIELD("push", wotrus_read_push("{}", (size_t)INT_MAX));
}

/* Unclosed arrays, unclosed objects, and an order with a deeply nested field. */
static void depths(const wotrus_client *client, char *large)
{
    char *end = large;
    size_t i;
    memset(large, '[', DEEP);
    for (i = 0; i < OPERATIONS; i++)
        GIVES(WOTRUS_ARGUMENT, wotrus_call(client, operations[i], large, DEEP));
    for (i = 0; i < DEEP; i++)
        memcpy(large + 5 * i, "{\"a\":", 5);
    for (i = 0; i < OPERATIONS; i++)
        GIVES(WOTRUS_ARGUMENT, wotrus_call(client, operations[i], large, 5 * DEEP));
    GIVES(WOTRUS_ARGUMENT, wotrus_read_push(large, 5 * DEEP));

    end += sprintf(end, "{\"orderinfoPost\":{\"productID\":\"x\",\"commonName\":\"x\",\"month\":12,\"z\":");
    memset(end, '[', DEEP), end += DEEP;
    memset(end, ']', DEEP), end += DEEP;
    end += sprintf(end, "},\"organizationPost\":{\"OrgName\":\"x\"},\"dataAction\":\"x\"}");
    wotrus_reply_free(wotrus_call(client, "create_order", large, (size_t)(end - large)));
    for (i = 1; i < OPERATIONS - 1; i++)
        GIVES(WOTRUS_ARGUMENT, wotrus_call(client, operations[i], large, (size_t)(end - large)));

    /* NULs in a string, in the JSON and after it. */
    GIVES(WOTRUS_ARGUMENT, wotrus_call(client, "query_order", "{\"orderID\":\"a\\u0000b\"}", 22));
    GIVES(WOTRUS_ARGUMENT, wotrus_call(client, "query_order", "{\"orderID\":\"a\0b\"}", 17));
    GIVES(WOTRUS_ARGUMENT, wotrus_call(client, "query_order", "{\"orderID\":\"a\"}", 16));
}

static void *read_often(void *shared)
{
    const wotrus_reply *reply = shared;
    const char *json = wotrus_reply_json(reply, NULL), *name = wotrus_reply_get(reply, "productName");
    int i;
    for (i = 0; i < 500; i++) {
        char path[32];
        EXPECT(wotrus_reply_json(reply, NULL) == json && wotrus_reply_get(reply, "productName") == name);
        sprintf(path, "no.such.%d", i);
        EXPECT(wotrus_reply_get(reply, path) == NULL && wotrus_reply_get(reply, "org") != NULL);
    }
    return (void *)json;
}

/* A reply outlives its client and is read by several threads; a client outlives the one it was made from. */
static void lifetimes(char *large)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client = client_of(environment("WOTRUS_BASE_URL")), *with;
    pthread_t threads[8];
    wotrus_reply *reply;
    char id[64];
    void *json;
    int i;
    with = wotrus_client_with(client, config);
    wotrus_config_free(config);
    wotrus_client_free(client);
    reply = order_with(with, "street", "");
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK);
    strcpy(id, wotrus_reply_order_id(reply));
    wotrus_reply_free(reply);
    reply = wotrus_query_order(with, id);
    wotrus_client_free(with);

    EXPECT(same(wotrus_reply_order_id(reply), id));
    EXPECT(wotrus_reply_order_id(reply) == wotrus_reply_order_id(reply));
    for (i = 0; i < 8; i++)
        EXPECT(pthread_create(&threads[i], NULL, read_often, reply) == 0);
    for (i = 0; i < 8; i++)
        EXPECT(pthread_join(threads[i], &json) == 0 && json == wotrus_reply_json(reply, NULL));
    /* Certificates and paths that do not exist. */
    EXPECT(wotrus_reply_pem(reply, NULL) == NULL && wotrus_reply_full_chain(reply, "RSA") == NULL);
    EXPECT(wotrus_reply_chain(reply, NULL, (size_t)-1) == NULL && wotrus_reply_root(reply, "") == NULL);
    EXPECT(wotrus_reply_matches_csr(reply, NULL, "") == -1);
    for (i = 0; i < MIB; i += 2)
        memcpy(large + i, "a.", 2);
    large[i] = '\0';
    EXPECT(wotrus_reply_get(reply, large) == NULL && wotrus_reply_get(reply, "....") == NULL);
    wotrus_reply_free(reply);
}

int main(void)
{
    wotrus_client *client = client_of(environment("WOTRUS_BASE_URL"));
    char *large = calloc(1, 64 * MIB + 1);
    EXPECT(large != NULL);
    options();
    fields(client, large);
    documents(client, large);
    depths(client, large);
    lifetimes(large);
    free(large);
    wotrus_client_free(client);
    return 0;
}
