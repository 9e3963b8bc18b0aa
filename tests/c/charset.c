/* A host that uses GBK: text is GB18030 in both directions, JSON from the library is ASCII. An order may be
 * sent by clients of either charset: its text is read in the charset of the client. */
#include <unistd.h>

#include "expect.h"

#define WOTONG "\xCE\xD6\xCD\xA8"          /* U+6C83 U+901A in GBK */
#define WOTONG_UTF8 "\xE6\xB2\x83\xE9\x80\x9A"
#define IS_NOT "\xB2\xBB\xCA\xC7"          /* U+4E0D U+662F in GBK */
#define RARE "\x95\x32\x82\x36"            /* U+20000, four bytes in GB18030, not in GBK */
#define RARE_UTF8 "\xF0\xA0\x80\x80"
#define NO_ORDER "\xB6\xA9\xB5\xA5\xB2\xBB\xB4\xE6\xD4\xDA" /* the sandbox's "no such order" */

static int events;

static int count_events(void *user, const char *event, size_t len)
{
    size_t i;
    (void)user;
    for (i = 0; i < len; i++)
        EXPECT((unsigned char)event[i] < 0x80);
    events++;
    return 0;
}

static wotrus_client *with_charset(const wotrus_client *client, const char *charset)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *with;
    wotrus_config_set(config, "charset", charset);
    wotrus_config_set_callback(config, count_events, NULL);
    with = wotrus_client_with(client, config);
    wotrus_config_free(config);
    return with;
}

static wotrus_order *order_for(const char *key, const char *name)
{
    wotrus_order *order = wotrus_order_new();
    wotrus_order_set(order, "productID", "76ECE651-B59E-48F2-A47B-135614AADAD9");
    wotrus_order_set(order, "month", "12");
    wotrus_order_set(order, "countryCode", "CN");
    wotrus_order_set(order, "idempotenceID", key);
    wotrus_order_set(order, "OrgName", name);
    wotrus_order_set(order, "commonName", name);
    wotrus_order_set(order, "orderinfoPost.remark", name);
    return order;
}

static int only_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80)
            return 0;
    return 1;
}

static int has_field(wotrus_reply *reply, const char *field)
{
    int has = wotrus_reply_status(reply) == WOTRUS_ARGUMENT && same(wotrus_reply_get(reply, "field"), field);
    if (!has)
        fprintf(stderr, "%s\n", wotrus_reply_json(reply, NULL));
    wotrus_reply_free(reply);
    return has;
}

