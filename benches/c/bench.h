/* What every peer in C does alike: its arguments, files, and the fields it shows. */
#ifndef BENCH_H
#define BENCH_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORDER_ID "a4a78326-0546-4602-9586-8ee3c05e8068"
#define TOKEN "tk_bench"

static const char *const FIELDS[] = {"id", "cn", "org.orgName", "createTime", "status"};
static const char *const NAMES[] = {"RSA", "Sign", "Encrypt"};

/* The create request of the service's document, without what it leaves empty, and with an
   idempotenceID. csR_RSA is a file's. */
static const char *const INFO[][2] = {{"productID", "76ECE651-B59E-48F2-A47B-135614AADAD9"},
                                      {"commonName", "沃通电子认证服务有限公司"},
                                      {"idempotenceID", "order-4711"}};
static const char *const ORGANIZATION[][2] = {
    {"OrgName", "刘大强"},          {"OrgPhone", "18610077459"}, {"OrgEmail", "ldq@wotrus.com"},
    {"UserFirstName", "大强"},      {"UserLastName", "刘"},      {"UserEmail", "ldq@wotrus.com"},
    {"UserMobile", "18610077459"},  {"countryCode", "CN"}};
#define MONTH "12"
#define LENGTH(array) (sizeof(array) / sizeof *(array))

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* A setting that the harness gives by environment. */
static const char *setting(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL)
        fail(name);
    return value;
}

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *text;
    long size;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0)
        fail(path);
    rewind(file);
    text = malloc((size_t)size + 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size)
        fail(path);
    text[size] = '\0';
    *len = (size_t)size;
    fclose(file);
    return text;
}

/* Has this thread and another do the same. */
static void two_threads(void *(*work)(void *), void *argument)
{
    pthread_t other;
    if (pthread_create(&other, NULL, work, argument) != 0)
        fail("no thread");
    work(argument);
    pthread_join(other, NULL);
}

/* One work of a peer: done once; what was read is shown when asked for. */
struct work {
    const char *name;
    void (*once)(void *client, int show);
};

/* peer WORK COUNT: does the work COUNT times, the last time aloud. "threads" is COUNT queries on
   each of two threads and one aloud; "idle" is one query, and then a client that waits for the end
   of its input while its memory is read. */
static void run(int argc, char **argv, const struct work *works, void *client,
                void (*threads)(void *client, unsigned long count))
{
    unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    const char *name = argc == 3 ? argv[1] : "";
    int idle = strcmp(name, "idle") == 0;
    if (count == 0)
        fail("usage: peer WORK COUNT");
    if (strcmp(name, "threads") == 0)
        threads(client, count);
    if (idle || strcmp(name, "threads") == 0) {
        name = "query";
        count = 1;
    }
    while (works->name != NULL && strcmp(works->name, name) != 0)
        works++;
    if (works->name == NULL)
        fail("unknown work");
    while (count-- > 0)
        works->once(client, count == 0);
    fflush(stdout);
    while (idle && getchar() != EOF)
        ;
}

#endif
