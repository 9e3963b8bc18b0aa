/* The option lang: messages in Chinese, also of mistakes that were made before it was set, and in the
 * charset of the client. The texts in this file are UTF-8. */
#include "expect.h"

static wotrus_client *with_options(const wotrus_client *client, const char *lang, const char *charset)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *with;
    wotrus_config_set(config, "lang", lang);
    wotrus_config_set(config, "charset", charset);
    with = wotrus_client_with(client, config);
    wotrus_config_free(config);
    return with;
}

static int says(wotrus_reply *reply, const char *message)
{
    int is_same = same(wotrus_reply_message(reply), message);
    if (!is_same)
        fprintf(stderr, "%s\n", wotrus_reply_message(reply));
    wotrus_reply_free(reply);
    return is_same;
}

/* A client made from these two options, in this order. */
static wotrus_reply *checked(const char *name, const char *value, const char *name2, const char *value2)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_reply *reply;
    wotrus_config_set(config, "token", "tk_x");
    wotrus_config_set(config, name, value);
    wotrus_config_set(config, name2, value2);
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    reply = wotrus_client_check(client);
    wotrus_client_free(client);
    return reply;
}

static wotrus_reply *with_retries(const wotrus_client *client, const char *retries)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *with;
    wotrus_reply *reply;
    wotrus_config_set(config, "retries", retries);
    with = wotrus_client_with(client, config);
    wotrus_config_free(config);
    reply = wotrus_client_check(with);
    wotrus_client_free(with);
    return reply;
}

int main(void)
{
    wotrus_client *english = client_of(environment("WOTRUS_BASE_URL"));
    wotrus_client *chinese = with_options(english, "zh", "UTF-8");
    wotrus_client *gbk = with_options(english, "zh", "GB18030");
    wotrus_client *back = with_options(chinese, "en", "UTF-8");
    wotrus_order *order = wotrus_order_new();
    wotrus_reply *reply;

    EXPECT(says(wotrus_query_order(english, ""), "orderID: is empty"));
    EXPECT(says(wotrus_query_order(chinese, ""), "orderID：为空"));
    EXPECT(says(wotrus_query_order(back, ""), "orderID: is empty"));
    EXPECT(says(wotrus_query_order(gbk, ""), "orderID\xA3\xBA\xCE\xAA\xBF\xD5"));
    EXPECT(says(wotrus_query_order(chinese, NULL), "orderID：为 NULL"));
    EXPECT(says(wotrus_query_order(chinese, "no-such-order"), "服务端拒绝了请求：订单不存在"));
    EXPECT(says(wotrus_call(chinese, "read_push", "{", 1), "push：不是 JSON 对象（第 1 行第 2 列：内容不完整）"));

    /* An order does not know who sends it. */
    wotrus_order_set(order, "month", "twelve");
    EXPECT(says(wotrus_create_order(chinese, order), "month：应为整数，但实际为其他文本"));
    EXPECT(says(wotrus_create_order(english, order), "month: should be a whole number, but is another text"));
    wotrus_order_free(order);

    /* JSON has the same message. */
    reply = wotrus_query_order(chinese, "");
    EXPECT(strstr(wotrus_reply_json(reply, NULL), "\"message\":\"orderID：为空\"") != NULL);
    EXPECT(same(wotrus_reply_kind(reply), "argument") && same(wotrus_reply_cause(reply), "invalid"));
    wotrus_reply_free(reply);

    /* Options of some calls: their mistakes are in the language of the client. */
    EXPECT(says(with_retries(chinese, "two"), "retries：不是整数，或者过大"));

    /* The language counts wherever it is set. */
    EXPECT(says(checked("lang", "zh", "timeout", "soon"), "timeout：应为秒数，例如 2.5"));
    EXPECT(says(checked("timeout", "soon", "lang", "zh"), "timeout：应为秒数，例如 2.5"));
    EXPECT(says(checked("lang", "zh", "ca_file", "/no/such/file"),
                "ca_file：/no/such/file：No such file or directory (os error 2)"));
    EXPECT(says(checked("lang", "zh", "lang", "fr"), "lang：既不是 en 也不是 zh"));
    reply = checked("lang", "fr", "charset", "UTF-8");
    EXPECT(wotrus_reply_status(reply) == WOTRUS_CONFIG && same(wotrus_reply_get(reply, "field"), "lang"));
    EXPECT(says(reply, "lang: is neither en nor zh"));
    EXPECT(wotrus_reply_status(reply = checked("lang", "en", "charset", "UTF-8")) == WOTRUS_OK);
    wotrus_reply_free(reply);

    wotrus_client_free(back);
    wotrus_client_free(gbk);
    wotrus_client_free(chinese);
    wotrus_client_free(english);
    return 0;
}
