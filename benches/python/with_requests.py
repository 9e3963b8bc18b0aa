"""requests as its documentation shows it: a session, json= and .json(), a timeout."""

import base64
import os
import sys

import requests

ORDER_ID = "a4a78326-0546-4602-9586-8ee3c05e8068"
INFO = {"productID": "76ECE651-B59E-48F2-A47B-135614AADAD9", "commonName": "沃通电子认证服务有限公司",
        "month": 12, "idempotenceID": "order-4711"}
ORGANIZATION = {"OrgName": "刘大强", "OrgPhone": "18610077459", "OrgEmail": "ldq@wotrus.com",
                "UserFirstName": "大强", "UserLastName": "刘", "UserEmail": "ldq@wotrus.com",
                "UserMobile": "18610077459", "countryCode": "CN"}

base_url = os.environ["BENCH_URL"]
with open(os.environ["BENCH_CSR"], encoding="ascii") as file:
    csr = file.read()
session = requests.Session()
session.headers["WoTrusToken"] = "tk_bench"
session.verify = os.environ["BENCH_CA"]


def data(answer):
    answer.raise_for_status()
    envelope = answer.json()
    if not envelope["isSuccess"]:
        sys.exit(envelope["errorMsg"])
    return envelope["data"]


def query(show):
    order = data(session.get(f"{base_url}/v1/Order/{ORDER_ID}", timeout=30))
    fields = [order["id"], order["cn"], order["org"]["orgName"], order["createTime"], order["status"]]
    if show:
        print(*fields, sep="\n")


def create(show, documents=()):
    order = {"orderinfoPost": {**INFO, "csR_RSA": csr}, "organizationPost": ORGANIZATION,
             "documentsPost": documents}
    created = data(session.post(f"{base_url}/v1/Order/Create", json=order, timeout=30))
    if show:
        print(created["orderID"])


def upload(show):
    with open(os.environ["BENCH_DOCUMENT"], "rb") as file:
        content = base64.b64encode(file.read()).decode()
    create(show, [{"documentType": 2, "fileType": ".pdf", "fileContent": content}])


def fetch(show):
    url = f"{base_url}/v1/Certificate/RetrievePem"
    certificates = data(session.get(url, params={"orderID": ORDER_ID}, timeout=30))
    for name in ("RSA", "Sign", "Encrypt"):
        texts = [certificates[f"pem_{name}"], *certificates[f"chains_{name}"]]
        if show:
            print(*texts, sep="", end="")


work, count = sys.argv[1], int(sys.argv[2])
if work == "idle":
    query(True)
    sys.stdout.flush()
    sys.stdin.read()
else:
    for left in reversed(range(count)):
        {"query": query, "create": create, "upload": upload, "fetch": fetch}[work](left == 0)
