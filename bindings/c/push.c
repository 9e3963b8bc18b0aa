/*
 * A CGI program for your push URL (section 8). It reads the push from standard input.
 *
 *   push='{"dataAction":"order","orderID":"...","isIssued":true,"isRevoked":false}'
 *   printf %s "$push" | CONTENT_LENGTH=${#push} WOTRUS_TOKEN=tk_... ./push
 *
 * Anybody can send a push, so it only tells when to query the order. WoTrus sends a push again (three
 * times in all) until the answer is HTTP 200, so answer that only after your system has stored it.
 */
#include <stdio.h>
#include <stdlib.h>

#include <wotrus.h>

enum { LARGEST = 65536 };

/* Prints the response. The library returns NULL for a text that is absent. */
static int answer(int status, const char *text)
{
    if (text == NULL)
        text = "";
    printf("Status: %d\r\nContent-Type: text/plain\r\n\r\n%s\n", status, text);
    return 0;
}

/* Queries the order; returns 1 if that succeeded. Your system would store the status. */
static int query(const char *order_id)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_reply *reply;
    const char *text;
    int ok;
    const char *token = getenv("WOTRUS_TOKEN"), *url = getenv("WOTRUS_BASE_URL"),
               *ca = getenv("WOTRUS_CA_FILE");
    wotrus_config_set(config, "token", token != NULL ? token : "");
    wotrus_config_set(config, "timeout", "10");
    if (url != NULL)
        wotrus_config_set(config, "base_url", url);
    if (ca != NULL)
        wotrus_config_set(config, "ca_file", ca);
    client = wotrus_client_new(config);
    wotrus_config_free(config);

    reply = wotrus_query_order(client, order_id);
    ok = wotrus_reply_status(reply) == WOTRUS_OK;
    text = ok ? wotrus_reply_get(reply, "status") : wotrus_reply_message(reply);
    fprintf(stderr, "order %s: %s\n", order_id, text != NULL ? text : "no status");
    wotrus_reply_free(reply);
    wotrus_client_free(client);
    return ok;
}

int main(void)
{
    static char body[LARGEST];
    const char *length = getenv("CONTENT_LENGTH");
    unsigned long wanted = length != NULL ? strtoul(length, NULL, 10) : 0;
    wotrus_reply *push;
    const char *id;
    int result;
    if (wanted == 0 || wanted > sizeof body || fread(body, 1, wanted, stdin) != wanted)
        return answer(400, "a push of 1 to 65536 bytes is expected");

    push = wotrus_read_push(body, wanted);
    id = wotrus_reply_order_id(push);
    if (wotrus_reply_status(push) != WOTRUS_OK)
        result = answer(400, wotrus_reply_message(push));
    else if (id == NULL)
        result = answer(200, "nothing to do"); /* another dataAction than "order" */
    else
        result = query(id) ? answer(200, "stored") : answer(503, "try again");
    wotrus_reply_free(push);
    return result;
}
