/* Shared by the C programs: the command line, files, and the fields that are printed. */
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

/* The create request of the service document's example, without its empty fields, with an idempotenceID.
   csR_RSA comes from a file. */
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

/* An environment variable that the harness sets. */
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

/* Runs `work` in this thread and in another. */
static void two_threads(void *(*work)(void *), void *argument)
{
    pthread_t other;
    if (pthread_create(&other, NULL, work, argument) != 0)
        fail("no thread");
    work(argument);
    pthread_join(other, NULL);
}

/* A task of a program; `once` does it once, and prints what it has read if `show` is set. */
struct work {
    const char *name;
    void (*once)(void *client, int show);
};

/* PROGRAM TASK COUNT: does the task COUNT times, and prints the result of the last one. "threads" makes
   COUNT queries in each of two threads, and one that is printed; "idle" makes one query, and waits for the
   end of its input while its memory is measured. */
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
