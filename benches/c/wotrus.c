/* libwotrus by its C interface, with all defaults. */
#include <wotrus.h>

#include "bench.h"

static char *csr;

static void check(const wotrus_reply *reply)
{
    if (wotrus_reply_status(reply) != WOTRUS_OK)
        fail(wotrus_reply_message(reply));
}

static const char *some(const char *text, const char *what)
{
    if (text == NULL || *text == '\0')
        fail(what);
    return text;
}

static void query(void *client, int show)
{
    wotrus_reply *reply = wotrus_query_order(client, ORDER_ID);
    size_t i;
    check(reply);
    for (i = 0; i < LENGTH(FIELDS); i++) {
        const char *value = some(wotrus_reply_get(reply, FIELDS[i]), FIELDS[i]);
        if (show)
            puts(value);
    }
    wotrus_reply_free(reply);
}

static void order(wotrus_client *client, int show, const wotrus_document *document)
{
    wotrus_order *order = wotrus_order_new();
    wotrus_reply *reply;
    size_t i;
    for (i = 0; i < LENGTH(INFO); i++)
        wotrus_order_set(order, INFO[i][0], INFO[i][1]);
    wotrus_order_set(order, "csR_RSA", csr);
    wotrus_order_set(order, "month", MONTH);
    for (i = 0; i < LENGTH(ORGANIZATION); i++)
        wotrus_order_set(order, ORGANIZATION[i][0], ORGANIZATION[i][1]);
    if (document != NULL)
        wotrus_order_add_document(order, WOTRUS_BUSINESS_LICENCE, document);
    reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    check(reply);
    some(wotrus_reply_order_id(reply), "no order");
    if (show)
        puts(wotrus_reply_order_id(reply));
    wotrus_reply_free(reply);
}

static void create(void *client, int show)
{
    order(client, show, NULL);
}

static void upload(void *client, int show)
{
    wotrus_document *document = wotrus_document_from_path(setting("BENCH_DOCUMENT"), NULL);
    order(client, show, document);
    wotrus_document_free(document);
}

static void fetch(void *client, int show)
{
    wotrus_reply *reply = wotrus_retrieve_certificate(client, ORDER_ID);
    size_t i, at, bytes = 0;
    const char *text;
    check(reply);
    for (i = 0; i < LENGTH(NAMES); i++) {
        text = some(wotrus_reply_pem(reply, NAMES[i]), NAMES[i]);
        for (at = 0; text != NULL; text = wotrus_reply_chain(reply, NAMES[i], at++)) {
            bytes += strlen(text);
            if (show)
                fputs(text, stdout);
        }
    }
    if (bytes < 1000)
        fail("no certificates");
    wotrus_reply_free(reply);
}

struct share {
    wotrus_client *client;
    unsigned long count;
};

static void *thread(void *argument)
{
    const struct share *share = argument;
    unsigned long i;
    for (i = share->count; i-- > 0;)
        query(share->client, 0);
    return NULL;
}

/* Both threads share the client. */
static void threads(void *client, unsigned long count)
{
    struct share share;
    share.client = client;
    share.count = count;
    two_threads(thread, &share);
}

int main(int argc, char **argv)
{
    static const struct work works[] = {
        {"query", query}, {"create", create}, {"fetch", fetch}, {"upload", upload}, {NULL, NULL}};
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    size_t len;
    csr = read_file(setting("BENCH_CSR"), &len);
    wotrus_config_set(config, "token", TOKEN);
    wotrus_config_set(config, "base_url", setting("BENCH_URL"));
    /* Without a CA file the built-in roots are used. */
    if (*setting("BENCH_CA") != '\0')
        wotrus_config_set(config, "ca_file", setting("BENCH_CA"));
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    run(argc, argv, works, client, threads);
    wotrus_client_free(client);
    free(csr);
    return 0;
}
