/* load HANGING_URL: the DLL loaded and unloaded at run time, while its threads run, and deadlines. HANGING_URL is
 * an address where connections are neither accepted nor refused. The environment names a sandbox. */
#include <posix.h>
#include <string.h>

enum { ROUNDS = 200, WARM_UP = 20, THREADS = 32, CALLS = 10, REFUSED = 4, NETWORK = 7, CANCELLED = 10 };

#define EXPECT(what) \
    ((what) ? (void)0 : (void)(fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #what), exit(1)))

typedef void *object;
typedef const char *text;

/* The functions of wotrus.h that this program loads. */
#define FUNCTIONS(define)                                     \
    define(object, config_new, (void))                        \
    define(void, config_set, (object, text, text))            \
    define(void, config_free, (object))                       \
    define(object, client_new, (object))                      \
    define(void, client_cancel, (object))                     \
    define(void, client_free, (object))                       \
    define(object, query_order, (object, text))               \
    define(int, reply_status, (object))                       \
    define(text, reply_cause, (object))                       \
    define(text, reply_message, (object))                     \
    define(void, reply_free, (object))
#define POINTER(returned, name, parameters) static returned(__cdecl *name) parameters;
FUNCTIONS(POINTER)

static HMODULE load(void)
{
    HMODULE library = LoadLibraryA("wotrus.dll");
    EXPECT(library != NULL);
#define FIND(returned, name, parameters) \
    EXPECT((*(FARPROC *)&name = GetProcAddress(library, "wotrus_" #name)) != NULL);
    FUNCTIONS(FIND)
    return library;
}

static object new_client(text url, text timeout)
{
    object config = config_new(), client;
    config_set(config, "token", getenv("WOTRUS_TOKEN"));
    config_set(config, "base_url", url);
    config_set(config, "ca_file", getenv("WOTRUS_CA_FILE"));
    config_set(config, "timeout", timeout);
    config_set(config, "retries", "0");
    client = client_new(config);
    config_free(config);
    return client;
}

/* A query of an order that does not exist: the sandbox refuses it. */
static void query(object client)
{
    object reply = query_order(client, "no-such-order");
    if (reply_status(reply) != REFUSED)
        fprintf(stderr, "%s\n", reply_message(reply));
    EXPECT(reply_status(reply) == REFUSED);
    reply_free(reply);
}

static DWORD WINAPI query_often(void *client)
{
    int i;
    for (i = 0; i < CALLS; i++)
        query(client);
    return 0;
}

/* Calls that end, or are cancelled, while a thread of the library still connects. */
static DWORD WINAPI query_hanging(void *client)
{
    object reply = query_order(client, "X-1");
    int status = reply_status(reply);
    EXPECT(status == NETWORK || status == CANCELLED);
    reply_free(reply);
    return 0;
}

static void in_threads(int count, LPTHREAD_START_ROUTINE run, object client, int cancel)
{
    HANDLE threads[THREADS];
    int i;
    for (i = 0; i < count; i++)
        EXPECT((threads[i] = CreateThread(NULL, 0, run, client, 0, NULL)) != NULL);
    if (cancel) {
        Sleep(20);
        client_cancel(client);
    }
    EXPECT(WaitForMultipleObjects(count, threads, TRUE, 120 * 1000) == WAIT_OBJECT_0);
    for (i = 0; i < count; i++)
        CloseHandle(threads[i]);
}

/* The open handles of this process. In wine GetProcessHandleCount returns 0. */
static int count_handles(void)
{
    int count = 0;
    DWORD_PTR handle;
    DWORD flags;
    for (handle = 4; handle < 0x8000; handle += 4)
        count += GetHandleInformation((HANDLE)handle, &flags) != 0;
    EXPECT(count > 0);
    return count;
}

static void rounds(text hanging)
{
    int i, before = 0;
    for (i = 0; i < ROUNDS; i++) {
        HMODULE library = load();
        object client = new_client(getenv(i % 10 == 0 ? "WOTRUS_BASE_URL" : "WOTRUS_HTTP_URL"), "30");
        object stuck = new_client(hanging, "0.05");
        query(client);
        in_threads(1, query_hanging, stuck, i % 2);
        client_free(stuck);
        client_free(client);
        FreeLibrary(library);
        EXPECT(GetModuleHandleA("wotrus.dll") != NULL);
        if (i == WARM_UP)
            before = count_handles();
    }
    /* Threads that still connect have a handle each for a while. */
    for (i = 0; count_handles() > before + 20; i++) {
        EXPECT(i < 200);
        Sleep(100);
    }
    printf("%d rounds: %d handles, then %d\n", ROUNDS, before, count_handles());
}

static int silent_port(void)
{
    struct sockaddr_in address = {0};
    int size = sizeof address;
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 64) == 0);
    EXPECT(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
    return ntohs(address.sin_port);
}

/* GetTickCount can be behind by the length of its tick, and on a busy machine by several. */
static DWORD milliseconds(void)
{
    LARGE_INTEGER count, each_second;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&each_second);
    return (DWORD)(count.QuadPart * 1000 / each_second.QuadPart);
}

/* A call ends at its timeout: not before, and not half a second later. Windows rounds the timeouts of
 * sockets up to 500 ms. */
static void deadlines(text hanging)
{
    static const text timeouts[] = {"0.1", "0.3", "0.7", "1.6"};
    char silent[64];
    size_t i;
    int connects;
    sprintf(silent, "http://127.0.0.1:%d", silent_port());
    for (connects = 0; connects < 2; connects++)
        for (i = 0; i < sizeof timeouts / sizeof *timeouts; i++) {
            object client = new_client(connects ? silent : hanging, timeouts[i]), reply;
            DWORD started = milliseconds(), elapsed, timeout = (DWORD)(1000 * atof(timeouts[i]));
            reply = query_order(client, "X-1");
            elapsed = milliseconds() - started;
            printf("timeout %s s: %u ms, %s\n", timeouts[i], (unsigned)elapsed, reply_cause(reply));
            EXPECT(reply_status(reply) == NETWORK);
            /* Windows itself refuses where Linux lets a connection hang. */
            EXPECT(!connects || strcmp(reply_cause(reply), "timeout") == 0);
            EXPECT(strcmp(reply_cause(reply), "timeout") != 0 || elapsed + 20 >= timeout);
            EXPECT(elapsed < timeout + 450);
            reply_free(reply);
            client_free(client);
        }
}

int main(int argc, char **argv)
{
    object client;
    setvbuf(stdout, NULL, _IONBF, 0);
    EXPECT(argc == 2);
    alarm(300);
    rounds(argv[1]);
    load();
    deadlines(argv[1]);
    client = new_client(getenv("WOTRUS_BASE_URL"), "60");
    in_threads(THREADS, query_often, client, 0);
    client_free(client);
    printf("%d threads, %d calls each\n", THREADS, CALLS);
    return 0;
}
