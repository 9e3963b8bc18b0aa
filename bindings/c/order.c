/*
 * The life cycle of an order: create, query, wait, fetch, notify, reissue, cancel, revoke.
 *
 *   WOTRUS_TOKEN=tk_... ./order example.csr licence.pdf fullchain.pem
 *
 * The library reads no environment variables. This program reads WOTRUS_TOKEN, WOTRUS_BASE_URL and
 * WOTRUS_CA_FILE; "wotrus sandbox" prints values to try it free of charge.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wotrus.h>

/* A text for printf, which must not get NULL: the library returns NULL for a field that is null or
   absent. */
static const char *shown(const char *text)
{
    return text != NULL ? text : "(none)";
}

/* Prints the result of a call; returns 1 if it succeeded. */
static int report(const char *what, const wotrus_reply *reply)
{
    if (wotrus_reply_status(reply) == WOTRUS_OK) {
        printf("%s: ok\n", what);
        return 1;
    }
    /* Delivery tells whether the order may exist. Give the RequestID to the service's support. */
    fprintf(stderr, "%s: %s (%s, %s, delivery %s, RequestID %s)\n", what,
            shown(wotrus_reply_message(reply)), shown(wotrus_reply_kind(reply)),
            shown(wotrus_reply_cause(reply)), shown(wotrus_reply_delivery(reply)),
            shown(wotrus_reply_request_id(reply)));
    return 0;
}

/* The same, for a reply that is not needed any more. */
static int done(const char *what, wotrus_reply *reply)
{
    int ok = report(what, reply);
    wotrus_reply_free(reply);
    return ok;
}

static int save(const char *path, const char *text)
{
    FILE *file = text != NULL ? fopen(path, "wb") : NULL;
    int ok = file != NULL && fputs(text, file) >= 0;
    return file != NULL && fclose(file) == 0 && ok;
}

static wotrus_client *connect_to_service(void)
{
    const char *const options[][2] = {
        {"token", "WOTRUS_TOKEN"}, {"base_url", "WOTRUS_BASE_URL"}, {"ca_file", "WOTRUS_CA_FILE"}};
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    size_t i;
    for (i = 0; i < sizeof options / sizeof *options; i++)
        if (getenv(options[i][1]) != NULL)
            wotrus_config_set(config, options[i][0], getenv(options[i][1]));
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    return client;
}

/* Creates the order. With your database key as idempotenceID it can be sent again safely. */
static wotrus_reply *create(const wotrus_client *client, const char *key, const char *csr,
                            const wotrus_document *licence)
{
    wotrus_order *order = wotrus_order_new();
    wotrus_reply *reply;
    wotrus_order_set(order, "productID", "76ECE651-B59E-48F2-A47B-135614AADAD9");
    wotrus_order_set(order, "commonName", "\xE6\xB2\x83\xE9\x80\x9A"); /* Wo tong, in UTF-8 */
    wotrus_order_set(order, "OrgName", "\xE6\xB2\x83\xE9\x80\x9A");
    wotrus_order_set(order, "countryCode", "CN");
    wotrus_order_set(order, "csR_RSA", csr);
    wotrus_order_set(order, "month", "12");
    wotrus_order_set(order, "idempotenceID", key);
    wotrus_order_add_document(order, WOTRUS_BUSINESS_LICENCE, licence);
    reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    return reply;
}

static wotrus_reply *reissue(const wotrus_client *client, const char *order_id, const char *csr)
{
    wotrus_reissue *request = wotrus_reissue_new();
    wotrus_reply *reply;
    char key[64];
    /* Each reissue of an order has its own. */
    sprintf(key, "reissue-1-%.48s", order_id);
    wotrus_reissue_set(request, "orderID", order_id);
    wotrus_reissue_set(request, "csr", csr);
    wotrus_reissue_set(request, "reason", "new server");
    wotrus_reissue_set(request, "idempotenceID", key);
    reply = wotrus_reissue_certificate(client, request);
    wotrus_reissue_free(request);
    return reply;
}

/* All steps after the order was created. */
static int further_steps(const wotrus_client *client, const char *id, const char *csr,
                         const wotrus_document *proof, const char *fullchain)
{
    wotrus_reply *reply = wotrus_query_order(client, id);
    int fits, ok = report("query", reply);
    if (ok)
        printf("  %s is %s\n", id, shown(wotrus_reply_get(reply, "status")));
    wotrus_reply_free(reply);
    if (!ok)
        return 0;

    /* A manual review takes days: a real system ends here and continues when the push arrives. */
    reply = wotrus_wait_for_certificate(client, id, 60 * 1000);
    ok = report("wait", reply);
    fits = ok && wotrus_reply_matches_csr(reply, NULL, csr) == 1;
    if (ok && !fits)
        fprintf(stderr, "%s: the certificate is for another key than the CSR\n", id);
    ok = fits && save(fullchain, wotrus_reply_full_chain(reply, NULL));
    wotrus_reply_free(reply);
    if (fits && !ok)
        fprintf(stderr, "%s: cannot be written; order %s is issued and can be fetched again\n", fullchain, id);
    if (!ok)
        return 0;
    printf("  %s written\n", fullchain);

    if (!done("e-mail", wotrus_notify_by_email(client, id, "https://example.com/collect")))
        return 0;
    reply = reissue(client, id, csr);
    ok = report("reissue", reply);
    /* Cancels the new order before it is issued, and revokes the first certificate. */
    /* NULL instead of an id is an error like any other. */
    ok = ok && done("cancel", wotrus_cancel_order(client, wotrus_reply_order_id(reply), "a mistake"));
    wotrus_reply_free(reply);
    return ok && done("revoke", wotrus_revoke_certificate(client, id, "no longer used", proof));
}

int main(int argc, char **argv)
{
    char csr[16384], key[64];
    FILE *file = argc == 4 ? fopen(argv[1], "rb") : NULL;
    wotrus_client *client;
    wotrus_document *licence;
    wotrus_reply *reply;
    const char *id;
    int ok;
    if (argc != 4) {
        fprintf(stderr, "usage: order CSR LICENCE FULLCHAIN\n");
        return 2;
    }
    if (file == NULL) {
        perror(argv[1]);
        return 2;
    }
    csr[fread(csr, 1, sizeof csr - 1, file)] = '\0';
    fclose(file);
    sprintf(key, "example-%lu", (unsigned long)time(NULL));

    client = connect_to_service();
    licence = wotrus_document_from_path(argv[2], NULL); /* is read while it is sent */
    reply = create(client, key, csr, licence);
    id = wotrus_reply_order_id(reply);
    ok = report("create", reply) && id != NULL && further_steps(client, id, csr, licence, argv[3]);
    wotrus_reply_free(reply);
    wotrus_document_free(licence);
    wotrus_client_free(client);
    return ok ? 0 : 1;
}
