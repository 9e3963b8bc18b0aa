/* Every function of the header: with valid arguments, with NULL, with invalid text and in the wrong order.
 * Also runs under valgrind and AddressSanitizer. */
#include <unistd.h>

#include "expect.h"

#define BAD "\xCE\xD6 is GBK"

static const char *id = "644A3E60-F1AA-4E25-821A-ACFBC462BC37";
static char csr[16384];
static int events;
static char key[32]; /* differs from run to run: they share a sandbox */

static int count_events(void *user, const char *event, size_t len)
{
    EXPECT(user == (void *)&events);
    EXPECT(event[len] == '\0' && strlen(event) == len);
    EXPECT(strstr(event, "tk_") == NULL);
    events++;
    return 0;
}

static int stop_sending(void *user, const char *event, size_t len)
{
    (void)len;
    *(int *)user += 1;
    return strstr(event, "\"sending\"") != NULL;
}

/* Reads every value of a reply. */
static void read_all(const wotrus_reply *reply)
{
    static const char *const which[] = {NULL, "RSA", "rsa", "Sign", "Encrypt", "none", BAD};
    size_t len = 99, i;
    int status = wotrus_reply_status(reply);
    EXPECT(wotrus_reply_kind(reply) != NULL && wotrus_reply_cause(reply) != NULL);
    EXPECT(wotrus_reply_delivery(reply) != NULL && wotrus_reply_message(reply) != NULL);
    EXPECT((status == WOTRUS_OK) == same(wotrus_reply_kind(reply), "ok"));
    wotrus_reply_http_status(reply);
    wotrus_reply_request_id(reply);
    wotrus_reply_idempotence_id(reply);
    wotrus_reply_attempts(reply);
    wotrus_reply_retry_after_ms(reply);
    wotrus_reply_order_id(reply);
    EXPECT(wotrus_reply_get(reply, NULL) == NULL);
    EXPECT(wotrus_reply_get(reply, BAD) == NULL);
    EXPECT(wotrus_reply_get(reply, "") == NULL);
    EXPECT(wotrus_reply_get(reply, "no.such.0.field") == NULL);
    EXPECT(strlen(wotrus_reply_json(reply, &len)) == len && len > 1);
    EXPECT(wotrus_reply_json(reply, NULL) == wotrus_reply_json(reply, &len));
    EXPECT((wotrus_reply_body(reply, &len) != NULL) == (status == WOTRUS_OK));
    EXPECT((len != 0) == (status == WOTRUS_OK));
    wotrus_reply_body(reply, NULL);
    EXPECT(wotrus_reply_warning(reply, 0) == NULL && wotrus_reply_warning(reply, (size_t)-1) == NULL);
    EXPECT(*(const char *)wotrus_reply_values(reply, NULL) == '{');
    EXPECT(((const char *)wotrus_reply_values(reply, &len))[len - 1] == '}');
    for (i = 0; i < sizeof which / sizeof *which; i++) {
        wotrus_reply_pem(reply, which[i]);
        wotrus_reply_full_chain(reply, which[i]);
        wotrus_reply_full_chain_with_root(reply, which[i]);
        wotrus_reply_intermediates(reply, which[i]);
        wotrus_reply_chain_status(reply, which[i]);
        wotrus_reply_chain(reply, which[i], 0);
        EXPECT(wotrus_reply_chain(reply, which[i], (size_t)-1) == NULL);
        wotrus_reply_root(reply, which[i]);
        EXPECT(wotrus_reply_matches_csr(reply, which[i], NULL) == -1);
        EXPECT(wotrus_reply_matches_csr(reply, which[i], BAD) == -1);
        EXPECT(wotrus_reply_matches_csr(reply, which[i], "") == -1);
    }
}

