/* The floor: the cost of sending and receiving the bytes, by sockets or OpenSSL. No HTTP library and no
   JSON: bodies are read by Content-Length and not parsed; only the last one is searched for field names.
   Not a base for real programs. */
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include "bench.h"

#define CHUNK (24 * 1024)

struct connection {
    int socket;
    SSL *ssl;
    char host[256];
    char answer[64 * 1024];
    char *body;
    size_t len;
};

static char *csr;
static SSL_CTX *context;

static struct connection *connect_to_service(void)
{
    struct connection *line = calloc(1, sizeof *line);
    struct addrinfo hints = {0}, *found, *at;
    const char *url = setting("BENCH_URL");
    int tls = strncmp(url, "https:", 6) == 0;
    char name[256], *port;
    snprintf(line->host, sizeof line->host, "%s", strstr(url, "//") + 2);
    strcpy(name, line->host);
    port = strchr(name, ':');
    *port++ = '\0';
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(name, port, &hints, &found) != 0)
        fail("no such name");
    line->socket = -1;
    for (at = found; at != NULL && line->socket < 0; at = at->ai_next) {
        line->socket = socket(at->ai_family, SOCK_STREAM, 0);
        if (connect(line->socket, at->ai_addr, at->ai_addrlen) != 0) {
            close(line->socket);
            line->socket = -1;
        }
    }
    freeaddrinfo(found);
    if (line->socket < 0)
        fail("no connection");
    if (tls) {
        line->ssl = SSL_new(context);
        SSL_set_fd(line->ssl, line->socket);
        SSL_set_tlsext_host_name(line->ssl, name);
        SSL_set1_host(line->ssl, name);
        if (SSL_connect(line->ssl) != 1)
            fail("no TLS");
    }
    return line;
}

static void disconnect(struct connection *line)
{
    SSL_free(line->ssl);
    close(line->socket);
    free(line);
}

static void put(struct connection *line, const char *text, size_t len)
{
    while (len > 0) {
        long count = line->ssl != NULL ? SSL_write(line->ssl, text, (int)len)
                                       : (long)send(line->socket, text, len, MSG_NOSIGNAL);
        if (count <= 0)
            fail("cannot send");
        text += count;
        len -= (size_t)count;
    }
}

/* Reads one response: its head, and Content-Length bytes. */
static void get(struct connection *line)
{
    size_t wanted = 0;
    line->len = 0;
    line->body = NULL;
    while (line->body == NULL || line->len < wanted) {
        size_t room = sizeof line->answer - 1 - line->len;
        char *end = line->answer + line->len;
        long count = line->ssl != NULL ? SSL_read(line->ssl, end, (int)room)
                                       : (long)recv(line->socket, end, room, 0);
        if (count <= 0)
            fail("no answer");
        line->len += (size_t)count;
        line->answer[line->len] = '\0';
        if (line->body == NULL && (line->body = strstr(line->answer, "\r\n\r\n")) != NULL) {
            const char *length = strstr(line->answer, "Content-Length: ");
            line->body += 4;
            if (strncmp(line->answer, "HTTP/1.1 200", 12) != 0 || length == NULL)
                fail("refused");
            wanted = (size_t)(line->body - line->answer) + strtoul(length + 16, NULL, 10);
        }
    }
}

/* Prints the text between the quotes after the name. */
static void show_field(const struct connection *line, const char *name)
{
    char wanted[64], *at;
    snprintf(wanted, sizeof wanted, "\"%s\":\"", name);
    at = strstr(line->body, wanted);
    if (at == NULL)
        fail(name);
    at += strlen(wanted);
    printf("%.*s\n", (int)strcspn(at, "\""), at);
}

static void ask(struct connection *line, const char *path)
{
    char head[512];
    int len = snprintf(head, sizeof head,
                       "GET %s HTTP/1.1\r\nHost: %s\r\nWoTrusToken: " TOKEN "\r\n\r\n", path,
                       line->host);
    put(line, head, (size_t)len);
    get(line);
}

static void query(void *client, int show)
{
    struct connection *line = client;
    size_t i;
    ask(line, "/v1/Order/" ORDER_ID);
    for (i = 0; show && i < LENGTH(FIELDS); i++) {
        /* The order's own status stands behind the organisation's. */
        if (strcmp(FIELDS[i], "status") == 0)
            line->body = strstr(line->body, "\"isCustomerInfoFilled\"");
        show_field(line, strncmp(FIELDS[i], "org.", 4) == 0 ? FIELDS[i] + 4 : FIELDS[i]);
    }
}

