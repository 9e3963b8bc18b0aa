/* One client in eight threads, in parent and child, and in children of a process that is calling; on
 * small stacks, and while signals interrupt every system call. */
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

enum { THREADS = 8, CALLS = 150, FORKS = 12, CHILDREN = 3, STACK = 128 * 1024 };

/* It never sends again, so an answer that another process took is not made good. */
static wotrus_client *client;
static char ids[THREADS + CHILDREN][64];
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

static void in_threads(void *(*call)(void *), const pthread_attr_t *attributes)
{
    pthread_t threads[THREADS];
    int i;
    for (i = 0; i < THREADS; i++)
        EXPECT(pthread_create(&threads[i], attributes, call, ids[i]) == 0);
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* A child's whole life: its calls, and the client freed. */
static void child(const char *id, int calls)
{
    alarm(60);
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

/* The pooled connection is open in all of them; each must make its own. They start together. */
static void parent_and_children(void)
{
    pid_t pids[CHILDREN];
    int gate[2], i;
    char byte;
    EXPECT(pipe(gate) == 0);
    for (i = 0; i < CHILDREN; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            close(gate[1]);
            EXPECT(read(gate[0], &byte, 1) == 0); /* until the parent opens it */
            child(ids[THREADS + i], CALLS);
        }
    }
    close(gate[0]);
    close(gate[1]);
    query_many(ids[0]);
    for (i = 0; i < CHILDREN; i++)
        ended_well(pids[i]);
}

/* Forked in the middle of another thread's call, wherever that is. */
static void while_calling(void)
{
    int i, open_before = entries("/proc/self/fd"), threads_before = entries("/proc/self/task");
    pthread_t thread;
    EXPECT(pthread_create(&thread, NULL, query_until_stopped, ids[0]) == 0);
    for (i = 0; i < FORKS; i++) {
        pid_t pid;
        usleep(500 * i);
        pid = fork();
        if (pid == 0)
            child(ids[THREADS], 3);
        ended_well(pid);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    EXPECT(entries("/proc/self/fd") <= open_before && entries("/proc/self/task") <= threads_before);
}

static void interrupt(int signal) { (void)signal; }

/* A host whose timer fires every millisecond, and whose handler does not ask for a restart. */
static void interrupted(void)
{
    struct sigaction action, old;
    struct itimerval every = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    memset(&action, 0, sizeof action);
    action.sa_handler = interrupt;
    EXPECT(sigaction(SIGALRM, &action, &old) == 0);
    EXPECT(setitimer(ITIMER_REAL, &every, NULL) == 0);
    in_threads(query_many, NULL);
    EXPECT(setitimer(ITIMER_REAL, &never, NULL) == 0);
    EXPECT(sigaction(SIGALRM, &old, NULL) == 0);
}

static void all_of_it(const char *url)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *again = client_of(url);
    pthread_attr_t small;
    int i;
    wotrus_config_set(config, "retries", "0");
    client = wotrus_client_with(again, config);
    wotrus_config_free(config);
    wotrus_client_free(again);
    stop = 0;
    for (i = 0; i < THREADS + CHILDREN; i++) {
        char key[32];
        sprintf(key, "together-%d-%ld", i, (long)getpid());
        order_under(client, key, ids[i]);
    }
    parent_and_children();
    in_threads(query_many, NULL);
    EXPECT(pthread_attr_init(&small) == 0 && pthread_attr_setstacksize(&small, STACK) == 0);
    in_threads(query_many, &small);
    interrupted();
    while_calling();
    wotrus_client_free(client);
}

/* Over plain HTTP answers could come to the wrong process; over TLS no record could be read. */
int main(void)
{
    all_of_it(environment("WOTRUS_BASE_URL"));
    all_of_it(environment("WOTRUS_HTTP_URL"));
    return 0;
}