/* Expects an error that names the field, with nothing sent; frees the reply. */
static void refused(int line, int status, const char *field, wotrus_reply *reply)
{
    if (wotrus_reply_status(reply) != status || !same(wotrus_reply_get(reply, "field"), field) ||
        !same(wotrus_reply_delivery(reply), "not_sent") || wotrus_reply_attempts(reply) != 0) {
        fprintf(stderr, "line %d: %s\n", line, wotrus_reply_json(reply, NULL));
        exit(1);
    }
    read_all(reply);
    wotrus_reply_free(reply);
}
#define REFUSED(field, call) refused(__LINE__, WOTRUS_ARGUMENT, field, call)

/* Each parameter NULL. */
static void nulls(const wotrus_client *client)
{
    wotrus_document *document = wotrus_document_from_bytes("%PDF", 4, ".pdf");
    wotrus_order *order = wotrus_order_new();
    size_t len = 99;

    wotrus_config_free(NULL);
    wotrus_client_free(NULL);
    wotrus_document_free(NULL);
    wotrus_order_free(NULL);
    wotrus_reissue_free(NULL);
    wotrus_reply_free(NULL);
    wotrus_config_set(NULL, "token", "x");
    wotrus_config_set_callback(NULL, count_events, NULL);
    wotrus_client_cancel(NULL);
    wotrus_order_set(NULL, "month", "1");
    wotrus_order_add_document(NULL, WOTRUS_IDENTITY_CARD, document);
    wotrus_reissue_set(NULL, "csr", "x");
    wotrus_reissue_set_proof(NULL, document);

    REFUSED("client", wotrus_client_check(NULL));
    REFUSED("client", wotrus_create_order(NULL, order));
    REFUSED("client", wotrus_query_order(NULL, id));
    REFUSED("client", wotrus_retrieve_certificate(NULL, id));
    REFUSED("client", wotrus_cancel_order(NULL, id, "why"));
    REFUSED("client", wotrus_revoke_certificate(NULL, id, "why", document));
    REFUSED("client", wotrus_reissue_certificate(NULL, NULL));
    REFUSED("client", wotrus_notify_by_email(NULL, id, "https://example.com"));
    REFUSED("client", wotrus_wait_for_certificate(NULL, id, 1));
    REFUSED("client", wotrus_call(NULL, "query_order", "{}", 2));
    REFUSED("order", wotrus_create_order(client, NULL));
    REFUSED("orderID", wotrus_query_order(client, NULL));
    REFUSED("orderID", wotrus_retrieve_certificate(client, NULL));
    REFUSED("orderID", wotrus_cancel_order(client, NULL, "why"));
    REFUSED("reason", wotrus_cancel_order(client, id, NULL));
    REFUSED("orderID", wotrus_revoke_certificate(client, NULL, "why", document));
    REFUSED("reason", wotrus_revoke_certificate(client, id, NULL, document));
    REFUSED("proof", wotrus_revoke_certificate(client, id, "why", NULL));
    REFUSED("reissue", wotrus_reissue_certificate(client, NULL));
    REFUSED("orderID", wotrus_notify_by_email(client, NULL, "https://example.com"));
    REFUSED("collectUrl", wotrus_notify_by_email(client, id, NULL));
    REFUSED("orderID", wotrus_wait_for_certificate(client, NULL, 1));
    REFUSED("operation", wotrus_call(client, NULL, "{}", 2));
    REFUSED("json", wotrus_call(client, "query_order", NULL, 2));
    REFUSED("push", wotrus_read_push(NULL, 0));
    REFUSED("push", wotrus_read_push(NULL, 7));

    EXPECT(wotrus_reply_status(NULL) == WOTRUS_ARGUMENT);
    EXPECT(same(wotrus_reply_kind(NULL), "argument"));
    EXPECT(wotrus_reply_cause(NULL) != NULL && wotrus_reply_message(NULL) != NULL);
    EXPECT(same(wotrus_reply_delivery(NULL), "unknown"));
    EXPECT(wotrus_reply_http_status(NULL) == 0 && wotrus_reply_attempts(NULL) == 0);
    EXPECT(wotrus_reply_request_id(NULL) == NULL && wotrus_reply_idempotence_id(NULL) == NULL);
    EXPECT(wotrus_reply_retry_after_ms(NULL) == -1 && wotrus_reply_order_id(NULL) == NULL);
    EXPECT(same(wotrus_reply_get(NULL, "field"), "reply"));
    EXPECT(wotrus_reply_json(NULL, &len) != NULL && len != 99);
    EXPECT(wotrus_reply_body(NULL, &len) == NULL && len == 0);
    EXPECT(wotrus_reply_pem(NULL, NULL) == NULL && wotrus_reply_full_chain(NULL, NULL) == NULL);
    EXPECT(wotrus_reply_full_chain_with_root(NULL, NULL) == NULL && wotrus_reply_intermediates(NULL, NULL) == NULL);
    EXPECT(wotrus_reply_chain_status(NULL, NULL) == NULL);
    EXPECT(wotrus_reply_chain(NULL, NULL, 0) == NULL && wotrus_reply_root(NULL, NULL) == NULL);
    EXPECT(wotrus_reply_matches_csr(NULL, NULL, csr) == -1);

    wotrus_order_free(order);
    wotrus_document_free(document);
}

