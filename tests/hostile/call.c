/* Makes the calls of a behaviour through the C API and prints the result of the last one.
 *
 *   call URL CALL,CALL... [option=value ...] <token
 *
 * A call is an operation, upload:FILE or pause:MILLISECONDS. call.rs does the same in Rust.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wotrus.h"

/* A value of /proc/self/status, in the unit it has there. */
static long status_of(const char *name)
{
    char line[256];
    long value = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            value = atol(line + strlen(name));
    if (file != NULL)
        fclose(file);
    return value;
}

static void print_json(const char *text)
{
    const unsigned char *at = (const unsigned char *)(text == NULL ? "" : text);
    putchar('"');
    for (; *at != 0; at++) {
        if (*at == '"' || *at == '\\' || *at < 0x20)
            printf("\\u%04x", *at);
        else
            putchar(*at);
    }
    putchar('"');
}

static wotrus_order *order_with(const char *idempotence_id, const char *path)
{
    wotrus_order *order = wotrus_order_new();
    wotrus_order_set(order, "productID", "76ECE651-B59E-48F2-A47B-135614AADAD9");
    wotrus_order_set(order, "commonName", "hostile");
    wotrus_order_set(order, "month", "12");
    wotrus_order_set(order, "OrgName", "hostile");
    if (idempotence_id != NULL)
        wotrus_order_set(order, "idempotenceID", idempotence_id);
    if (path != NULL) {
        wotrus_document *document = wotrus_document_from_path(path, ".pdf");
        wotrus_order_add_document(order, WOTRUS_BUSINESS_LICENCE, document);
        wotrus_document_free(document);
    }
    return order;
}

static wotrus_reply *create(const wotrus_client *client, const char *id, const char *path)
{
    wotrus_order *order = order_with(id, path);
    wotrus_reply *reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    return reply;
}

static wotrus_reply *reissue(const wotrus_client *client)
{
    static char csr[4096];
    FILE *file = fopen("tests/fixtures/example.csr", "r");
    wotrus_reissue *request = wotrus_reissue_new();
    wotrus_reply *reply;
    if (file == NULL || fread(csr, 1, sizeof csr - 1, file) == 0)
        exit(2);
    fclose(file);
    wotrus_reissue_set(request, "orderID", "A1");
    wotrus_reissue_set(request, "csr", csr);
    wotrus_reissue_set(request, "reason", "hostile");
    reply = wotrus_reissue_certificate(client, request);
    wotrus_reissue_free(request);
    return reply;
}

static wotrus_reply *revoke(const wotrus_client *client)
{
    wotrus_document *proof = wotrus_document_from_bytes("proof", 5, ".jpg");
    wotrus_reply *reply = wotrus_revoke_certificate(client, "A1", "hostile", proof);
    wotrus_document_free(proof);
    return reply;
}

static wotrus_reply *make(const wotrus_client *client, const char *call)
{
    if (strcmp(call, "query") == 0)
        return wotrus_query_order(client, "A1");
    if (strcmp(call, "create") == 0)
        return create(client, NULL, NULL);
    if (strcmp(call, "create_id") == 0)
        return create(client, "db-42", NULL);
    if (strncmp(call, "upload:", 7) == 0)
        return create(client, NULL, call + 7);
    if (strcmp(call, "retrieve") == 0)
        return wotrus_retrieve_certificate(client, "A1");
    if (strcmp(call, "cancel") == 0)
        return wotrus_cancel_order(client, "A1", "hostile");
    if (strcmp(call, "revoke") == 0)
        return revoke(client);
    if (strcmp(call, "reissue") == 0)
        return reissue(client);
    if (strcmp(call, "email") == 0)
        return wotrus_notify_by_email(client, "A1", "https://wotrus.test/a");
    fprintf(stderr, "no such call: %s\n", call);
    exit(2);
}

int main(int count, char **words)
{
    char token[4200] = "";
    struct timespec start = {0, 0}, end = {0, 0};
    long idle = 0;
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_reply *reply = NULL;
    char *call;
    int word;

    if (count < 3 || fgets(token, sizeof token, stdin) == NULL)
        return 2;
    token[strcspn(token, "\n")] = 0;
    wotrus_config_set(config, "token", token);
    wotrus_config_set(config, "base_url", words[1]);
    for (word = 3; word < count; word++) {
        char *value = strchr(words[word], '=');
        if (value == NULL)
            return 2;
        *value++ = 0;
        wotrus_config_set(config, words[word], value);
    }
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    idle = status_of("VmRSS:");
    for (call = strtok(words[2], ","); call != NULL; call = strtok(NULL, ",")) {
        if (strncmp(call, "pause:", 6) == 0) {
            long ms = atol(call + 6);
            struct timespec time = {ms / 1000, ms % 1000 * 1000000};
            nanosleep(&time, NULL);
            continue;
        }
        wotrus_reply_free(reply);
        clock_gettime(CLOCK_MONOTONIC, &start);
        reply = make(client, call);
        clock_gettime(CLOCK_MONOTONIC, &end);
    }
    printf("{\"status\":%d,\"kind\":\"%s\",\"cause\":\"%s\",\"delivery\":\"%s\",\"attempts\":%u,",
           wotrus_reply_status(reply), wotrus_reply_kind(reply), wotrus_reply_cause(reply),
           wotrus_reply_delivery(reply), wotrus_reply_attempts(reply));
    printf("\"http_status\":%d,\"order_id\":", wotrus_reply_http_status(reply));
    print_json(wotrus_reply_order_id(reply));
    printf(",\"message\":");
    print_json(wotrus_reply_message(reply));
    wotrus_reply_free(reply);
    wotrus_client_free(client);
    printf(",\"milliseconds\":%ld,\"grown_kb\":%ld}\n",
           (long)(end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1000000,
           status_of("VmHWM:") - idle);
    return 0;
}
