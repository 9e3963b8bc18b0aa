/* Handles that must not be used: freed ones, ones of another type, and memory that never was a handle.
 * Every function that takes a handle is called with each of them, in a child process. It must abort with a
 * message that names the handle's type, or report an argument error; under AddressSanitizer a freed
 * handle may also end in its report of heap-use-after-free. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* Exit statuses of a child. */
enum { REPORTED = 0, NOT_REPORTED = 3 };

typedef struct {
    const char *function;
    const char *type;
    /* Calls the function with this handle; whether an argument error was reported. */
    int (*call)(void *handle);
} use;

/* Functions that return nothing cannot report an error. */
#define RETURNS_NOTHING(function, type, call) \
    static int use_##function(void *handle) { call; return 0; }
/* Functions that return a text or a number: what they return for NULL, and the status of an argument
 * error. */
#define RETURNS_VALUE(function, type, expected) \
    static int use_##function(void *handle) { return (expected) && wotrus_reply_status(handle) == WOTRUS_ARGUMENT; }
/* Functions that return a reply name the parameter in it. */
#define RETURNS_REPLY(function, type, reply) \
    static int use_##function(void *handle) { return names_parameter(reply, #type); }
/* Functions that return another handle: the error comes with the first call that uses it. */
#define RETURNS_CLIENT(function, type, client) \
    static int use_##function(void *handle) { return client_names_parameter(client, #type); }

/* A reply of the test's own. */
static int names_parameter(wotrus_reply *reply, const char *parameter)
{
    int named = wotrus_reply_status(reply) == WOTRUS_ARGUMENT && same(wotrus_reply_get(reply, "field"), parameter);
    wotrus_reply_free(reply);
    return named;
}

static int client_names_parameter(wotrus_client *client, const char *parameter)
{
    int named = names_parameter(wotrus_query_order(client, "X-1"), parameter);
    wotrus_client_free(client);
    return named;
}

static wotrus_config *config;
static wotrus_client *client;
static wotrus_document *document;
static wotrus_order *order;

