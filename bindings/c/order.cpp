// An order from C++98: creates it, waits for the certificate, and prints its chain.
//
//   WOTRUS_TOKEN=tk_... ./order-cpp example.csr licence.pdf > fullchain.pem
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "wotrus.hpp"

static std::string environment(const char *name)
{
    return wotrus::text(std::getenv(name));
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::cerr << "usage: order-cpp CSR LICENCE\n";
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    if (!file) {
        std::cerr << argv[1] << ": cannot be read\n";
        return 2;
    }
    const std::string csr((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());

    wotrus::Config config;
    config.set("token", environment("WOTRUS_TOKEN"));
    config.set("ca_file", environment("WOTRUS_CA_FILE"));
    if (!environment("WOTRUS_BASE_URL").empty())
        config.set("base_url", environment("WOTRUS_BASE_URL"));
    const wotrus::Client client(config);

    try {
        wotrus::Order order;
        order.set("productID", "76ECE651-B59E-48F2-A47B-135614AADAD9")
            .set("commonName", "WoTrus")
            .set("OrgName", "WoTrus")
            .set("csR_RSA", csr)
            .set("month", "12")
            .set("idempotenceID", "order-4712") // your database key
            .add(WOTRUS_BUSINESS_LICENCE, wotrus::Document(argv[2]));
        const std::string id = client.create_order(order).check().order_id();
        const wotrus::Reply issued = client.wait_for_certificate(id, 60 * 1000);
        issued.check();
        if (!issued.matches_csr(csr))
            throw std::runtime_error("the certificate is for another key");
        std::cout << issued.full_chain();
    } catch (const wotrus::Error &error) {
        std::cerr << error.what() << " (" << error.kind << ", delivery " << error.delivery << ")\n";
        return 1;
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
