/* call_by_name REQUEST CSR FOLDER: every operation through wotrus_call. REQUEST is the document's example,
 * which is sent unchanged. A document of 20 MB is read from disk, and memory does not grow with it. */
#include <unistd.h>

#include "expect.h"

enum { MIB = 1024 * 1024 };

static char json[65536], csr[16384], quoted[32768];

static void read_file(const char *path, char *into, size_t size)
{
    FILE *file = fopen(path, "rb");
    size_t got;
    EXPECT(file != NULL);
    got = fread(into, 1, size - 1, file);
    EXPECT(got < size - 1);
    into[got] = '\0';
    fclose(file);
}

static void quote(const char *text, char *into)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            *into++ = '\\', *into++ = 'n';
        else if (*text != '\r')
            *into++ = *text;
    }
    *into = '\0';
}

static wotrus_reply *call(const wotrus_client *client, const char *operation)
{
    return wotrus_call(client, operation, json, strlen(json));
}

/* Copies the reply's order id, and frees the reply. */
static void order_of(wotrus_reply *reply, char id[64])
{
    if (wotrus_reply_status(reply) != WOTRUS_OK)
        fprintf(stderr, "%s\n", wotrus_reply_json(reply, NULL));
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK);
    strcpy(id, wotrus_reply_order_id(reply));
    wotrus_reply_free(reply);
}

static long peak_memory_kib(void)
{
    char line[256];
    long kib = -1;
    FILE *file = fopen("/proc/self/status", "r");
    EXPECT(file != NULL);
    while (fgets(line, sizeof line, file) != NULL)
        sscanf(line, "VmHWM: %ld", &kib);
    fclose(file);
    EXPECT(kib > 0);
    return kib;
}

static void write_large(const char *path)
{
    static char part[MIB];
    FILE *file = fopen(path, "wb");
    int i;
    EXPECT(file != NULL);
    memset(part, 'x', sizeof part);
    for (i = 0; i < 20; i++)
        EXPECT(fwrite(part, sizeof part, 1, file) == 1);
    EXPECT(fclose(file) == 0);
}

static void lifecycle(const wotrus_client *client, const char *folder)
{
    char id[64], again[64], other[64], path[1024];
    wotrus_reply *reply;
    long before;

    order_of(call(client, "create_order"), id); /* the document's example: no idempotenceID */
    order_of(call(client, "create_order"), again);
    EXPECT(strcmp(id, again) != 0);

    sprintf(path, "%s/large.pdf", folder);
    write_large(path);
    before = peak_memory_kib();
    sprintf(json,
            "{\"orderinfopost\":{\"productid\":\"76ECE651-B59E-48F2-A47B-135614AADAD9\","
            "\"commonName\":\"WoTrus\",\"month\":12,\"csR_RSA\":\"%s\",\"idempotenceID\":\"call-%ld\"},"
            "\"organizationPost\":{\"OrgName\":\"WoTrus\",\"countryCode\":\"CN\"},"
            "\"documentsPost\":[{\"documentType\":2,\"path\":\"%s\"}]}",
            quoted, (long)getpid(), path);
    order_of(call(client, "create_order"), id);
    order_of(call(client, "create_order"), again);
    EXPECT(same(id, again));
    EXPECT(peak_memory_kib() - before < 4 * 1024);

    sprintf(json, "{\"orderid\":\"%s\",\"timeout\":60}", id);
    reply = call(client, "wait_for_certificate");
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK && wotrus_reply_matches_csr(reply, NULL, csr) == 1);
    wotrus_reply_free(reply);
    reply = call(client, "retrieve_certificate");
    EXPECT(wotrus_reply_full_chain(reply, "RSA") != NULL);
    wotrus_reply_free(reply);
    reply = call(client, "query_order");
    EXPECT(same(wotrus_reply_order_id(reply), id) && same(wotrus_reply_get(reply, "status"), "issued"));
    wotrus_reply_free(reply);

    sprintf(json, "{\"orderID\":\"%s\",\"collectUrl\":\"https://example.com/collect\"}", id);
    GIVES(WOTRUS_OK, call(client, "notify_by_email"));
    sprintf(json, "{\"orderID\":\"%s\",\"reason\":\"too late\"}", id);
    GIVES(WOTRUS_REFUSED, call(client, "cancel_order"));

    sprintf(json,
            "{\"orderID\":\"%s\",\"csr\":\"%s\",\"csR_Encrypt\":null,\"reason\":\"new server\","
            "\"idempotenceID\":\"call-again-%ld\",\"path\":\"%s\"}",
            id, quoted, (long)getpid(), path);
    reply = call(client, "reissue_certificate");
    EXPECT(wotrus_reply_idempotence_id(reply) != NULL);
    order_of(reply, other);
    sprintf(json, "{\"orderID\":\"%s\",\"reason\":\"no longer used\",\"fileType\":\".jpg\",\"path\":\"%s\"}", id, path);
    reply = call(client, "revoke_certificate");
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK && wotrus_reply_get(reply, "revokeStatus") != NULL);
    wotrus_reply_free(reply);
    EXPECT(peak_memory_kib() - before < 4 * 1024);
    EXPECT(remove(path) == 0);
    GIVES(WOTRUS_FILE, call(client, "revoke_certificate"));

    /* Other endpoints, also one that is an operation too. */
    sprintf(path, "GET /v1/Order/%s", other);
    reply = wotrus_call(client, path, NULL, 0);
    EXPECT(same(wotrus_reply_get(reply, "id"), other));
    wotrus_reply_free(reply);
    sprintf(json, "{\"orderID\":\"%s\",\"collectUrl\":\"https://example.com\"}", other);
    GIVES(WOTRUS_OK, call(client, "POST /v1/Notification/email"));
    GIVES(WOTRUS_ARGUMENT, call(client, "POST /v1/../secret"));
    GIVES(WOTRUS_ARGUMENT, call(client, "DELETE /v1/Order"));
    GIVES(WOTRUS_ARGUMENT, call(client, "GET /v1/Order/1")); /* a GET has no body */
    GIVES(WOTRUS_REFUSED, wotrus_call(client, "POST /v1/Order/Create", NULL, 0)); /* sends {} */
    GIVES(WOTRUS_ARGUMENT, wotrus_call(client, "POST /v1/Order/Create", "", 0));
    GIVES(WOTRUS_ARGUMENT, wotrus_call(client, "", NULL, 0));

    sprintf(json, "{\"dataAction\":\"order\",\"orderID\":\"%s\",\"isIssued\":true,\"isRevoked\":false}", id);
    order_of(call(client, "read_push"), again);
    EXPECT(same(id, again));
}

int main(int argc, char **argv)
{
    wotrus_client *client = client_of(environment("WOTRUS_BASE_URL"));
    EXPECT(argc == 4);
    read_file(argv[1], json, sizeof json);
    read_file(argv[2], csr, sizeof csr);
    quote(csr, quoted);
    lifecycle(client, argv[3]);
    wotrus_client_free(client);
    return 0;
}
