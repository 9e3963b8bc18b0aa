// wotrus.hpp: every method, copies, exceptions.
#include <cstdlib>
#include <iostream>
#include <vector>

#include <unistd.h>

#include "wotrus.hpp"

#define EXPECT(what) ((what) ? (void)0 : (void)(std::cerr << __FILE__ << ':' << __LINE__ << ": failed: " #what "\n", std::exit(1)))

static std::string environment(const char *name) { return wotrus::text(std::getenv(name)); }

static int count(void *user, const char *, size_t)
{
    ++*static_cast<int *>(user);
    return 0;
}

static wotrus::Client client_of(int *events)
{
    wotrus::Config config;
    config.set("token", environment("WOTRUS_TOKEN")).set("base_url", environment("WOTRUS_BASE_URL"));
    config.set("ca_file", environment("WOTRUS_CA_FILE")).callback(count, events);
    return wotrus::Client(config);
}

static void exceptions(const wotrus::Client &client)
{
    const wotrus::Reply refused = client.query_order("no-such-order"); // throws only in check()
    EXPECT(!refused.ok() && refused.order_id().empty() && refused.full_chain().empty());
    try {
        refused.check();
        EXPECT(!"no exception");
    } catch (const wotrus::Error &error) {
        EXPECT(error.status == WOTRUS_REFUSED && error.kind == "refused" && error.delivery == "answered");
        EXPECT(error.http_status == 200 && error.attempts == 1 && !error.request_id.empty());
        EXPECT(error.idempotence_id.empty() && error.what() == refused.message());
    }
    try {
        client.query_order(std::string("a\0b", 3));
        EXPECT(!"no exception");
    } catch (const std::invalid_argument &) {
    }
}

static void lifecycle(const wotrus::Client &client)
{
    const wotrus::Document proof("%PDF-1.4", ".pdf");
    wotrus::Order order;
    order.set("productID", "76ECE651-B59E-48F2-A47B-135614AADAD9").set("commonName", "WoTrus");
    order.set("OrgName", "WoTrus").set("month", "12").add(WOTRUS_BUSINESS_LICENCE, proof);
    const std::string id = client.create_order(order).check().order_id();
    EXPECT(client.wait_for_certificate(id, 60000).check().full_chain().find("BEGIN CERTIFICATE") == 5);
    EXPECT(client.query_order(id).check().field("status") == "issued");
    EXPECT(!client.retrieve_certificate(id).check().pem("RSA").empty());
    EXPECT(client.notify_by_email(id, "https://example.com").ok());
    EXPECT(client.cancel_order(id, "too late").status() == WOTRUS_REFUSED);
    EXPECT(client.reissue_certificate(wotrus::Reissue().set("orderID", id).proof(proof)).status() == WOTRUS_ARGUMENT);
    EXPECT(client.revoke_certificate(id, "no longer used", proof).ok());
    EXPECT(client.call("query_order", "{\"orderID\":\"" + id + "\"}").check().order_id() == id);
    EXPECT(client.call("GET /v1/Order/" + id).check().json().find(id) != std::string::npos);
}

int main()
{
    int events = 0;
    wotrus::Client client = client_of(&events);
    exceptions(client);
    lifecycle(client);
    EXPECT(events > 0);

    std::vector<wotrus::Client> clients(3, client);
    client = client.with(wotrus::Config().set("request_id", "42"));
    clients.push_back(client);
    clients.erase(clients.begin());
    EXPECT(clients.back().call("GET /v1/Order/none").status() == WOTRUS_REFUSED);
    clients.back().cancel();
    const wotrus::Reply push = wotrus::read_push("{\"dataAction\":\"order\",\"orderID\":\"X-1\"}");
    const wotrus::Reply copy(push);
    EXPECT(copy.check().order_id() == "X-1" && copy.get() == push.get());
    return 0;
}
