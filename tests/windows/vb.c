/* vb CSR: an order through wotrusvb.dll, called as VB6 calls it: __stdcall functions found by name, text in the
 * code page 936, results as BSTR. */
#include <posix.h>

#include <oleauto.h>
#include <string.h>

#define EXPECT(what) \
    ((what) ? (void)0 : (void)(fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #what), exit(1)))

#define WOTONG "\xCE\xD6\xCD\xA8"

typedef void *object;
typedef const char *text;

#define FUNCTIONS(define)                                          \
    define(object, config_new, (void))                             \
    define(void, config_set, (object, text, text))                 \
    define(void, config_set_callback, (object, void *))            \
    define(void, config_free, (object))                            \
    define(object, client_new, (object))                           \
    define(void, client_free, (object))                            \
    define(object, order_new, (void))                              \
    define(void, order_set, (object, text, text))                  \
    define(void, order_free, (object))                             \
    define(object, create_order, (object, object))                 \
    define(object, query_order, (object, text))                    \
    define(object, wait_for_certificate, (object, text, unsigned)) \
    define(int, reply_status, (object))                            \
    define(BSTR, reply_message, (object))                          \
    define(BSTR, reply_order_id, (object))                         \
    define(BSTR, reply_get, (object, text))                        \
    define(BSTR, reply_full_chain, (object, text))                 \
    define(text, reply_body, (object, size_t *))                   \
    define(void, reply_free, (object))
#define POINTER(returned, name, parameters) static returned(__stdcall *name) parameters;
FUNCTIONS(POINTER)

static int events, sending;

static int __stdcall count(BSTR event)
{
    events++;
    sending += wcsstr(event, L"\"event\":\"sending\"") != NULL;
    return 0;
}

/* The stack pointer: a wrong calling convention moves it in 32-bit programs. */
static void *stack(void)
{
    void *pointer = NULL;
#ifdef __i386__
    __asm__ volatile("movl %%esp, %0" : "=r"(pointer));
#endif
    return pointer;
}

/* The bytes of a result, which is freed. */
static text bytes(BSTR result)
{
    static char copies[4][65536];
    static int next;
    UINT length = SysStringByteLen(result);
    char *copy = copies[next++ % 4];
    EXPECT(result != NULL && length < sizeof *copies);
    memcpy(copy, result, length);
    copy[length] = '\0';
    SysFreeString(result);
    return copy;
}

static object succeeded(object reply)
{
    if (reply_status(reply) != 0) {
        fprintf(stderr, "%s\n", bytes(reply_message(reply)));
        exit(1);
    }
    return reply;
}

int main(int argc, char **argv)
{
    static char csr[16384];
    HMODULE library = LoadLibraryA("wotrusvb.dll");
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    object config, client, order, reply;
    text id, body;
    size_t length;
    void *before;
    EXPECT(library != NULL && file != NULL && fread(csr, 1, sizeof csr - 1, file) > 0);
    fclose(file);
    alarm(120);
#define FIND(returned, name, parameters) \
    EXPECT((*(FARPROC *)&name = GetProcAddress(library, "wotrus_" #name)) != NULL);
    FUNCTIONS(FIND)

    before = stack();
    config = config_new();
    config_set(config, "token", getenv("WOTRUS_TOKEN"));
    config_set(config, "base_url", getenv("WOTRUS_BASE_URL"));
    config_set(config, "ca_file", getenv("WOTRUS_CA_FILE"));
    config_set(config, "charset", "GB18030");
    config_set_callback(config, (void *)(UINT_PTR)count);
    client = client_new(config);
    config_free(config);
    order = order_new();
    order_set(order, "productID", "76ECE651-B59E-48F2-A47B-135614AADAD9");
    order_set(order, "commonName", WOTONG);
    order_set(order, "OrgName", WOTONG);
    order_set(order, "countryCode", "CN");
    order_set(order, "month", "12");
    order_set(order, "csR_RSA", csr);
    reply = succeeded(create_order(client, order));
    order_free(order);
    id = bytes(reply_order_id(reply));
    reply_free(reply);
    reply = succeeded(wait_for_certificate(client, id, 60000));
    EXPECT(strstr(bytes(reply_full_chain(reply, NULL)), "BEGIN CERTIFICATE") != NULL);
    EXPECT(reply_full_chain(reply, "Encrypt") == NULL);
    reply_free(reply);
    reply = succeeded(query_order(client, id));
    EXPECT(strcmp(bytes(reply_get(reply, "cn")), WOTONG) == 0);
    /* The body is UTF-8 in every charset. */
    body = reply_body(reply, &length);
    EXPECT(body != NULL && strlen(body) == length && strstr(body, "\xE6\xB2\x83\xE9\x80\x9A") != NULL);
    reply_free(reply);
    client_free(client);
    EXPECT(stack() == before);
    EXPECT(sending >= 3 && events > sending);
    printf("order %s: %d events\n", id, events);
    return 0;
}
