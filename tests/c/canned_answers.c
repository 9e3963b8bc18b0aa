/* Responses that the sandbox does not give: 503, HTML, a NUL in a string, every type of value, an invalid
 * chain. The order id in the path selects the response. */
#include "server.h"

static const struct {
    const char *id, *head, *body;
} canned[] = {
    {"busy", "503 Busy\r\nRetry-After: 7", ""},
    {"ages", "503 Busy\r\nRetry-After: 99999999999999", ""},
    {"page", "200 OK\r\nContent-Type: text/html", "<html>tk_answers</html>"},
    {"gone", "302 Found\r\nLocation: http://127.0.0.1:1/", ""},
    {"token", "401 Unauthorized", "{\"isSuccess\":false,\"errorMsg\":\"tk_answers is no token\"}"},
    {"nothing", "200 OK", ""},
    {"values", "200 OK",
     "{\"isSuccess\":true,\"errorMsg\":\"string\",\"data\":{\"id\":\"another\",\"status\":\"a\\u0000b\",\"n\":null,"
     "\"t\":true,\"number\":1.50,\"Long\":12345678901234567890,\"list\":[\"x\",{\"Y\":[null,2]}],\"empty\":\"\","
     "\"STATUS\":\"other\",\"a.b\":1,\"surrogate\":\"\\ud800\"}}"},
    {"chain", "200 OK",
     "{\"isSuccess\":true,\"data\":{\"pem_RSA\":\"no PEM\",\"chains_RSA\":[\"one\",\"two\"],\"pem_Sign\":\"\"}}"}};

static void answer(int connection)
{
    char request[8192], reply[4096];
    ssize_t got = read(connection, request, sizeof request - 1);
    size_t i;
    if (got > 0) {
        request[got] = '\0';
        for (i = 0; i < sizeof canned / sizeof *canned; i++)
            if (strstr(strtok(request, "\r"), canned[i].id) != NULL)
                break;
        EXPECT(i < sizeof canned / sizeof *canned);
        sprintf(reply, "HTTP/1.1 %s\r\nContent-Length: %lu\r\nConnection: close\r\n\r\n%s", canned[i].head,
                (unsigned long)strlen(canned[i].body), canned[i].body);
        send(connection, reply, strlen(reply), MSG_NOSIGNAL);
    }
    close(connection);
}

/* Checks the reply, and frees it. */
static void check_reply(int line, int status, const char *cause, int http_status, int retry_after, wotrus_reply *reply)
{
    if (wotrus_reply_status(reply) != status || !same(wotrus_reply_cause(reply), cause) ||
        wotrus_reply_http_status(reply) != http_status || wotrus_reply_retry_after_ms(reply) != retry_after ||
        wotrus_reply_attempts(reply) != 1 || wotrus_reply_body(reply, NULL) != NULL ||
        strstr(wotrus_reply_json(reply, NULL), "tk_answers") != NULL) {
        fprintf(stderr, "line %d: %d %s\n", line, wotrus_reply_retry_after_ms(reply), wotrus_reply_json(reply, NULL));
        exit(1);
    }
    wotrus_reply_free(reply);
}
#define CHECK_REPLY(status, cause, http, retry_after, id) check_reply(__LINE__, status, cause, http, retry_after, wotrus_query_order(client, id))

static wotrus_client *client_with_charset(const char *url, const char *charset)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_config_set(config, "token", "tk_answers");
    wotrus_config_set(config, "base_url", url);
    wotrus_config_set(config, "retries", "0");
    wotrus_config_set(config, "charset", charset);
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    return client;
}

static void values(const wotrus_client *client, const char *replacement)
{
    wotrus_reply *reply = wotrus_query_order(client, "values");
    size_t len;
    const char *body;
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK);
    body = wotrus_reply_body(reply, &len);
    EXPECT(len == strlen(canned[6].body) && memcmp(body, canned[6].body, len) == 0);
    EXPECT(strncmp(wotrus_reply_get(reply, "status"), "a", 1) == 0);
    EXPECT(same(wotrus_reply_get(reply, "status") + 1, replacement));
    EXPECT(same(wotrus_reply_get(reply, "STATUS"), "other"));
    EXPECT(wotrus_reply_get(reply, "n") == NULL && wotrus_reply_get(reply, "none") == NULL);
    EXPECT(same(wotrus_reply_get(reply, "t"), "true") && same(wotrus_reply_get(reply, "number"), "1.50"));
    EXPECT(same(wotrus_reply_get(reply, "long"), "12345678901234567890"));
    EXPECT(same(wotrus_reply_get(reply, "empty"), ""));
    EXPECT(same(wotrus_reply_get(reply, "list.0"), "x") && wotrus_reply_get(reply, "list.2") == NULL);
    EXPECT(same(wotrus_reply_get(reply, "LIST.1.y.1"), "2") && wotrus_reply_get(reply, "list.1.y.0") == NULL);
    EXPECT(same(wotrus_reply_get(reply, "list"), "[\"x\",{\"Y\":[null,2]}]"));
    EXPECT(same(wotrus_reply_get(reply, "isSuccess"), "true") && same(wotrus_reply_get(reply, "errorMsg"), "string"));
    EXPECT(wotrus_reply_get(reply, "surrogate") == NULL || strlen(wotrus_reply_get(reply, "surrogate")) > 0);
    EXPECT(wotrus_reply_values(reply, NULL) == NULL); /* half of a surrogate pair */
    EXPECT(strstr(wotrus_reply_warning(reply, 0), "about order") != NULL && wotrus_reply_warning(reply, 1) == NULL);
    wotrus_reply_free(reply);
}

int main(void)
{
    server answering;
    wotrus_client *client, *gbk;
    wotrus_reply *reply;
    alarm(120);
    serve_with(&answering, answer);
    client = client_with_charset(answering.url, "UTF-8");
    gbk = client_with_charset(answering.url, "GB18030");
    CHECK_REPLY(WOTRUS_PROTOCOL, "http_status", 503, 7000, "busy");
    CHECK_REPLY(WOTRUS_PROTOCOL, "http_status", 503, 2147483647, "ages");
    CHECK_REPLY(WOTRUS_PROTOCOL, "not_json", 200, -1, "page");
    CHECK_REPLY(WOTRUS_PROTOCOL, "redirect", 302, -1, "gone");
    CHECK_REPLY(WOTRUS_AUTH, "http_status", 401, -1, "token");
    CHECK_REPLY(WOTRUS_PROTOCOL, "not_json", 200, -1, "nothing");
    values(client, "\xEF\xBF\xBD" "b");
    values(gbk, "\x84\x31\xA4\x37" "b");

    reply = wotrus_retrieve_certificate(client, "chain");
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK);
    EXPECT(same(wotrus_reply_pem(reply, NULL), "no PEM") && same(wotrus_reply_pem(reply, "rsa"), "no PEM"));
    EXPECT(same(wotrus_reply_chain(reply, "RSA", 1), "two") && wotrus_reply_chain(reply, "RSA", 2) == NULL);
    EXPECT(wotrus_reply_full_chain(reply, NULL) == NULL && wotrus_reply_root(reply, NULL) == NULL);
    EXPECT(wotrus_reply_pem(reply, "Sign") == NULL && wotrus_reply_matches_csr(reply, NULL, "x") == -1);
    wotrus_reply_free(reply);
    wotrus_client_free(gbk);
    wotrus_client_free(client);
    return 0;
}