/* Creates an order with this field only, and month. */
static wotrus_reply *created_with(const wotrus_client *client, const char *name, const char *value)
{
    wotrus_order *order = wotrus_order_new();
    wotrus_reply *reply;
    wotrus_order_set(order, name, value);
    wotrus_order_set(order, "month", "12");
    reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    return reply;
}

static wotrus_reply *reissued_with(const wotrus_client *client, const char *name, const char *value)
{
    wotrus_reissue *reissue = wotrus_reissue_new();
    wotrus_reply *reply;
    wotrus_reissue_set(reissue, name, value);
    reply = wotrus_reissue_certificate(client, reissue);
    wotrus_reissue_free(reissue);
    return reply;
}

static wotrus_reply *queried_with(const char *name, const char *value)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_reply *reply;
    wotrus_config_set(config, "token", "tk_x");
    wotrus_config_set(config, name, value);
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    wotrus_client_cancel(client);
    reply = wotrus_query_order(client, id);
    wotrus_client_free(client);
    return reply;
}

static wotrus_reply *sent_with(const wotrus_client *client, wotrus_document *document)
{
    wotrus_reply *reply = wotrus_revoke_certificate(client, id, "why", document);
    wotrus_document_free(document);
    return reply;
}

/* Invalid text and invalid values. */
static void invalid_values(const wotrus_client *client)
{
    static const char *const operations[] = {
        "create_order", "query_order", "retrieve_certificate", "cancel_order", "revoke_certificate",
        "reissue_certificate", "notify_by_email", "wait_for_certificate"};
    wotrus_document *document = wotrus_document_from_bytes("%PDF", 4, ".pdf");
    size_t i;
    REFUSED("OrgName", created_with(client, "OrgName", BAD));
    REFUSED("name", created_with(client, BAD, "x"));
    REFUSED("name", created_with(client, NULL, "x"));
    REFUSED("OrgName", created_with(client, "OrgName", NULL));
    REFUSED("nonsense", created_with(client, "nonsense", "x"));
    REFUSED("month", created_with(client, "month", "twelve"));
    REFUSED("csr", reissued_with(client, "csr", BAD));
    REFUSED("name", reissued_with(client, BAD, "x"));
    REFUSED("name", reissued_with(client, NULL, NULL));
    REFUSED("csr", reissued_with(client, "csr", NULL));
    REFUSED("nonsense", reissued_with(client, "nonsense", "x"));
    REFUSED("reason", reissued_with(client, "csr", csr));
    refused(__LINE__, WOTRUS_CONFIG, "timeout", queried_with("timeout", "soon"));
    refused(__LINE__, WOTRUS_CONFIG, "nonsense", queried_with("nonsense", "1"));
    refused(__LINE__, WOTRUS_CONFIG, "charset", queried_with("charset", "EBCDIC"));
    refused(__LINE__, WOTRUS_CONFIG, "base_url", queried_with("base_url", "http://example.com"));
    refused(__LINE__, WOTRUS_CONFIG, "ca_file", queried_with("ca_file", "/no/such/" BAD));
    REFUSED("user_agent", queried_with("user_agent", BAD));
    REFUSED("token", queried_with("token", NULL));
    REFUSED("name", queried_with(NULL, NULL));
    REFUSED("name", queried_with(BAD, "x"));
    REFUSED("orderID", wotrus_query_order(client, BAD));
    GIVES(WOTRUS_REFUSED, wotrus_query_order(client, "../v1")); /* escaped in the path */
    REFUSED("orderID", wotrus_query_order(client, ""));
    REFUSED("orderID", wotrus_retrieve_certificate(client, BAD));
    REFUSED("orderID", wotrus_cancel_order(client, BAD, "why"));
    REFUSED("reason", wotrus_cancel_order(client, id, BAD));
    REFUSED("orderID", wotrus_revoke_certificate(client, BAD, "why", document));
    REFUSED("reason", wotrus_revoke_certificate(client, id, BAD, document));
    REFUSED("orderID", wotrus_notify_by_email(client, BAD, "https://example.com"));
    REFUSED("collectUrl", wotrus_notify_by_email(client, id, BAD));
    REFUSED("orderID", wotrus_wait_for_certificate(client, BAD, 1));
    REFUSED("operation", wotrus_call(client, BAD, "{}", 2));
    REFUSED("operation", wotrus_call(client, "order_pizza", "{}", 2));
    REFUSED("json", wotrus_call(client, "query_order", BAD, sizeof BAD - 1));
    REFUSED("json", wotrus_call(client, "query_order", "[1]", 3));
    REFUSED("push", wotrus_read_push(BAD, sizeof BAD - 1));
    REFUSED("push", wotrus_read_push("{}", (size_t)-1));
    for (i = 0; i < sizeof operations / sizeof *operations; i++) {
        GIVES(WOTRUS_ARGUMENT, wotrus_call(client, operations[i], NULL, 0));
        GIVES(WOTRUS_ARGUMENT, wotrus_call(client, operations[i], "{", 1));
    }
    GIVES(WOTRUS_ARGUMENT, sent_with(client, wotrus_document_from_bytes(NULL, 0, ".pdf")));
    GIVES(WOTRUS_ARGUMENT, sent_with(client, wotrus_document_from_bytes("x", 1, NULL)));
    GIVES(WOTRUS_ARGUMENT, sent_with(client, wotrus_document_from_bytes("x", 1, BAD)));
    GIVES(WOTRUS_ARGUMENT, sent_with(client, wotrus_document_from_path("x.pdf", BAD)));
    GIVES(WOTRUS_ARGUMENT, sent_with(client, wotrus_document_from_bytes("x", (size_t)-1, ".pdf")));
    GIVES(WOTRUS_ARGUMENT, sent_with(client, wotrus_document_from_path(NULL, NULL)));
    GIVES(WOTRUS_FILE, sent_with(client, wotrus_document_from_path("/no/such/file.pdf", NULL)));
    GIVES(WOTRUS_FILE, sent_with(client, wotrus_document_from_path("/no/" BAD ".pdf", NULL)));
    wotrus_document_free(document);
}