int main(void)
{
    wotrus_client *utf8 = client_of(environment("WOTRUS_BASE_URL"));
    wotrus_client *gbk = with_charset(utf8, "gb18030");
    wotrus_config *mistaken;
    wotrus_order *order;
    wotrus_reply *reply;
    char id[64], key[32], json[1024];
    size_t len, body_len;

    sprintf(key, "charset-%ld", (long)getpid());
    order = order_for(key, WOTONG RARE);
    EXPECT(has_field(wotrus_create_order(utf8, order), "OrgName"));
    reply = wotrus_create_order(gbk, order);
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK && events > 0);
    strcpy(id, wotrus_reply_order_id(reply));
    wotrus_reply_free(reply);
    wotrus_order_free(order);
    order = order_for(key, WOTONG_UTF8 RARE_UTF8); /* the same order in the other charset */
    reply = wotrus_create_order(utf8, order);
    EXPECT(same(wotrus_reply_order_id(reply), id));
    wotrus_reply_free(reply);
    wotrus_order_free(order);

    reply = wotrus_query_order(utf8, id);
    EXPECT(same(wotrus_reply_get(reply, "org.orgName"), WOTONG_UTF8 RARE_UTF8));
    wotrus_reply_free(reply);
    reply = wotrus_query_order(gbk, id);
    EXPECT(same(wotrus_reply_get(reply, "org.orgName"), WOTONG RARE));
    EXPECT(same(wotrus_reply_get(reply, "cn"), WOTONG RARE));
    EXPECT(only_ascii(wotrus_reply_get(reply, "org")));
    EXPECT(strstr(wotrus_reply_get(reply, "org"), "\\u6c83\\u901a\\ud840\\udc00") != NULL);
    EXPECT(only_ascii(wotrus_reply_json(reply, &len)) && len == strlen(wotrus_reply_json(reply, NULL)));
    EXPECT(strstr(wotrus_reply_body(reply, &body_len), WOTONG_UTF8) != NULL && body_len < len);
    EXPECT(wotrus_reply_get(reply, "\xFF\xFF") == NULL);
    wotrus_reply_free(reply);

    /* The service's message comes in the host's charset. */
    reply = wotrus_query_order(gbk, "no-such-order");
    EXPECT(wotrus_reply_status(reply) == WOTRUS_REFUSED);
    EXPECT(same(wotrus_reply_get(reply, "service_message"), NO_ORDER));
    EXPECT(strstr(wotrus_reply_message(reply), NO_ORDER) != NULL);
    EXPECT(only_ascii(wotrus_reply_json(reply, NULL)));
    wotrus_reply_free(reply);

    /* JSON in the host's charset, and text that ends within a character. */
    sprintf(json, "{\"orderID\":\"%s\",\"reason\":\"" WOTONG "\"}", id);
    GIVES(WOTRUS_OK, wotrus_call(gbk, "query_order", json, strlen(json)));
    EXPECT(has_field(wotrus_call(utf8, "query_order", json, strlen(json)), "json"));
    EXPECT(has_field(wotrus_call(gbk, "query_order", json, strlen(json) - 3), "json"));
    EXPECT(has_field(wotrus_query_order(gbk, "\xCE"), "orderID"));
    EXPECT(has_field(wotrus_cancel_order(gbk, id, "\xFF"), "reason"));
    EXPECT(has_field(wotrus_notify_by_email(gbk, id, "\xFF"), "collectUrl"));

    /* A certificate is ASCII in both charsets; a push is always UTF-8. */
    reply = wotrus_wait_for_certificate(gbk, id, 60000);
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK && only_ascii(wotrus_reply_full_chain(reply, NULL)));
    wotrus_reply_free(reply);
    sprintf(json, "{\"dataAction\":\"" WOTONG_UTF8 "\"}");
    reply = wotrus_call(gbk, "read_push", json, strlen(json));
    EXPECT(same(wotrus_reply_get(reply, "dataAction"), WOTONG));
    wotrus_reply_free(reply);
    reply = wotrus_read_push(json, strlen(json));
    EXPECT(same(wotrus_reply_get(reply, "dataAction"), WOTONG_UTF8));
    wotrus_reply_free(reply);

    wotrus_client_free(gbk);
    gbk = with_charset(utf8, "GBK"); /* not supported: text from the service may not exist in GBK */
    reply = wotrus_query_order(gbk, id);
    EXPECT(wotrus_reply_status(reply) == WOTRUS_CONFIG && strstr(wotrus_reply_message(reply), "GB18030") != NULL);
    wotrus_reply_free(reply);
    wotrus_client_free(gbk);

    /* A mistake in an option is reported in the charset too. */
    mistaken = wotrus_config_new();
    wotrus_config_set(mistaken, "charset", "GB18030");
    wotrus_config_set(mistaken, "lang", "zh");
    wotrus_config_set(mistaken, "retries", "x");
    gbk = wotrus_client_new(mistaken);
    reply = wotrus_client_check(gbk);
    EXPECT(strstr(wotrus_reply_message(reply), IS_NOT) != NULL);
    wotrus_reply_free(reply);
    wotrus_client_free(gbk);
    gbk = wotrus_client_with(utf8, mistaken);
    reply = wotrus_client_check(gbk);
    EXPECT(strstr(wotrus_reply_message(reply), IS_NOT) != NULL);
    wotrus_reply_free(reply);
    wotrus_client_free(gbk);
    wotrus_config_free(mistaken);
    wotrus_client_free(utf8);
    return 0;
}
