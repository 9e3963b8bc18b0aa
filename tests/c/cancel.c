/* Cancelling from another thread and from a callback, and a callback that makes calls. */
#define _GNU_SOURCE /* pthread_tryjoin_np */
#include "server.h"

static server silent, pending, closing;
static int sent;     /* number of "sending" events */
static int received; /* number of requests that `silent` has begun to read */

/* Reads the start of a request, and leaves the connection open for ever without a response. */
static void read_and_say_nothing(int connection)
{
    char some[4096];
    if (read(connection, some, sizeof some) > 0)
        __atomic_add_fetch(&received, 1, __ATOMIC_SEQ_CST);
}

static int count(void *user, const char *event, size_t len)
{
    (void)user, (void)len;
    if (strstr(event, "\"event\":\"sending\"") != NULL)
        __atomic_add_fetch(&sent, 1, __ATOMIC_SEQ_CST);
    return 0;
}

/* A client whose timeout is two hours. */
static wotrus_client *client_without_timeout(const char *url, wotrus_callback callback, void *user)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_config_set(config, "token", "tk_cancelled");
    wotrus_config_set(config, "base_url", url);
    wotrus_config_set(config, "timeout", "7200");
    wotrus_config_set_callback(config, callback, user);
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    return client;
}

static wotrus_reply *create(const wotrus_client *client, const char *key)
{
    wotrus_order *order = small_order("WoTrus");
    wotrus_reply *reply;
    wotrus_order_set(order, "idempotenceID", key);
    reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    return reply;
}

static void *query(void *client) { return wotrus_query_order(client, "X-1"); }
static void *order(void *client) { return create(client, ""); }
static void *order_under_a_key(void *client) { return create(client, "cancelled-1"); }
static void *wait_long(void *client) { return wotrus_wait_for_certificate(client, "X-1", 7200 * 1000); }

/* Makes a call in another thread, and cancels it through `by` until it ends. Cancelling is repeated
 * because it has no effect before the call has started. */
static wotrus_reply *cancelled(void *(*call)(void *), wotrus_client *client, const wotrus_client *by)
{
    pthread_t thread;
    void *reply;
    int before = __atomic_load_n(&sent, __ATOMIC_SEQ_CST);
    int read_before = __atomic_load_n(&received, __ATOMIC_SEQ_CST), i;
    EXPECT(pthread_create(&thread, NULL, call, client) == 0);
    while (__atomic_load_n(&sent, __ATOMIC_SEQ_CST) == before)
        usleep(1000);
    /* `silent` reads each request; `pending` answers, and has no such count. */
    for (i = 0; i < 1000 && call != wait_long && __atomic_load_n(&received, __ATOMIC_SEQ_CST) == read_before; i++)
        usleep(10 * 1000);
    usleep(50 * 1000); /* the body is sent, the call waits for the response */
    do
        wotrus_client_cancel(by);
    while (usleep(20 * 1000), pthread_tryjoin_np(thread, &reply) != 0);
    return reply;
}

static void from_another_thread(void)
{
    wotrus_client *client = client_without_timeout(silent.url, count, NULL), *with, *waiting;
    wotrus_config *config = wotrus_config_new();
    wotrus_reply *reply;
    wotrus_config_set(config, "request_id", "42");
    with = wotrus_client_with(client, config);

    GIVES(WOTRUS_CANCELLED, cancelled(query, client, client));
    GIVES(WOTRUS_CANCELLED, cancelled(query, with, client)); /* they share the connections */
    GIVES(WOTRUS_CANCELLED, cancelled(query, client, with));
    reply = cancelled(order, client, client); /* later calls work, and can be cancelled */
    EXPECT(wotrus_reply_status(reply) == WOTRUS_UNKNOWN_OUTCOME);
    EXPECT(same(wotrus_reply_cause(reply), "cancelled"));
    EXPECT(same(wotrus_reply_delivery(reply), "unknown"));
    EXPECT(wotrus_reply_attempts(reply) == 1 && wotrus_reply_idempotence_id(reply) == NULL);
    wotrus_reply_free(reply);
    reply = cancelled(order_under_a_key, client, client);
    EXPECT(wotrus_reply_status(reply) == WOTRUS_UNKNOWN_OUTCOME);
    EXPECT(same(wotrus_reply_idempotence_id(reply), "cancelled-1"));
    wotrus_reply_free(reply);

    waiting = client_without_timeout(pending.url, count, NULL);
    GIVES(WOTRUS_CANCELLED, cancelled(wait_long, waiting, waiting));
    GIVES(WOTRUS_OK, wotrus_query_order(waiting, "X-1"));
    wotrus_client_free(waiting);
    wotrus_config_free(config);
    wotrus_client_free(client);
    wotrus_client_cancel(with); /* works after the first client is freed */
    wotrus_client_free(with);
}