/* Name of the function, type of the handle, the call: `handle` is the handle to test. */
#define USES(NOTHING, VALUE, REPLY, CLIENT) \
    NOTHING(wotrus_config_set, config, wotrus_config_set(handle, "token", "tk_handles")) \
    NOTHING(wotrus_config_set_callback, config, wotrus_config_set_callback(handle, NULL, NULL)) \
    NOTHING(wotrus_config_free, config, wotrus_config_free(handle)) \
    CLIENT(wotrus_client_new, config, wotrus_client_new(handle)) \
    CLIENT(wotrus_client_with, client, wotrus_client_with(handle, config)) \
    REPLY(wotrus_client_check, client, wotrus_client_check(handle)) \
    NOTHING(wotrus_client_cancel, client, wotrus_client_cancel(handle)) \
    NOTHING(wotrus_client_free, client, wotrus_client_free(handle)) \
    REPLY(wotrus_create_order, client, wotrus_create_order(handle, order)) \
    REPLY(wotrus_query_order, client, wotrus_query_order(handle, "X-1")) \
    REPLY(wotrus_retrieve_certificate, client, wotrus_retrieve_certificate(handle, "X-1")) \
    REPLY(wotrus_cancel_order, client, wotrus_cancel_order(handle, "X-1", "reason")) \
    REPLY(wotrus_revoke_certificate, client, wotrus_revoke_certificate(handle, "X-1", "reason", document)) \
    REPLY(wotrus_notify_by_email, client, wotrus_notify_by_email(handle, "X-1", "https://example.com")) \
    REPLY(wotrus_wait_for_certificate, client, wotrus_wait_for_certificate(handle, "X-1", 1)) \
    REPLY(wotrus_call, client, wotrus_call(handle, "query_order", "{\"orderID\":\"X-1\"}", 17)) \
    NOTHING(wotrus_document_free, document, wotrus_document_free(handle)) \
    NOTHING(wotrus_order_set, order, wotrus_order_set(handle, "month", "12")) \
    NOTHING(wotrus_order_add_document, order, wotrus_order_add_document(handle, WOTRUS_IDENTITY_CARD, document)) \
    NOTHING(wotrus_order_free, order, wotrus_order_free(handle)) \
    NOTHING(wotrus_reissue_set, reissue, wotrus_reissue_set(handle, "reason", "reason")) \
    NOTHING(wotrus_reissue_set_proof, reissue, wotrus_reissue_set_proof(handle, document)) \
    REPLY(wotrus_reissue_certificate, reissue, wotrus_reissue_certificate(client, handle)) \
    NOTHING(wotrus_reissue_free, reissue, wotrus_reissue_free(handle)) \
    VALUE(wotrus_reply_status, reply, wotrus_reply_status(handle) == WOTRUS_ARGUMENT) \
    VALUE(wotrus_reply_kind, reply, same(wotrus_reply_kind(handle), "argument")) \
    VALUE(wotrus_reply_cause, reply, same(wotrus_reply_cause(handle), "invalid")) \
    VALUE(wotrus_reply_delivery, reply, same(wotrus_reply_delivery(handle), "unknown")) \
    VALUE(wotrus_reply_message, reply, strstr(wotrus_reply_message(handle), "reply") != NULL) \
    VALUE(wotrus_reply_warning, reply, wotrus_reply_warning(handle, 0) == NULL) \
    VALUE(wotrus_reply_http_status, reply, wotrus_reply_http_status(handle) == 0) \
    VALUE(wotrus_reply_request_id, reply, wotrus_reply_request_id(handle) == NULL) \
    VALUE(wotrus_reply_idempotence_id, reply, wotrus_reply_idempotence_id(handle) == NULL) \
    VALUE(wotrus_reply_attempts, reply, wotrus_reply_attempts(handle) == 0) \
    VALUE(wotrus_reply_retry_after_ms, reply, wotrus_reply_retry_after_ms(handle) == -1) \
    VALUE(wotrus_reply_order_id, reply, wotrus_reply_order_id(handle) == NULL) \
    VALUE(wotrus_reply_get, reply, same(wotrus_reply_get(handle, "field"), "reply")) \
    VALUE(wotrus_reply_json, reply, strstr(wotrus_reply_json(handle, NULL), "argument") != NULL) \
    VALUE(wotrus_reply_body, reply, wotrus_reply_body(handle, NULL) == NULL) \
    VALUE(wotrus_reply_values, reply, *(const char *)wotrus_reply_values(handle, NULL) == '{') \
    VALUE(wotrus_reply_pem, reply, wotrus_reply_pem(handle, NULL) == NULL) \
    VALUE(wotrus_reply_full_chain, reply, wotrus_reply_full_chain(handle, NULL) == NULL) \
    VALUE(wotrus_reply_full_chain_with_root, reply, wotrus_reply_full_chain_with_root(handle, NULL) == NULL) \
    VALUE(wotrus_reply_intermediates, reply, wotrus_reply_intermediates(handle, NULL) == NULL) \
    VALUE(wotrus_reply_chain_status, reply, wotrus_reply_chain_status(handle, NULL) == NULL) \
    VALUE(wotrus_reply_chain, reply, wotrus_reply_chain(handle, NULL, 0) == NULL) \
    VALUE(wotrus_reply_root, reply, wotrus_reply_root(handle, NULL) == NULL) \
    VALUE(wotrus_reply_matches_csr, reply, wotrus_reply_matches_csr(handle, NULL, "x") == -1) \
    NOTHING(wotrus_reply_free, reply, wotrus_reply_free(handle))

USES(RETURNS_NOTHING, RETURNS_VALUE, RETURNS_REPLY, RETURNS_CLIENT)

/* Handles that are not the first parameter. */
static int use_order_as_parameter(void *handle) { return names_parameter(wotrus_create_order(client, handle), "order"); }
static int use_config_as_parameter(void *handle)
{
    return client_names_parameter(wotrus_client_with(client, handle), "config");
}
static int use_proof_as_parameter(void *handle)
{
    return names_parameter(wotrus_revoke_certificate(client, "X-1", "reason", handle), "proof");
}

#define ROW(function, type, call) {#function, #type, use_##function},
static const use uses[] = {USES(ROW, ROW, ROW, ROW)
    {"wotrus_create_order", "order", use_order_as_parameter},
    {"wotrus_client_with", "config", use_config_as_parameter},
    {"wotrus_revoke_certificate", "document", use_proof_as_parameter}};