/* An order from creation to revocation, with objects used twice, freed early, and queried early. */
static void lifecycle(const wotrus_client *client, const char *licence)
{
    wotrus_document *document = wotrus_document_from_path(licence, NULL);
    wotrus_config *options = wotrus_config_new();
    wotrus_order *order = wotrus_order_new();
    wotrus_reissue *reissue = wotrus_reissue_new();
    wotrus_client *with;
    wotrus_reply *reply, *again;
    char order_id[64];
    int refusals = 0;

    wotrus_order_set(order, "productid", "76ECE651-B59E-48F2-A47B-135614AADAD9");
    wotrus_order_set(order, "orderinfoPost.commonName", "WoTrus");
    wotrus_order_set(order, "ORGNAME", "first");
    wotrus_order_set(order, "OrgName", "WoTrus");
    wotrus_order_set(order, "csR_RSA", csr);
    wotrus_order_set(order, "month", "12");
    wotrus_order_set(order, "idempotenceID", key);
    wotrus_order_set(order, "orderinfoPost.Hosts", "a.example.com");
    wotrus_order_add_document(order, WOTRUS_BUSINESS_LICENCE, document);
    wotrus_document_free(document);

    wotrus_config_set_callback(options, stop_sending, &refusals);
    with = wotrus_client_with(client, options);
    GIVES(WOTRUS_CANCELLED, wotrus_create_order(with, order));
    EXPECT(refusals > 0);
    wotrus_client_free(with);

    wotrus_config_set_callback(options, count_events, &events);
    wotrus_config_set(options, "request_id", "42");
    with = wotrus_client_with(client, options);
    wotrus_config_free(options);
    reply = wotrus_create_order(with, order);
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK);
    EXPECT(same(wotrus_reply_request_id(reply), "42") && events > 0);
    EXPECT(same(wotrus_reply_idempotence_id(reply), key));
    EXPECT(same(wotrus_reply_delivery(reply), "answered") && wotrus_reply_attempts(reply) == 1);
    EXPECT(wotrus_reply_http_status(reply) == 200);
    again = wotrus_create_order(client, order);
    EXPECT(same(wotrus_reply_order_id(reply), wotrus_reply_order_id(again)));
    strcpy(order_id, wotrus_reply_order_id(again));
    read_all(again);
    wotrus_reply_free(again);
    wotrus_reply_free(reply);
    wotrus_order_free(order);
    wotrus_client_free(with);

    GIVES(WOTRUS_OK, wotrus_client_check(client));
    GIVES(WOTRUS_REFUSED, wotrus_query_order(client, id));
    reply = wotrus_wait_for_certificate(client, order_id, 30000);
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK);
    EXPECT(wotrus_reply_matches_csr(reply, "rsa", csr) == 1);
    EXPECT(wotrus_reply_matches_csr(reply, "rsa", BAD) == -1);
    EXPECT(wotrus_reply_matches_csr(reply, "Sign", csr) == -1);
    EXPECT(wotrus_reply_matches_csr(reply, NULL, NULL) == -1);
    EXPECT(strncmp(wotrus_reply_full_chain(reply, NULL), "-----BEGIN CERTIFICATE-----", 27) == 0);
    EXPECT(wotrus_reply_pem(reply, "RSA") != NULL && wotrus_reply_root(reply, NULL) != NULL);
    EXPECT(same(wotrus_reply_chain_status(reply, NULL), "complete"));
    EXPECT(strstr(wotrus_reply_full_chain_with_root(reply, NULL), wotrus_reply_root(reply, NULL)) != NULL);
    EXPECT(strstr(wotrus_reply_full_chain_with_root(reply, NULL), wotrus_reply_full_chain(reply, NULL)) != NULL);
    EXPECT(strstr(wotrus_reply_full_chain(reply, NULL), wotrus_reply_intermediates(reply, NULL)) != NULL);
    EXPECT(wotrus_reply_chain(reply, NULL, 0) != NULL);
    EXPECT(same(wotrus_reply_chain(reply, NULL, 0), wotrus_reply_get(reply, "chains_RSA.0")));
    read_all(reply);
    wotrus_reply_free(reply);
    reply = wotrus_retrieve_certificate(client, order_id);
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK);
    wotrus_reply_free(reply);
    reply = wotrus_query_order(client, order_id);
    EXPECT(same(wotrus_reply_get(reply, "status"), "issued"));
    EXPECT(same(wotrus_reply_get(reply, "ORG.orgname"), "WoTrus"));
    read_all(reply);
    wotrus_reply_free(reply);

    GIVES(WOTRUS_OK, wotrus_notify_by_email(client, order_id, "https://example.com/collect"));
    GIVES(WOTRUS_REFUSED, wotrus_cancel_order(client, order_id, "too late"));
    document = wotrus_document_from_bytes("%PDF-1.4", 8, ".pdf");
    wotrus_reissue_set(reissue, "ORDERID", order_id);
    wotrus_reissue_set(reissue, "csr", csr);
    wotrus_reissue_set(reissue, "reason", "new server");
    wotrus_reissue_set_proof(reissue, document);
    GIVES(WOTRUS_OK, wotrus_reissue_certificate(client, reissue));
    wotrus_reissue_free(reissue);
    GIVES(WOTRUS_OK, wotrus_revoke_certificate(client, order_id, "no longer used", document));
    wotrus_document_free(document);
}

