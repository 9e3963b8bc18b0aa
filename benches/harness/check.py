"""Checks that every program reads the same values and sends the same requests."""

import base64
import hashlib
import json

from service import ROOT


def differ(peer, work, expected, found):
    raise SystemExit(f"{peer.name} differs in {work}:\nexpected {expected!r:.600}\nfound    {found!r:.600}")


def expected_fields():
    data = json.loads((ROOT / "tests/fixtures/query_response.json").read_text("utf-8"))["data"]
    fields = [data["id"], data["cn"], data["org"]["orgName"], data["createTime"], data["status"]]
    return "".join(field + "\n" for field in fields)


def expected_certificates():
    data = json.loads((ROOT / "benches/fixtures/certificates.json").read_text("utf-8"))["data"]
    texts = []
    for name in ("RSA", "Sign", "Encrypt"):
        texts += [data[f"pem_{name}"], *data[f"chains_{name}"]]
    return "".join(texts)


def expected_chain():
    """The file for a server. The fixture's chain runs from the root down."""
    data = json.loads((ROOT / "benches/fixtures/certificates.json").read_text("utf-8"))["data"]
    return "".join([data["pem_RSA"], *reversed(data["chains_RSA"][1:])])


def expected_order():
    """The order of the document's example without its empty fields, with an idempotenceID."""
    order = json.loads((ROOT / "tests/fixtures/create_request.json").read_text("utf-8"))
    order["orderinfoPost"]["idempotenceID"] = "order-4711"
    order["orderinfoPost"]["csR_RSA"] = (ROOT / "tests/fixtures/example.csr").read_text("ascii")
    return tidy(order)


def tidy(order):
    """Removes empty and null fields, and the white space around texts."""
    for part in ("orderinfoPost", "organizationPost"):
        fields = {name: value.strip() if isinstance(value, str) else value
                  for name, value in order[part].items()}
        order[part] = {name: value for name, value in fields.items() if value not in ("", None)}
    return order


def check(measure, peers):
    """Checks every program. Returns the expected output of each task."""
    service = measure.service
    created = json.loads((ROOT / "tests/fixtures/create_response.json").read_text("utf-8"))
    order_id = created["data"]["orderID"] + "\n"
    prints = {"query": expected_fields(), "create": order_id, "upload": order_id,
              "fetch": expected_certificates()}
    digest = hashlib.sha256(service.document.read_bytes()).hexdigest()
    chain = {"chain": expected_chain()}
    for peer in peers:
        works = {**prints, **(chain if peer.php else {})}
        for work, expected in works.items():
            for server in ("sent", "https"):
                found = measure.output(peer, work, 1, server)
                if found != expected:
                    differ(peer, work, expected, found)
        bodies = [sent["body"] for sent in service.sent(len(works)) if sent["uri"].endswith("/Create")]
        check_sent(peer, bodies, digest)
        print(f"  {peer.name}: ok", flush=True)
    return {**prints, **chain}


def check_sent(peer, bodies, digest):
    small, large = (tidy(json.loads(body)) for body in bodies)
    if small != expected_order():
        differ(peer, "the order it sends", expected_order(), small)
    (document,) = large["documentsPost"]
    content = base64.b64decode(document.pop("fileContent"), validate=True)
    if hashlib.sha256(content).hexdigest() != digest:
        raise SystemExit(f"{peer.name} sends another document")
    if document != {"documentType": 2, "fileType": ".pdf"}:
        differ(peer, "the document it sends", "a PDF", document)
