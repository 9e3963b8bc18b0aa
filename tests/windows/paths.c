/* paths FOLDER: paths of documents and of the CA file are text in the client's charset, and may be longer than
 * 260 characters. FOLDER is an absolute Windows path. */
#include <posix.h>

#include "expect.h"

#define NAME L"\x6c83\x901a.pdf"
#define GBK "\xCE\xD6\xCD\xA8.pdf"
#define UTF8 "\xE6\xB2\x83\xE9\x80\x9A.pdf"

static void write_file(const wchar_t *path, const void *content, size_t size)
{
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD written;
    EXPECT(file != INVALID_HANDLE_VALUE);
    EXPECT(WriteFile(file, content, (DWORD)size, &written, NULL) && written == size);
    CloseHandle(file);
}

static wotrus_client *client_in(const char *charset, const char *ca_file)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_config_set(config, "token", environment("WOTRUS_TOKEN"));
    wotrus_config_set(config, "base_url", environment("WOTRUS_BASE_URL"));
    wotrus_config_set(config, "ca_file", ca_file);
    wotrus_config_set(config, "charset", charset); /* after the path, which is in this charset */
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    return client;
}

static wotrus_reply *order_with(const wotrus_client *client, const char *path)
{
    wotrus_document *document = wotrus_document_from_path(path, NULL);
    wotrus_order *order = small_order("paths");
    wotrus_reply *reply;
    wotrus_order_add_document(order, WOTRUS_BUSINESS_LICENCE, document);
    wotrus_document_free(document);
    reply = wotrus_create_order(client, order);
    wotrus_order_free(order);
    return reply;
}

/* The name of a file in `folder`. */
static const char *in(const char *folder, const char *name)
{
    static char path[2][1024];
    static int next;
    next = !next;
    EXPECT(snprintf(path[next], sizeof path[next], "%s\\%s", folder, name) < (int)sizeof path[next]);
    return path[next];
}

static void charsets(const char *folder, const char *ca_file)
{
    wotrus_client *utf8 = client_in("UTF-8", ca_file), *gbk = client_in("GB18030", ca_file);
    wotrus_reply *reply;
    GIVES(WOTRUS_OK, order_with(utf8, in(folder, UTF8)));
    GIVES(WOTRUS_OK, order_with(gbk, in(folder, GBK)));
    reply = order_with(utf8, in(folder, GBK));
    EXPECT(wotrus_reply_status(reply) == WOTRUS_FILE && same(wotrus_reply_delivery(reply), "not_sent"));
    EXPECT(strstr(wotrus_reply_message(reply), "charset") != NULL);
    wotrus_reply_free(reply);
    GIVES(WOTRUS_FILE, order_with(gbk, in(folder, "none.pdf")));
    wotrus_client_free(utf8);
    wotrus_client_free(gbk);
}

static void long_path(const wchar_t *folder, const wotrus_client *client)
{
    wchar_t path[1024];
    char utf8[1024];
    int i;
    /* The prefix makes Windows accept any length; the library gets the path without it. */
    wcscpy(path, L"\\\\?\\");
    wcscat(path, folder);
    for (i = 0; i < 6; i++) {
        wcscat(path, L"\\a-folder-with-a-rather-long-name-\x6c83\x901a-0123456789-0123456789");
        EXPECT(CreateDirectoryW(path, NULL) || GetLastError() == ERROR_ALREADY_EXISTS);
    }
    wcscat(path, L"\\" NAME);
    EXPECT(wcslen(path) > 350);
    write_file(path, "%PDF-1.4", 8);
    EXPECT(WideCharToMultiByte(CP_UTF8, 0, path + 4, -1, utf8, sizeof utf8, NULL, NULL) > 0);
    GIVES(WOTRUS_OK, order_with(client, utf8));
}

int main(int argc, char **argv)
{
    static char ca[65536];
    wchar_t folder[256], path[300];
    FILE *file;
    size_t size;
    wotrus_client *client;
    EXPECT(argc == 2 && strlen(argv[1]) < 200);
    alarm(120);
    swprintf(folder, 256, L"%hs", argv[1]);
    file = fopen(environment("WOTRUS_CA_FILE"), "rb");
    EXPECT(file != NULL);
    size = fread(ca, 1, sizeof ca, file);
    fclose(file);
    swprintf(path, 300, L"%ls\\%ls", folder, NAME);
    write_file(path, "%PDF-1.4", 8);
    charsets(argv[1], environment("WOTRUS_CA_FILE"));
    /* The CA file under the same names: the ending of a file says nothing about it. */
    write_file(path, ca, size);
    client = client_in("GB18030", in(argv[1], GBK));
    GIVES(WOTRUS_OK, wotrus_client_check(client));
    wotrus_client_free(client);
    client = client_in("UTF-8", in(argv[1], GBK));
    GIVES(WOTRUS_CONFIG, wotrus_client_check(client));
    wotrus_client_free(client);
    client = client_in("UTF-8", in(argv[1], UTF8));
    long_path(folder, client);
    wotrus_client_free(client);
    return 0;
}