/* Clients with an invalid configuration, and clients made from them. */
static void invalid_clients(const wotrus_client *client)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *none = wotrus_client_new(NULL), *with;
    REFUSED("config", wotrus_query_order(none, id));
    with = wotrus_client_with(none, config);
    REFUSED("config", wotrus_query_order(with, id));
    wotrus_client_free(with);
    wotrus_client_free(none);
    none = wotrus_client_with(NULL, config);
    REFUSED("client", wotrus_query_order(none, id));
    wotrus_client_free(none);
    none = wotrus_client_with(client, NULL);
    REFUSED("config", wotrus_query_order(none, id));
    wotrus_client_free(none);
    wotrus_config_set(config, "base_url", "https://example.com");
    none = wotrus_client_with(client, config);
    refused(__LINE__, WOTRUS_CONFIG, "base_url", wotrus_query_order(none, id));
    refused(__LINE__, WOTRUS_CONFIG, "base_url", wotrus_client_check(none));
    GIVES(WOTRUS_OK, wotrus_client_check(client));
    wotrus_client_cancel(none);
    wotrus_client_free(none);
    wotrus_config_free(config);
}

static void pushes(void)
{
    static const char push[] =
        "{\"dataAction\":\"order\",\"orderID\":\"X-1\",\"isIssued\":true,\"isRevoked\":false}";
    wotrus_reply *reply = wotrus_read_push(push, sizeof push - 1);
    EXPECT(same(wotrus_reply_order_id(reply), "X-1"));
    EXPECT(same(wotrus_reply_get(reply, "isIssued"), "true"));
    read_all(reply);
    wotrus_reply_free(reply);
    GIVES(WOTRUS_OK, wotrus_read_push("{\"dataAction\":\"news\"}", 21));
}

int main(int argc, char **argv)
{
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    wotrus_client *client, *over_http;
    int open_before;
    EXPECT(file != NULL);
    csr[fread(csr, 1, sizeof csr - 1, file)] = '\0';
    fclose(file);
    sprintf(key, "api-%ld", (long)getpid());
    open_before = entries("/proc/self/fd");
    EXPECT(wotrus_abi() == WOTRUS_ABI && same(wotrus_version(), WOTRUS_VERSION));

    client = client_of(environment("WOTRUS_BASE_URL"));
    over_http = client_of(environment("WOTRUS_HTTP_URL"));
    nulls(client);
    invalid_values(client);
    invalid_clients(client);
    pushes();
    lifecycle(client, argv[2]);
    GIVES(WOTRUS_REFUSED, wotrus_call(over_http, "GET /v1/order/none", NULL, 0));
    wotrus_client_cancel(client);
    wotrus_client_free(over_http);
    wotrus_client_free(client);
    EXPECT(entries("/proc/self/fd") == open_before);
    return 0;
}