/* Head and body in one write; between opened and closed the document, as it is read from disk. */
static void order(struct connection *line, int show, const char *opened, FILE *document)
{
    static const char closed[] = "\"}]}";
    unsigned char raw[CHUNK], encoded[CHUNK / 3 * 4 + 1];
    char *request = malloc(16 * 1024);
    size_t length = strlen(opened), count;
    int len;
    if (document != NULL) {
        fseek(document, 0, SEEK_END);
        length += ((size_t)ftell(document) + 2) / 3 * 4 + strlen(closed);
        rewind(document);
    }
    len = snprintf(request, 16 * 1024,
                   "POST /v1/Order/Create HTTP/1.1\r\nHost: %s\r\nWoTrusToken: " TOKEN
                   "\r\nContent-Type: application/json\r\nContent-Length: %lu\r\n\r\n%s",
                   line->host, (unsigned long)length, opened);
    put(line, request, (size_t)len);
    free(request);
    while (document != NULL && (count = fread(raw, 1, CHUNK, document)) > 0)
        put(line, (char *)encoded, (size_t)EVP_EncodeBlock(encoded, raw, (int)count));
    if (document != NULL)
        put(line, closed, strlen(closed));
    get(line);
    if (show)
        show_field(line, "orderID");
}

/* The body is made once: the floor has no JSON. */
static const char *body(const char *documents)
{
    static char text[16 * 1024];
    char *out = text;
    const char *at;
    size_t i;
    out += sprintf(out, "{\"orderinfoPost\":{");
    for (i = 0; i < LENGTH(INFO); i++)
        out += sprintf(out, "\"%s\":\"%s\",", INFO[i][0], INFO[i][1]);
    out += sprintf(out, "\"csR_RSA\":\"");
    for (at = csr; *at != '\0'; at++)
        out += sprintf(out, *at == '\n' ? "\\n" : "%c", *at);
    out += sprintf(out, "\",\"month\":" MONTH "},\"organizationPost\":{");
    for (i = 0; i < LENGTH(ORGANIZATION); i++)
        out += sprintf(out, "%s\"%s\":\"%s\"", i > 0 ? "," : "", ORGANIZATION[i][0],
                       ORGANIZATION[i][1]);
    sprintf(out, "},\"documentsPost\":[%s", documents);
    return text;
}

static void create(void *client, int show)
{
    static const char *ready;
    if (ready == NULL)
        ready = body("]}");
    order(client, show, ready, NULL);
}

static void upload(void *client, int show)
{
    FILE *file = fopen(setting("BENCH_DOCUMENT"), "rb");
    if (file == NULL)
        fail("no document");
    order(client, show,
          body("{\"documentType\":2,\"fileType\":\".pdf\",\"fileContent\":\""), file);
    fclose(file);
}

static void fetch(void *client, int show)
{
    struct connection *line = client;
    char *at;
    ask(line, "/v1/Certificate/RetrievePem?orderID=" ORDER_ID);
    /* Every certificate stands between quotes, with \n for its line ends. */
    for (at = line->body; show && (at = strstr(at, "-----BEGIN")) != NULL;) {
        for (; *at != '"'; at++) {
            if (*at == '\\')
                at++;
            putchar(at[-1] == '\\' ? '\n' : *at);
        }
    }
}

static void *thread(void *count)
{
    struct connection *line = connect_to_service();
    unsigned long i;
    for (i = *(unsigned long *)count; i-- > 0;)
        query(line, 0);
    disconnect(line);
    return NULL;
}

static void threads(void *client, unsigned long count)
{
    (void)client;
    two_threads(thread, &count);
}

int main(int argc, char **argv)
{
    static const struct work works[] = {
        {"query", query}, {"create", create}, {"fetch", fetch}, {"upload", upload}, {NULL, NULL}};
    struct connection *line;
    size_t len;
    csr = read_file(setting("BENCH_CSR"), &len);
    if (strncmp(setting("BENCH_URL"), "https:", 6) == 0) {
        context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
        if (SSL_CTX_load_verify_locations(context, setting("BENCH_CA"), NULL) != 1)
            fail("no CA");
    }
    line = connect_to_service();
    run(argc, argv, works, line, threads);
    disconnect(line);
    SSL_CTX_free(context);
    free(csr);
    return 0;
}
