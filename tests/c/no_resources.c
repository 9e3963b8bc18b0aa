/* A host without free descriptors or without memory for another thread: calls fail with a message, and
 * work again afterwards. */
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "expect.h"

enum { MOST = 256, MIB = 1024 * 1024 };

static void *nothing(void *argument) { return argument; }

static wotrus_reply *created(const wotrus_client *client, const char *document_path)
{
    wotrus_order *order = small_order("WoTrus");
    wotrus_document *document = wotrus_document_from_path(document_path, NULL);
    wotrus_reply *reply;
    wotrus_order_add_document(order, WOTRUS_IDENTITY_CARD, document);
    reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    wotrus_document_free(document);
    return reply;
}

static void without_descriptors(const char *url, const char *licence)
{
    struct rlimit few, before;
    wotrus_client *client = client_of(url), *late;
    wotrus_document *document = wotrus_document_from_path(licence, NULL);
    int taken[MOST], count = 0;
    EXPECT(getrlimit(RLIMIT_NOFILE, &before) == 0);
    few = before;
    few.rlim_cur = MOST;
    EXPECT(setrlimit(RLIMIT_NOFILE, &few) == 0);
    while (count < MOST && (taken[count] = open("/dev/null", O_RDONLY)) >= 0)
        count++;
    EXPECT(count > 0 && count < MOST);
    GIVES(WOTRUS_NETWORK, wotrus_query_order(client, "X-1"));
    GIVES(WOTRUS_FILE, created(client, licence));
    /* The call opens the document before it connects. */
    GIVES(WOTRUS_FILE, wotrus_revoke_certificate(client, "X-1", "why", document));
    late = client_of(url); /* its CA file cannot be read */
    GIVES(WOTRUS_CONFIG, wotrus_query_order(late, "X-1"));
    wotrus_client_free(late);
    while (count > 0)
        close(taken[--count]);
    EXPECT(setrlimit(RLIMIT_NOFILE, &before) == 0);
    GIVES(WOTRUS_OK, created(client, licence));
    wotrus_document_free(document);
    wotrus_client_free(client);
}

/* The heap has enough memory, but no thread can be created for want of address space: the call works
 * without one. */
static void without_threads(const char *url)
{
    struct rlimit little, before;
    wotrus_client *client = client_of(url);
    pthread_t thread;
    void *heap;
    long pages = 0;
    FILE *file;
    EXPECT(mallopt(M_MMAP_THRESHOLD, 32 * MIB) == 1 && mallopt(M_TRIM_THRESHOLD, 32 * MIB) == 1);
    heap = malloc(8 * MIB);
    EXPECT(heap != NULL);
    free(memset(heap, 'x', 8 * MIB)); /* the heap keeps the memory */
    file = fopen("/proc/self/statm", "r");
    EXPECT(file != NULL && fscanf(file, "%ld", &pages) == 1);
    fclose(file);
    EXPECT(getrlimit(RLIMIT_AS, &before) == 0);
    little = before;
    little.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + 64 * 1024;
    EXPECT(setrlimit(RLIMIT_AS, &little) == 0);
    EXPECT(pthread_create(&thread, NULL, nothing, NULL) != 0);
    GIVES(WOTRUS_REFUSED, wotrus_query_order(client, "X-1")); /* no such order */
    EXPECT(setrlimit(RLIMIT_AS, &before) == 0);
    GIVES(WOTRUS_REFUSED, wotrus_query_order(client, "X-1"));
    wotrus_client_free(client);
}

int main(int argc, char **argv)
{
    EXPECT(argc == 2);
    without_threads(environment("WOTRUS_BASE_URL")); /* first, because stacks of ended threads are reused */
    without_descriptors(environment("WOTRUS_BASE_URL"), argv[1]);
    return 0;
}
