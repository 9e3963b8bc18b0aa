/* system_ca: with ca_file = "system" the root certificates of Windows are trusted, and no others. Without any, the
 * option is invalid. The program changes the root certificates, so it runs in wine only. */
#include <posix.h>

#include <wincrypt.h>

#include "expect.h"

static wotrus_client *client_that_trusts(const char *ca_file)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_config_set(config, "token", environment("WOTRUS_TOKEN"));
    wotrus_config_set(config, "base_url", environment("WOTRUS_BASE_URL"));
    wotrus_config_set(config, "retries", "0");
    if (ca_file != NULL)
        wotrus_config_set(config, "ca_file", ca_file);
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    return client;
}

/* The status of a query. The sandbox refuses it if the connection was trusted. */
static int query(const char *ca_file, const char *cause)
{
    wotrus_client *client = client_that_trusts(ca_file);
    wotrus_reply *reply = wotrus_query_order(client, "no-such-order");
    int status = wotrus_reply_status(reply);
    printf("ca_file %s: status %d, %s\n", ca_file ? ca_file : "(none)", status, wotrus_reply_message(reply));
    EXPECT(cause == NULL || same(wotrus_reply_cause(reply), cause));
    wotrus_reply_free(reply);
    wotrus_client_free(client);
    return status;
}

/* wine's certificates, which it copies from Linux when a process first opens the store, are in the registry. */
static void remove_all(void)
{
    static const char *const key = "Software\\Microsoft\\SystemCertificates\\Root\\Certificates";
    HCERTSTORE store = CertOpenSystemStoreA(0, "ROOT");
    EXPECT(store != NULL && CertCloseStore(store, 0));
    RegDeleteTreeA(HKEY_LOCAL_MACHINE, key);
    RegDeleteTreeA(HKEY_CURRENT_USER, key);
    store = CertOpenSystemStoreA(0, "ROOT");
    EXPECT(CertEnumCertificatesInStore(store, NULL) == NULL);
    CertCloseStore(store, 0);
}

static void add(const char *path)
{
    static char pem[65536];
    static BYTE der[65536];
    DWORD size = sizeof der;
    HCERTSTORE store = CertOpenSystemStoreA(0, "ROOT");
    FILE *file = fopen(path, "rb");
    EXPECT(file != NULL && fread(pem, 1, sizeof pem - 1, file) > 0);
    fclose(file);
    EXPECT(CryptStringToBinaryA(pem, 0, CRYPT_STRING_BASE64HEADER, der, &size, NULL, NULL));
    EXPECT(CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, der, size, CERT_STORE_ADD_ALWAYS, NULL));
    EXPECT(CertCloseStore(store, 0));
}

int main(void)
{
    alarm(120);
    if (GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version") == NULL) {
        fprintf(stderr, "not in wine: the root certificates of this system are not touched\n");
        return 1;
    }
    remove_all();
    EXPECT(query("system", NULL) == WOTRUS_CONFIG);
    add(environment("WOTRUS_CA_FILE"));
    EXPECT(query("system", NULL) == WOTRUS_REFUSED);
    EXPECT(query(NULL, "tls") == WOTRUS_NETWORK);
    /* Read when it is asked for: the next client has what the store contains then. */
    remove_all();
    EXPECT(query("system", NULL) == WOTRUS_CONFIG);
    return 0;
}