enum { COUNT = sizeof uses / sizeof *uses };

static void *new_handle(const char *type)
{
    if (same(type, "config"))
        return wotrus_config_new();
    if (same(type, "client"))
        return wotrus_client_new(config);
    if (same(type, "document"))
        return wotrus_document_from_bytes("%PDF-1.4", 8, ".pdf");
    if (same(type, "order"))
        return wotrus_order_new();
    if (same(type, "reissue"))
        return wotrus_reissue_new();
    EXPECT(same(type, "reply"));
    return wotrus_read_push("{\"dataAction\":\"news\"}", 21);
}

static void *freed_handle(const char *type)
{
    void *handle = new_handle(type);
    if (same(type, "config"))
        wotrus_config_free(handle);
    else if (same(type, "client"))
        wotrus_client_free(handle);
    else if (same(type, "document"))
        wotrus_document_free(handle);
    else if (same(type, "order"))
        wotrus_order_free(handle);
    else if (same(type, "reissue"))
        wotrus_reissue_free(handle);
    else
        wotrus_reply_free(handle);
    return handle;
}

/* What the child wrote to stderr. */
static char errors[65536];

/* Makes the call in a child; its wait status. */
static int in_child(const use *use, void *handle)
{
    int ends[2], status;
    size_t length = 0;
    ssize_t got;
    pid_t pid;
    EXPECT(pipe(ends) == 0);
    pid = fork();
    EXPECT(pid >= 0);
    if (pid == 0) {
        alarm(20);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        _exit(use->call(handle) ? REPORTED : NOT_REPORTED);
    }
    close(ends[1]);
    while (length < sizeof errors - 1 && (got = read(ends[0], errors + length, sizeof errors - 1 - length)) > 0)
        length += (size_t)got;
    errors[length] = '\0';
    close(ends[0]);
    EXPECT(waitpid(pid, &status, 0) == pid);
    return status;
}

/* Whether the invalid handle was detected as expected. */
static int caught(const use *use, int freed, int status)
{
    char type[64];
    if (WIFEXITED(status) && WEXITSTATUS(status) == REPORTED)
        return 1;
    if (SANITIZED && freed && strstr(errors, "AddressSanitizer: heap-use-after-free") != NULL)
        return 1;
    sprintf(type, "wotrus_%s", use->type);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strstr(errors, use->function) != NULL &&
           strstr(errors, type) != NULL && strstr(errors, "AddressSanitizer") == NULL;
}

static int failures;

static void check(const use *use, const char *what, int freed, void *handle)
{
    int status = in_child(use, handle);
    if (caught(use, freed, status))
        return;
    failures++;
    fprintf(stderr, "%s with %s instead of wotrus_%s: wait status %#x, stderr: %.200s\n", use->function, what, use->type,
            (unsigned)status, errors);
}

int main(void)
{
    static char memory[4096]; /* zeros before and after the pointer that is passed */
    size_t i;
    config = wotrus_config_new();
    wotrus_config_set(config, "token", "tk_handles");
    wotrus_config_set(config, "base_url", "http://127.0.0.1:1");
    wotrus_config_set(config, "retries", "0");
    client = wotrus_client_new(config);
    document = new_handle("document");
    order = small_order("handles");
    for (i = 0; i < COUNT; i++) {
        const char *other = same(uses[i].type, "reply") ? "order" : "reply";
        void *wrong = new_handle(other);
        check(&uses[i], "a freed handle", 1, freed_handle(uses[i].type));
        check(&uses[i], "a handle of another type", 0, wrong);
        check(&uses[i], "memory that is not a handle", 0, memory + sizeof memory / 2);
        if (same(other, "order"))
            wotrus_order_free(wrong);
        else
            wotrus_reply_free(wrong);
    }
    wotrus_order_free(order);
    wotrus_document_free(document);
    wotrus_client_free(client);
    wotrus_config_free(config);
    fprintf(stderr, "%d functions, 3 bad handles each: %d not caught\n", COUNT, failures);
    return failures != 0;
}
