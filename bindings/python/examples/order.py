"""The life cycle of an order: create, query, wait, fetch, notify, reissue, cancel, revoke.

  WOTRUS_TOKEN=tk_... python3 order.py example.csr licence.pdf fullchain.pem

The library reads no environment variables. This program reads WOTRUS_TOKEN, WOTRUS_BASE_URL and WOTRUS_CA_FILE;
"wotrus sandbox" prints values to try it free of charge.
"""
import os
import sys
import time

import wotrus


def connect():
    return wotrus.Client(
        token=os.environ["WOTRUS_TOKEN"],
        base_url=os.environ.get("WOTRUS_BASE_URL"),
        ca_file=os.environ.get("WOTRUS_CA_FILE"))


def run(client, csr, licence, full_chain):
    order = wotrus.Order(
        productID="76ECE651-B59E-48F2-A47B-135614AADAD9", commonName="沃通", OrgName="沃通", countryCode="CN",
        month=12, csR_RSA=csr,
        # With your database key as idempotenceID the order can be sent again safely.
        idempotenceID=f"example-{int(time.time())}")
    order.add_document(wotrus.DocumentType.BUSINESS_LICENCE, licence)
    order_id = client.create_order(order).order_id
    print(f"created: {order_id}")
    print(f"status: {client.query_order(order_id).get('status')}")

    # A manual review takes days: a real system ends here and continues when the push arrives.
    certificate = client.wait_for_certificate(order_id, timeout=60)
    if not certificate.matches_csr(csr):
        sys.exit(f"{order_id}: the certificate is for another key than the CSR")
    with open(full_chain, "w", encoding="ascii") as file:
        file.write(certificate.full_chain())
    print(f"written: {full_chain}")

    client.notify_by_email(order_id, "https://example.com/collect")
    reissued = client.reissue_certificate(wotrus.Reissue(
        orderID=order_id, csr=csr, reason="new server",
        # Each reissue of an order has its own.
        idempotenceID=f"reissue-1-{order_id}"))
    # Cancels the new order before it is issued, and revokes the first certificate.
    client.cancel_order(reissued.order_id, "a mistake")
    client.revoke_certificate(order_id, "no longer used", proof=licence)
    print("reissued, cancelled, revoked")


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: order.py CSR LICENCE FULLCHAIN")
    with open(sys.argv[1], encoding="ascii") as file:
        csr = file.read()
    try:
        with connect() as client:
            run(client, csr, *sys.argv[2:])
    except wotrus.WotrusError as error:
        # Delivery tells whether the order may exist. Give the RequestID to the service's support.
        sys.exit(f"{error} ({error.kind}, {error.cause}, delivery {error.delivery}, RequestID {error.request_id})")
    except wotrus.Interrupted as interrupted:
        sys.exit(f"interrupted: {interrupted}")


if __name__ == "__main__":
    main()
