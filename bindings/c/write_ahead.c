/*
 * An order that a kill cannot lose: it is on disk before it is sent, and its outcome afterwards.
 *
 *   touch orders.log && sync
 *   WOTRUS_TOKEN=tk_... ./write_ahead orders.log 4711 example.csr   creates an order with key 4711
 *   WOTRUS_TOKEN=tk_... ./write_ahead orders.log                    finishes what a kill left open
 *
 * A program with a database inserts and commits a row where this one appends a line and calls fsync. The
 * key is the idempotenceID, so an order that is sent again under it exists once. It must be sent with
 * the same content, which here is the same file.
 */
#define _XOPEN_SOURCE 500 /* fsync */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wotrus.h>

#define MAX_WORD 500

/* Keys and names of files, which must not contain blanks. */
struct entry {
    const char *log;
    const char *key;
    const char *csr;
    int recorded;
};

/* Appends a line, and returns 1 once it is on disk. Each line begins with a line break: an incomplete
   line of a process that was killed must not join the next one. */
static int append(const char *log, const char *what, const char *key, const char *value)
{
    FILE *file = fopen(log, "r+b");
    int ok = file != NULL && fseek(file, 0, SEEK_END) == 0 &&
             fprintf(file, "\n%s %s %s .\n", what, key, value) > 0 &&
             fflush(file) == 0 && fsync(fileno(file)) == 0;
    return file != NULL && fclose(file) == 0 && ok;
}

/* Before each attempt. Non-zero keeps the order from being sent. */
static int on_event(void *user, const char *event_json, size_t len)
{
    struct entry *entry = user;
    (void)len;
    if (strstr(event_json, "\"event\":\"sending\"") == NULL || entry->recorded)
        return 0;
    entry->recorded = append(entry->log, "sending", entry->key, entry->csr);
    return !entry->recorded;
}

static wotrus_client *connect_to_service(struct entry *entry)
{
    const char *const options[][2] = {
        {"token", "WOTRUS_TOKEN"}, {"base_url", "WOTRUS_BASE_URL"}, {"ca_file", "WOTRUS_CA_FILE"}};
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    size_t i;
    for (i = 0; i < sizeof options / sizeof *options; i++)
        if (getenv(options[i][1]) != NULL)
            wotrus_config_set(config, options[i][0], getenv(options[i][1]));
    wotrus_config_set_callback(config, on_event, entry);
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    return client;
}

static wotrus_reply *create(const wotrus_client *client, const char *key, const char *csr)
{
    char text[16384];
    FILE *file = fopen(csr, "rb");
    wotrus_order *order = wotrus_order_new();
    wotrus_reply *reply;
    text[file != NULL ? fread(text, 1, sizeof text - 1, file) : 0] = '\0';
    if (file != NULL)
        fclose(file);
    wotrus_order_set(order, "productID", "76ECE651-B59E-48F2-A47B-135614AADAD9");
    wotrus_order_set(order, "commonName", "example");
    wotrus_order_set(order, "OrgName", "example");
    wotrus_order_set(order, "csR_RSA", text);
    wotrus_order_set(order, "month", "12");
    wotrus_order_set(order, "idempotenceID", key);
    reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    return reply;
}

/* Reads the next complete line; incomplete ones and empty ones are skipped. */
static int next(FILE *file, char *what, char *key, char *value)
{
    char line[3 * MAX_WORD], end[2];
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "%499s %499s %499s %1s", what, key, value, end) == 4)
            return 1;
    return 0;
}

/* Reads what the last line of a key says, which is the state of its order: "sending" (it may exist, and
   what came of it is not known), "created", "ended", or "" if the log has no such line. */
static void state(const char *log, const char *wanted, char *last, char *last_value)
{
    char what[MAX_WORD], key[MAX_WORD], value[MAX_WORD];
    FILE *file = fopen(log, "rb");
    *last = '\0';
    while (file != NULL && next(file, what, key, value))
        if (strcmp(key, wanted) == 0) {
            strcpy(last, what);
            strcpy(last_value, value);
        }
    if (file != NULL)
        fclose(file);
}

/* Creates an order and records what came of it. */
static int place(const char *log, const char *key, const char *csr)
{
    struct entry entry;
    wotrus_client *client;
    wotrus_reply *reply;
    char last[MAX_WORD], value[MAX_WORD];
    int was_sent, ok = 0;
    state(log, key, last, value);
    if (strcmp(last, "created") == 0) {
        printf("created %s %s\n", key, value);
        return 1;
    }
    /* An earlier process may have created it: then a refusal does not mean that it does not exist. */
    was_sent = strcmp(last, "sending") == 0;
    entry.log = log;
    entry.key = key;
    entry.csr = csr;
    entry.recorded = was_sent;
    client = connect_to_service(&entry);
    /* What is sent again under a key must have the same content. */
    reply = create(client, key, was_sent ? value : csr);
    if (wotrus_reply_status(reply) == WOTRUS_OK) {
        const char *id = wotrus_reply_order_id(reply);
        printf("created %s %s\n", key, id);
        ok = append(log, "created", key, id);
    } else {
        const char *delivery = wotrus_reply_delivery(reply);
        fprintf(stderr, "%s: %s\n", key, wotrus_reply_message(reply));
        /* An unknown outcome stays open: the next run without a key sends the order again. */
        if (!was_sent && strcmp(delivery, "unknown") != 0 && entry.recorded)
            append(log, "ended", key, delivery);
    }
    wotrus_reply_free(reply);
    wotrus_client_free(client);
    return ok;
}

static int resume(const char *log)
{
    char what[MAX_WORD], key[MAX_WORD], csr[MAX_WORD], last[MAX_WORD], value[MAX_WORD];
    FILE *file = fopen(log, "rb");
    int ok = file != NULL;
    while (file != NULL && next(file, what, key, csr)) {
        if (strcmp(what, "sending") != 0)
            continue;
        state(log, key, last, value);
        if (strcmp(last, "sending") == 0)
            ok = place(log, key, csr) && ok;
    }
    if (file != NULL)
        fclose(file);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        return resume(argv[1]) ? 0 : 1;
    if (argc != 4) {
        fprintf(stderr, "usage: write_ahead LOG [KEY CSR]\n");
        return 2;
    }
    return place(argv[1], argv[2], argv[3]) ? 0 : 1;
}
