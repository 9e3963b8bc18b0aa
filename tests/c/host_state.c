/* The library changes nothing in its host: signal handlers, signal mask and locale stay, it needs no
 * environment and prints nothing. A server that closes during an upload raises no SIGPIPE. */
#include <locale.h>
#include <signal.h>

#include "server.h"

static char proof[8 * 1024 * 1024];

int main(void)
{
    struct sigaction before, after;
    /* pthread_sigmask and sigemptyset write a part of a sigset_t only; static objects begin with zeros. */
    static sigset_t mask_before, mask_after;
    server closing;
    int i;
    char locale[256];
    wotrus_config *config;
    wotrus_client *client;
    wotrus_document *document;

    EXPECT(clearenv() == 0);
    serve_with(&closing, hang_up);

    EXPECT(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    EXPECT(sigaction(SIGPIPE, NULL, &before) == 0);
    EXPECT(pthread_sigmask(SIG_SETMASK, NULL, &mask_before) == 0);
    strcpy(locale, setlocale(LC_ALL, NULL));

    config = wotrus_config_new();
    wotrus_config_set(config, "token", "tk_host");
    wotrus_config_set(config, "base_url", closing.url);
    wotrus_config_set(config, "retries", "0");
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    document = wotrus_document_from_bytes(proof, sizeof proof, ".pdf");
    for (i = 0; i < 5; i++)
        GIVES(WOTRUS_NETWORK, wotrus_revoke_certificate(client, "X-1", "why", document));
    GIVES(WOTRUS_NETWORK, wotrus_query_order(client, "X-1"));
    wotrus_document_free(document);
    wotrus_client_free(client);

    EXPECT(sigaction(SIGPIPE, NULL, &after) == 0);
    EXPECT(after.sa_handler == before.sa_handler && after.sa_handler == SIG_DFL);
    EXPECT(pthread_sigmask(SIG_SETMASK, NULL, &mask_after) == 0);
    EXPECT(memcmp(&mask_before, &mask_after, sizeof mask_before) == 0);
    EXPECT(same(locale, setlocale(LC_ALL, NULL)));
    return 0;
}