/* What a callback does at an event. */
typedef struct {
    const char *at;
    wotrus_client *client;
    int stop, nested, times;
} action;

static int perform(void *user, const char *event, size_t len)
{
    action *what = user;
    EXPECT(strlen(event) == len);
    if (strstr(event, what->at) == NULL)
        return 0;
    what->times++;
    if (what->nested) { /* the callback is called for this call too, but makes no other */
        what->nested = 0;
        GIVES(WOTRUS_OK, wotrus_query_order(what->client, "X-1"));
        GIVES(WOTRUS_OK, wotrus_read_push("{\"dataAction\":\"news\"}", 21));
    } else if (!what->stop) {
        wotrus_client_cancel(what->client);
    }
    return what->stop;
}

static wotrus_client *acting(const char *url, action *what, const char *at, int stop, int nested)
{
    what->at = at;
    what->stop = stop;
    what->nested = nested;
    what->times = 0;
    return what->client = client_without_timeout(url, perform, what);
}

static void from_a_callback(void)
{
    action what;
    wotrus_reply *reply;
    wotrus_client *client = acting(closing.url, &what, "\"retrying\"", 0, 0);
    GIVES(WOTRUS_CANCELLED, wotrus_query_order(client, "X-1")); /* in the pause before the retry */
    EXPECT(what.times == 1);
    wotrus_client_free(client);

    client = acting(pending.url, &what, "\"waiting\"", 0, 0);
    GIVES(WOTRUS_CANCELLED, wait_long(client));
    EXPECT(what.times == 1);
    wotrus_client_free(client);

    client = acting(pending.url, &what, "\"waiting\"", 1, 0);
    GIVES(WOTRUS_CANCELLED, wait_long(client));
    EXPECT(what.times == 1);
    wotrus_client_free(client);

    client = acting(pending.url, &what, "\"sending\"", 1, 0);
    reply = create(client, "cancelled-2");
    EXPECT(wotrus_reply_status(reply) == WOTRUS_CANCELLED && what.times == 1);
    EXPECT(same(wotrus_reply_delivery(reply), "not_sent"));
    wotrus_reply_free(reply);
    wotrus_client_free(client);

    client = acting(pending.url, &what, "\"answered\"", 1, 1);
    GIVES(WOTRUS_OK, wotrus_query_order(client, "X-1")); /* the return value has no effect at this event */
    EXPECT(what.times == 2);
    wotrus_client_free(client);
}

enum { THREADS = 4, CALLS = 100 };

static void *query_often(void *client)
{
    int i;
    for (i = 0; i < CALLS; i++) {
        wotrus_reply *reply = wotrus_query_order(client, "X-1");
        int status = wotrus_reply_status(reply);
        EXPECT(status == WOTRUS_OK || status == WOTRUS_CANCELLED);
        wotrus_reply_free(reply);
    }
    return NULL;
}

/* Cancels at random moments of many calls. */
static void many_cancels(void)
{
    wotrus_client *client = client_without_timeout(pending.url, NULL, NULL);
    pthread_t threads[THREADS];
    int i, open_before = entries("/proc/self/fd");
    for (i = 0; i < THREADS; i++)
        EXPECT(pthread_create(&threads[i], NULL, query_often, client) == 0);
    for (i = 0; i < THREADS; i++)
        while (pthread_tryjoin_np(threads[i], NULL) != 0) {
            wotrus_client_cancel(client);
            usleep(500);
        }
    GIVES(WOTRUS_OK, wotrus_query_order(client, "X-1"));
    wotrus_client_free(client);
    for (i = 0; entries("/proc/self/fd") > open_before; i++) { /* the server closes its ends later */
        EXPECT(i < 1000);
        usleep(10 * 1000);
    }
}

int main(void)
{
    serve_with(&silent, read_and_say_nothing);
    serve_with(&pending, say_pending);
    serve_with(&closing, hang_up);
    alarm(120);
    from_another_thread();
    from_a_callback();
    many_cancels();
    return 0;
}
