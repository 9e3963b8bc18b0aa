/* Linked by Microsoft-style tools with wotrus.lib, and compiled with __stdcall as the default convention: the
 * header's functions and the callback keep theirs. There is no C library. */
#include <wotrus.h>

__declspec(dllimport) void __stdcall ExitProcess(unsigned code);

static int events;

static int WOTRUS_CALL count(void *user, const char *event_json, size_t len)
{
    events += user == &events && event_json[len] == '\0';
    return 0;
}

/* Exits with 0, or with the number of the step that failed. */
void start(void)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_reply *reply;
    wotrus_config_set(config, "token", "tk_msvc");
    /* Nothing listens on port 1. */
    wotrus_config_set(config, "base_url", "http://127.0.0.1:1");
    wotrus_config_set(config, "retries", "0");
    wotrus_config_set_callback(config, count, &events);
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    reply = wotrus_query_order(client, "X-1");
    if (wotrus_reply_status(reply) != WOTRUS_NETWORK)
        ExitProcess(1);
    if (wotrus_reply_delivery(reply) == NULL || wotrus_reply_delivery(reply)[0] != 'n')
        ExitProcess(2);
    if (events < 1)
        ExitProcess(3);
    wotrus_reply_free(reply);
    wotrus_client_free(client);
    ExitProcess(0);
}
