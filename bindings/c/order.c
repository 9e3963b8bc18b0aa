/*
 * An order's whole life: created, looked at, waited for, fetched, announced, issued anew, revoked.
 *
 *   WOTRUS_TOKEN=tk_... ./order example.csr licence.pdf fullchain.pem
 *
 * The library reads no environment; this program does: WOTRUS_TOKEN, WOTRUS_BASE_URL and
 * WOTRUS_CA_FILE. Against the sandbox ("wotrus sandbox" prints the three) it costs nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wotrus.h>

/* Says what came of a call; 1 if it went well. */
static int told(const char *what, const wotrus_reply *reply)
{
    const char *id = wotrus_reply_request_id(reply);
    if (wotrus_reply_status(reply) == WOTRUS_OK) {
        printf("%s: ok\n", what);
        return 1;
    }
    /* Delivery is what tells whether the order may exist; RequestID is for a ticket. */
    fprintf(stderr, "%s: %s (%s, %s, delivery %s, RequestID %s)\n", what,
            wotrus_reply_message(reply), wotrus_reply_kind(reply), wotrus_reply_cause(reply),
            wotrus_reply_delivery(reply), id != NULL ? id : "none");
    return 0;
}

/* The same for a call whose answer is not read. */
static int done(const char *what, wotrus_reply *reply)
{
    int ok = told(what, reply);
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

/* Creates the order, under an id that your database has for it: it can then be sent again safely. */
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
    wotrus_reissue_set(request, "orderID", order_id);
    wotrus_reissue_set(request, "csr", csr);
    wotrus_reissue_set(request, "reason", "new server");
    reply = wotrus_reissue_certificate(client, request);
    wotrus_reissue_free(request);
    return reply;
}

/* From created to revoked; each step needs the one before. */
static int live(const wotrus_client *client, const char *id, const char *csr,
                const wotrus_document *proof, const char *fullchain)
{
    wotrus_reply *reply = wotrus_query_order(client, id);
    int fits, ok = told("query", reply);
    if (ok)
        printf("  %s is %s\n", id, wotrus_reply_get(reply, "status"));
    wotrus_reply_free(reply);
    if (!ok)
        return 0;

    /* A review by people takes days: a real system leaves here, and comes back with the push. */
    reply = wotrus_wait_for_certificate(client, id, 60 * 1000);
    ok = told("wait", reply);
    fits = ok && wotrus_reply_matches_csr(reply, NULL, csr) == 1;
    if (ok && !fits)
        fprintf(stderr, "%s: the certificate is not for the CSR's key\n", id);
    ok = fits && save(fullchain, wotrus_reply_full_chain(reply, NULL));
    wotrus_reply_free(reply);
    if (fits && !ok)
        fprintf(stderr, "%s: cannot be written; %s is issued, and can be fetched again\n", fullchain, id);
    if (!ok)
        return 0;
    printf("  %s written\n", fullchain);

    if (!done("e-mail", wotrus_notify_by_email(client, id, "https://example.com/collect")))
        return 0;
    reply = reissue(client, id, csr);
    ok = told("reissue", reply);
    /* The new order is cancelled again before it is issued; then the first one is revoked. */
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
    licence = wotrus_document_from_path(argv[2], NULL); /* read while it is sent */
    reply = create(client, key, csr, licence);
    ok = told("create", reply) && live(client, wotrus_reply_order_id(reply), csr, licence, argv[3]);
    wotrus_reply_free(reply);
    wotrus_document_free(licence);
    wotrus_client_free(client);
    return ok ? 0 : 1;
}
