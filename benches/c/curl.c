/* libcurl and cJSON as their examples show them: one handle, reused, with a timeout. */

#include <cjson/cJSON.h>
#include <curl/curl.h>

#include "bench.h"

static char *csr;
static struct curl_slist *plain_headers, *json_headers;

struct answer {
    char *text;
    size_t len;
};

static size_t collect(char *data, size_t size, size_t count, void *user)
{
    struct answer *answer = user;
    char *grown = realloc(answer->text, answer->len + size * count + 1);
    if (grown == NULL)
        return 0;
    memcpy(grown + answer->len, data, size * count);
    answer->text = grown;
    answer->len += size * count;
    grown[answer->len] = '\0';
    return size * count;
}

static CURL *connect_to_service(void)
{
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_CAINFO, setting("BENCH_CA"));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    return curl;
}

static cJSON *call(CURL *curl, const char *path, const char *body)
{
    struct answer answer = {NULL, 0};
    char url[512];
    long status = 0;
    cJSON *json;
    CURLcode code;
    snprintf(url, sizeof url, "%s%s", setting("BENCH_URL"), path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, body != NULL ? json_headers : plain_headers);
    if (body != NULL)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    else
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    code = curl_easy_perform(curl);
    if (code != CURLE_OK)
        fail(curl_easy_strerror(code));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    json = cJSON_ParseWithLength(answer.text, answer.len);
    if (status != 200 || !cJSON_IsTrue(cJSON_GetObjectItem(json, "isSuccess")))
        fail("refused");
    free(answer.text);
    return json;
}

static const char *text(const cJSON *object, const char *name)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
    if (value == NULL)
        fail(name);
    return value;
}

static void query(void *curl, int show)
{
    cJSON *json = call(curl, "/v1/Order/" ORDER_ID, NULL);
    const cJSON *data = cJSON_GetObjectItem(json, "data");
    const cJSON *org = cJSON_GetObjectItem(data, "org");
    size_t i;
    for (i = 0; i < LENGTH(FIELDS); i++) {
        int in_org = strncmp(FIELDS[i], "org.", 4) == 0;
        const char *value = in_org ? text(org, FIELDS[i] + 4) : text(data, FIELDS[i]);
        if (show)
            puts(value);
    }
    cJSON_Delete(json);
}

static void order(CURL *curl, int show, const char *document)
{
    cJSON *whole = cJSON_CreateObject();
    cJSON *info = cJSON_AddObjectToObject(whole, "orderinfoPost");
    cJSON *organization = cJSON_AddObjectToObject(whole, "organizationPost");
    cJSON *documents = cJSON_AddArrayToObject(whole, "documentsPost");
    cJSON *answer;
    char *body;
    size_t i;
    for (i = 0; i < LENGTH(INFO); i++)
        cJSON_AddStringToObject(info, INFO[i][0], INFO[i][1]);
    cJSON_AddStringToObject(info, "csR_RSA", csr);
    cJSON_AddNumberToObject(info, "month", atoi(MONTH));
    for (i = 0; i < LENGTH(ORGANIZATION); i++)
        cJSON_AddStringToObject(organization, ORGANIZATION[i][0], ORGANIZATION[i][1]);
    if (document != NULL) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddNumberToObject(item, "documentType", 2);
        cJSON_AddStringToObject(item, "fileType", ".pdf");
        cJSON_AddStringToObject(item, "fileContent", document);
        cJSON_AddItemToArray(documents, item);
    }
    body = cJSON_PrintUnformatted(whole);
    cJSON_Delete(whole);
    answer = call(curl, "/v1/Order/Create", body);
    free(body);
    if (strlen(text(cJSON_GetObjectItem(answer, "data"), "orderID")) == 0)
        fail("no order");
    if (show)
        puts(text(cJSON_GetObjectItem(answer, "data"), "orderID"));
    cJSON_Delete(answer);
}

static void create(void *curl, int show)
{
    order(curl, show, NULL);
}

static char *base64(const unsigned char *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *text = malloc((len + 2) / 3 * 4 + 1), *out = text;
    size_t i;
    for (i = 0; i < len; i += 3) {
        size_t left = len - i;
        unsigned long word = (unsigned long)bytes[i] << 16 |
                             (left > 1 ? (unsigned long)bytes[i + 1] << 8 : 0) |
                             (left > 2 ? bytes[i + 2] : 0);
        *out++ = digits[word >> 18];
        *out++ = digits[word >> 12 & 63];
        *out++ = left > 1 ? digits[word >> 6 & 63] : '=';
        *out++ = left > 2 ? digits[word & 63] : '=';
    }
    *out = '\0';
    return text;
}

static void upload(void *curl, int show)
{
    size_t len;
    char *file = read_file(setting("BENCH_DOCUMENT"), &len);
    char *encoded = base64((unsigned char *)file, len);
    free(file);
    order(curl, show, encoded);
    free(encoded);
}

static void fetch(void *curl, int show)
{
    cJSON *json = call(curl, "/v1/Certificate/RetrievePem?orderID=" ORDER_ID, NULL);
    const cJSON *data = cJSON_GetObjectItem(json, "data"), *link;
    size_t i, bytes = 0;
    for (i = 0; i < LENGTH(NAMES); i++) {
        char name[32];
        snprintf(name, sizeof name, "pem_%s", NAMES[i]);
        bytes += strlen(text(data, name));
        if (show)
            fputs(text(data, name), stdout);
        snprintf(name, sizeof name, "chains_%s", NAMES[i]);
        cJSON_ArrayForEach(link, cJSON_GetObjectItem(data, name))
        {
            bytes += strlen(link->valuestring);
            if (show)
                fputs(link->valuestring, stdout);
        }
    }
    if (bytes < 1000)
        fail("no certificates");
    cJSON_Delete(json);
}

static void *thread(void *count)
{
    CURL *curl = connect_to_service();
    unsigned long i;
    for (i = *(unsigned long *)count; i-- > 0;)
        query(curl, 0);
    curl_easy_cleanup(curl);
    return NULL;
}

/* A handle is for one thread, so each thread has its own. */
static void threads(void *client, unsigned long count)
{
    (void)client;
    two_threads(thread, &count);
}

int main(int argc, char **argv)
{
    static const struct work works[] = {
        {"query", query}, {"create", create}, {"fetch", fetch}, {"upload", upload}, {NULL, NULL}};
    size_t len;
    CURL *curl;
    csr = read_file(setting("BENCH_CSR"), &len);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    plain_headers = curl_slist_append(NULL, "WoTrusToken: " TOKEN);
    json_headers = curl_slist_append(NULL, "WoTrusToken: " TOKEN);
    json_headers = curl_slist_append(json_headers, "Content-Type: application/json");
    curl = connect_to_service();
    run(argc, argv, works, curl, threads);
    curl_easy_cleanup(curl);
    curl_slist_free_all(plain_headers);
    curl_slist_free_all(json_headers);
    curl_global_cleanup();
    free(csr);
    return 0;
}
