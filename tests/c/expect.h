/* Shared by the test programs. A failed expectation prints its place and ends the program. */
#ifndef EXPECT_H
#define EXPECT_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wotrus.h>

#define EXPECT(what) \
    ((what) ? (void)0 : (void)(fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #what), exit(1)))

/* Expects a reply of this status, and frees it. */
#define GIVES(status, call) gives(__FILE__, __LINE__, status, call)

static void gives(const char *file, int line, int status, wotrus_reply *reply)
{
    if (wotrus_reply_status(reply) != status) {
        fprintf(stderr, "%s:%d: status %d instead of %d: %s\n", file, line,
                wotrus_reply_status(reply), status, wotrus_reply_message(reply));
        exit(1);
    }
    wotrus_reply_free(reply);
}

static int same(const char *left, const char *right)
{
    return left != NULL && right != NULL && strcmp(left, right) == 0;
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    EXPECT(value != NULL);
    return value;
}

/* A client of the sandbox, with the token and CA file from the environment. */
static wotrus_client *client_of(const char *url)
{
    wotrus_config *config = wotrus_config_new();
    wotrus_client *client;
    wotrus_config_set(config, "token", environment("WOTRUS_TOKEN"));
    wotrus_config_set(config, "base_url", url);
    wotrus_config_set(config, "ca_file", environment("WOTRUS_CA_FILE"));
    client = wotrus_client_new(config);
    wotrus_config_free(config);
    return client;
}

/* An order with the required fields only. */
static wotrus_order *small_order(const char *name)
{
    wotrus_order *order = wotrus_order_new();
    wotrus_order_set(order, "productID", "76ECE651-B59E-48F2-A47B-135614AADAD9");
    wotrus_order_set(order, "commonName", name);
    wotrus_order_set(order, "OrgName", name);
    wotrus_order_set(order, "month", "12");
    return order;
}

/* Creates an order with this idempotenceID, and stores its id in `id`. */
static void create_order(const wotrus_client *client, const char *key, char id[64])
{
    char json[1024];
    wotrus_reply *reply;
    sprintf(json,
            "{\"orderinfoPost\":{\"productID\":\"76ECE651-B59E-48F2-A47B-135614AADAD9\","
            "\"commonName\":\"WoTrus\",\"month\":12,\"idempotenceID\":\"%s\"},"
            "\"organizationPost\":{\"OrgName\":\"WoTrus\",\"countryCode\":\"CN\"}}",
            key);
    reply = wotrus_call(client, "create_order", json, strlen(json));
    if (wotrus_reply_status(reply) != WOTRUS_OK)
        fprintf(stderr, "%s\n", wotrus_reply_message(reply));
    EXPECT(wotrus_reply_status(reply) == WOTRUS_OK);
    EXPECT(strlen(wotrus_reply_order_id(reply)) < 64);
    strcpy(id, wotrus_reply_order_id(reply));
    wotrus_reply_free(reply);
}

/* Queries an order. Whether the reply is a success and about this order. */
static int query_succeeds(const wotrus_client *client, const char *id)
{
    wotrus_reply *reply = wotrus_query_order(client, id);
    int ok = wotrus_reply_status(reply) == WOTRUS_OK && same(wotrus_reply_order_id(reply), id) &&
             same(wotrus_reply_get(reply, "id"), id);
    if (!ok)
        fprintf(stderr, "%s: %s\n", id, wotrus_reply_message(reply));
    wotrus_reply_free(reply);
    return ok;
}

static int entries(const char *folder)
{
    DIR *dir = opendir(folder);
    int count = 0;
    EXPECT(dir != NULL);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

#endif
