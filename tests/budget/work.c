/* The tasks whose cost has a budget, each repeated over one connection:
 *
 *   work URL CA_FILE query|create|retrieve|upload TIMES [FILE]
 *
 * create needs a CSR, upload a document. The first calls, which open the connection, are not counted. The
 * texts of the last response are printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <valgrind/callgrind.h>
#include <wotrus.h>

enum { FIRST = 4 };

/* The texts that a task reads. */
static const char *texts[12];

static void fail(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(1);
}

static wotrus_reply *query(const wotrus_client *client)
{
    static const char *const fields[] = {"status", "productName", "cn", "org.orgName", "createTime"};
    wotrus_reply *reply = wotrus_query_order(client, "a4a78326-0546-4602-9586-8ee3c05e8068");
    size_t i;
    for (i = 0; i < sizeof fields / sizeof *fields; i++)
        texts[i] = wotrus_reply_get(reply, fields[i]);
    return reply;
}

/* The order of the document's example, without its empty fields. */
static wotrus_reply *create(const wotrus_client *client, const char *csr)
{
    const char *const fields[][2] = {
        {"productID", "76ECE651-B59E-48F2-A47B-135614AADAD9"},
        {"commonName", "沃通电子认证服务有限公司"},
        {"csR_RSA", csr},
        {"month", "12"},
        {"idempotenceID", "order-4711"},
        {"OrgName", "刘大强"},
        {"OrgPhone", "18610077459"},
        {"OrgEmail", "ldq@wotrus.com"},
        {"UserFirstName", "大强"},
        {"UserLastName", "刘"},
        {"UserEmail", "ldq@wotrus.com"},
        {"UserMobile", "18610077459"},
        {"countryCode", "CN"},
    };
    wotrus_order *order = wotrus_order_new();
    wotrus_reply *reply;
    size_t i;
    for (i = 0; i < sizeof fields / sizeof *fields; i++)
        wotrus_order_set(order, fields[i][0], fields[i][1]);
    reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    texts[0] = wotrus_reply_order_id(reply);
    return reply;
}

/* Three certificates, each with a chain of three. */
static wotrus_reply *retrieve(const wotrus_client *client)
{
    static const char *const names[] = {"RSA", "Sign", "Encrypt"};
    wotrus_reply *reply = wotrus_retrieve_certificate(client, "a4a78326-0546-4602-9586-8ee3c05e8068");
    size_t which, index, i = 0;
    for (which = 0; which < 3; which++) {
        texts[i++] = wotrus_reply_pem(reply, names[which]);
        for (index = 0; index < 3; index++)
            texts[i++] = wotrus_reply_chain(reply, names[which], index);
    }
    return reply;
}

static wotrus_reply *upload(const wotrus_client *client, const char *file)
{
    wotrus_document *document = wotrus_document_from_path(file, ".pdf");
    wotrus_order *order = wotrus_order_new();
    wotrus_reply *reply;
    wotrus_order_set(order, "productID", "76ECE651-B59E-48F2-A47B-135614AADAD9");
    wotrus_order_set(order, "commonName", "沃通电子认证服务有限公司");
    wotrus_order_set(order, "month", "12");
    wotrus_order_set(order, "OrgName", "沃通电子认证服务有限公司");
    wotrus_order_add_document(order, WOTRUS_BUSINESS_LICENCE, document);
    reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    wotrus_document_free(document);
    texts[0] = wotrus_reply_order_id(reply);
    return reply;
}

static char *contents(const char *path)
{
    static char text[64 * 1024];
    FILE *file = fopen(path, "rb");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    if (length == 0)
        fail("no CSR");
    fclose(file);
    text[length] = 0;
    return text;
}

int main(int argc, char **argv)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    const char *csr = NULL;
    int i, wanted, call, times;
    if (argc < 5)
        fail("work URL CA_FILE WORK TIMES [FILE]");
    if (strcmp(argv[3], "create") == 0)
        csr = contents(argv[5]);
    times = atoi(argv[4]);
    wanted = argv[3][0] == 'q' ? 5 : argv[3][0] == 'r' ? 12 : 1;
    wotrus_config_set(config, "token", "tk_0123456789abcdef0123456789abcdef");
    wotrus_config_set(config, "base_url", argv[1]);
    wotrus_config_set(config, "ca_file", argv[2]);
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    for (call = 0; call < times; call++) {
        wotrus_reply *reply;
        if (call == FIRST)
            CALLGRIND_START_INSTRUMENTATION;
        switch (argv[3][0]) {
        case 'q': reply = query(client); break;
        case 'c': reply = create(client, csr); break;
        case 'r': reply = retrieve(client); break;
        default: reply = upload(client, argv[5]);
        }
        if (call == times - 1) {
            CALLGRIND_STOP_INSTRUMENTATION;
            if (wotrus_reply_status(reply) != WOTRUS_OK)
                fail(wotrus_reply_message(reply));
            for (i = 0; i < wanted; i++) {
                if (texts[i] == NULL)
                    fail("a text is missing");
                printf("%s\n", texts[i]);
            }
        }
        wotrus_reply_free(reply);
    }
    wotrus_client_free(client);
    return 0;
}
