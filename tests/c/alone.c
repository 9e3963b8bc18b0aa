/* The library in a host that gives it nothing: no environment, SIGPIPE deadly, a locale of its own. A
 * server that closes in the middle of an upload kills nobody. Prints nothing. */
#include <arpa/inet.h>
#include <locale.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "expect.h"

static char proof[8 * 1024 * 1024];

/* Takes connections, reads a little, and closes hard. */
static void *close_early(void *listener)
{
    char some[4096];
    struct linger hard = {1, 0};
    for (;;) {
        int connection = accept(*(int *)listener, NULL, NULL);
        if (connection < 0)
            return NULL;
        if (read(connection, some, sizeof some) < 0)
            return NULL;
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close(connection);
    }
}

int main(void)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    struct sigaction before, after;
    pthread_t server;
    sigset_t mask_before, mask_after;
    int listener = socket(AF_INET, SOCK_STREAM, 0), i;
    char url[64], locale[256];
    wotrus_config *config;
    wotrus_client *client;
    wotrus_document *document;

    EXPECT(clearenv() == 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT(bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
    EXPECT(listen(listener, 8) == 0);
    EXPECT(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
    EXPECT(pthread_create(&server, NULL, close_early, &listener) == 0);
    sprintf(url, "http://127.0.0.1:%d", ntohs(address.sin_port));

    EXPECT(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    EXPECT(sigaction(SIGPIPE, NULL, &before) == 0);
    EXPECT(pthread_sigmask(SIG_SETMASK, NULL, &mask_before) == 0);
    strcpy(locale, setlocale(LC_ALL, NULL));

    config = wotrus_config_new();
    wotrus_config_set(config, "token", "tk_alone");
    wotrus_config_set(config, "base_url", url);
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
