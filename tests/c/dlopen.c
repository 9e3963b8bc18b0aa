/* Repeats dlopen, a call and dlclose: no crash, no leaked descriptor or thread, no growth. */
#include <dlfcn.h>
#include <unistd.h>

#include "expect.h"

#define FUNCTION(type, name, arguments) type (*name) arguments; *(void **)(&name) = dlsym(library, "wotrus_" #name); EXPECT(name != NULL)

static void use(const char *path, const char *id)
{
    void *library = dlopen(path, RTLD_NOW);
    EXPECT(library != NULL);
    {
        FUNCTION(wotrus_config *, config_new, (void));
        FUNCTION(void, config_set, (wotrus_config *, const char *, const char *));
        FUNCTION(void, config_free, (wotrus_config *));
        FUNCTION(wotrus_client *, client_new, (const wotrus_config *));
        FUNCTION(void, client_free, (wotrus_client *));
        FUNCTION(wotrus_reply *, query_order, (const wotrus_client *, const char *));
        FUNCTION(int, reply_status, (const wotrus_reply *));
        FUNCTION(void, reply_free, (wotrus_reply *));
        wotrus_config *config = config_new();
        wotrus_client *client;
        wotrus_reply *reply;
        config_set(config, "token", environment("WOTRUS_TOKEN"));
        config_set(config, "base_url", environment("WOTRUS_BASE_URL"));
        config_set(config, "ca_file", environment("WOTRUS_CA_FILE"));
        client = client_new(config);
        reply = query_order(client, id);
        EXPECT(reply_status(reply) == WOTRUS_REFUSED); /* no such order */
        reply_free(reply);
        client_free(client);
        config_free(config);
    }
    EXPECT(dlclose(library) == 0);
}

static long resident_kib(void)
{
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    EXPECT(file != NULL && fscanf(file, "%ld %ld", &pages, &resident) == 2);
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

int main(int argc, char **argv)
{
    int i, open_before = 0;
    long resident = 0;
    EXPECT(argc == 2);
    for (i = 0; i < 60; i++) {
        if (i == 20) {
            open_before = entries("/proc/self/fd");
            resident = resident_kib();
        }
        use(argv[1], "644A3E60-F1AA-4E25-821A-ACFBC462BC37");
    }
    EXPECT(entries("/proc/self/fd") == open_before);
    EXPECT(entries("/proc/self/task") == 3); /* ".", "..", and this one */
    EXPECT(resident_kib() - resident < 512);
    return 0;
}
