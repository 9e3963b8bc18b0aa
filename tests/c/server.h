/* Servers on loopback: one always sends the same response, one resets the connection. Each serves any number of
 * connections until the program ends. */
#ifndef SERVER_H
#define SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "expect.h"

typedef struct {
    int listener;
    void (*serve)(int connection);
    char url[64];
} server;

static void *accept_all(void *argument)
{
    server *self = argument;
    for (;;) {
        int connection = accept(self->listener, NULL, NULL);
        if (connection >= 0)
            self->serve(connection);
    }
    return NULL;
}

static void serve_with(server *self, void (*serve)(int connection))
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    pthread_t thread;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    self->serve = serve;
    self->listener = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT(bind(self->listener, (struct sockaddr *)&address, sizeof address) == 0);
    EXPECT(listen(self->listener, 64) == 0);
    EXPECT(getsockname(self->listener, (struct sockaddr *)&address, &size) == 0);
    sprintf(self->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    EXPECT(pthread_create(&thread, NULL, accept_all, self) == 0);
    pthread_detach(thread);
}

/* Reads a little and resets the connection. */
static void hang_up(int connection)
{
    char some[4096];
    struct linger hard = {1, 0};
    ssize_t got = read(connection, some, sizeof some);
    (void)got;
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(connection);
}

/* Answers one small request: the order is pending. */
static void say_pending(int connection)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 62\r\nConnection: close\r\n\r\n"
                                 "{\"isSuccess\":true,\"data\":{\"id\":\"X-1\",\"status\":\"pending\"}}     ";
    char some[4096];
    if (read(connection, some, sizeof some) > 0) /* otherwise the call was cancelled */
        send(connection, answer, sizeof answer - 1, MSG_NOSIGNAL);
    close(connection);
}

#endif
