/* One client in eight threads, in parent and child, and in children of a process that is calling. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

enum { THREADS = 8, CALLS = 60, FORKS = 12 };

static wotrus_client *client;
static char ids[THREADS + 1][64];
static int stop;

static void *query_many(void *id)
{
    int i;
    for (i = 0; i < CALLS; i++)
        EXPECT(queried(client, id));
    return NULL;
}

static void *query_until_stopped(void *id)
{
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
        EXPECT(queried(client, id));
    return NULL;
}

/* A child's whole life: its calls, and the client freed. */
static void child(const char *id, int calls)
{
    while (calls-- > 0)
        EXPECT(queried(client, id));
    wotrus_client_free(client);
    _exit(0);
}

static void ended_well(pid_t pid)
{
    int status;
    EXPECT(pid > 0 && waitpid(pid, &status, 0) == pid);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    pthread_t threads[THREADS];
    pid_t pid;
    int i, open_before, threads_before;
    client = client_of(environment("WOTRUS_BASE_URL"));
    for (i = 0; i <= THREADS; i++) {
        char key[32];
        sprintf(key, "together-%d-%ld", i, (long)getpid());
        order_under(client, key, ids[i]);
    }

    /* The pooled TLS connection is open in both now; each must make its own. */
    pid = fork();
    if (pid == 0)
        child(ids[1], CALLS);
    query_many(ids[0]);
    ended_well(pid);

    for (i = 0; i < THREADS; i++)
        EXPECT(pthread_create(&threads[i], NULL, query_many, ids[i]) == 0);
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);

    /* Forked in the middle of another thread's call, wherever that is. */
    open_before = entries("/proc/self/fd");
    threads_before = entries("/proc/self/task");
    EXPECT(pthread_create(&threads[0], NULL, query_until_stopped, ids[0]) == 0);
    for (i = 0; i < FORKS; i++) {
        usleep(500 * i);
        pid = fork();
        if (pid == 0)
            child(ids[THREADS], 3);
        ended_well(pid);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(threads[0], NULL);
    EXPECT(entries("/proc/self/fd") <= open_before && entries("/proc/self/task") <= threads_before);
    wotrus_client_free(client);
    return 0;
}
