/* One client in eight threads, in parent and children, in children that are forked during calls, on small
 * stacks, and while signals interrupt system calls. */
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

enum { THREADS = 8, CALLS = 150, FORKS = 12, CHILDREN = 3, STACK = 128 * 1024 };

/* Without retries, so a response that another process has read is not replaced. */
static wotrus_client *client;
static char ids[THREADS + CHILDREN][64];
static int stop;

static void *query_many(void *id)
{
    int i;
    for (i = 0; i < CALLS; i++)
        EXPECT(query_succeeds(client, id));
    return NULL;
}

static void *query_until_stopped(void *id)
{
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
        EXPECT(query_succeeds(client, id));
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

/* The child makes its calls, and frees the client. */
static void child(const char *id, int calls)
{
    alarm(60);
    while (calls-- > 0)
        EXPECT(query_succeeds(client, id));
    wotrus_client_free(client);
    _exit(0);
}

static void expect_success(pid_t pid)
{
    int status;
    EXPECT(pid > 0 && waitpid(pid, &status, 0) == pid);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* All inherit the pooled connection, and each must open its own. They start at the same time. */
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
            EXPECT(read(gate[0], &byte, 1) == 0); /* until the parent closes the pipe */
            child(ids[THREADS + i], CALLS);
        }
    }
    close(gate[0]);
    close(gate[1]);
    query_many(ids[0]);
    for (i = 0; i < CHILDREN; i++)
        expect_success(pids[i]);
}

/* Forks at random moments of another thread's calls. */
static void fork_during_calls(void)
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
        expect_success(pid);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    EXPECT(entries("/proc/self/fd") <= open_before && entries("/proc/self/task") <= threads_before);
}

static void interrupt(int signal) { (void)signal; }

/* A timer signal every millisecond, whose handler is installed without SA_RESTART. */
static void calls_during_signals(void)
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

static void run_all(const char *url)
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
        sprintf(key, "threads-%d-%ld", i, (long)getpid());
        create_order(client, key, ids[i]);
    }
    parent_and_children();
    in_threads(query_many, NULL);
    EXPECT(pthread_attr_init(&small) == 0 && pthread_attr_setstacksize(&small, STACK) == 0);
    in_threads(query_many, &small);
    calls_during_signals();
    fork_during_calls();
    wotrus_client_free(client);
}

/* A shared connection would give a wrong response over plain HTTP, and an unreadable record over TLS. */
int main(void)
{
    run_all(environment("WOTRUS_BASE_URL"));
    run_all(environment("WOTRUS_HTTP_URL"));
    return 0;
}
