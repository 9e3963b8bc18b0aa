"""The sandbox with clients of other projects: curl, requests and OpenSSL."""

import json
import pathlib
import signal
import subprocess
import tempfile
import time

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from service import COMMAND, Hook, ask, order, sandbox

FAULTS = [
    "status=503,retry_after=1,request_id=busy,count=1",
    "status=503,retry_after_date=2,request_id=later,count=1",
    "reset,when=after,request_id=lost,count=1",
    "reset,request_id=never,count=1",
    "cut=250,request_id=cut,count=1",
    "json=broken,request_id=broken,count=1",
    "html,request_id=html,count=1",
    "slow=2000,request_id=slow,count=1",
    "hang,request_id=hang,count=1",
    "stale,request_id=stale,count=1",
    "expectation_failed,request_id=expect",
    "problem=400,request_id=problem,count=1",
    "status=503,when=after,request_id=gateway,count=1",
]


def run(*command, fails=None, given=None):
    """Runs a program, which must succeed or end with the status `fails`, and returns its output."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == (fails or 0), (command, done.returncode, done.stdout, done.stderr)
    return done.stdout


def main():
    with tempfile.TemporaryDirectory() as folder, Hook() as hook:
        folder = pathlib.Path(folder)
        faults = [flag for spec in FAULTS for flag in ("--fault", spec)]
        with sandbox("--delay", "0", "--push-url", hook.url, *faults) as service:
            curl(service, hook, folder)
            with_requests(service)
            openssl(service, folder)
        kill(folder)


def curl(service, hook, folder):
    body = folder / "order.json"
    body.write_text(json.dumps(order(idempotenceID="curl-1")))
    headers = ["-H", "WoTrusToken: " + service["token"], "-H", "Content-Type: application/json"]
    quiet = ["curl", "-sS", "--max-time", "30", "--noproxy", "*"]
    create = [*headers, "-d", "@%s" % body, service["http_url"] + "/v1/Order/Create"]
    answer = json.loads(run(*quiet, *create))
    order_id = answer["data"]["orderID"]
    assert hook.next()["orderID"] == order_id
    secure = ["--cacert", service["tls_ca_file"]]
    for url in (service["https_url"], service["https_url"].replace("localhost", "127.0.0.1")):
        seen = json.loads(run(*quiet, *secure, *headers, "%s/v1/Order/%s" % (url, order_id)))
        assert seen["data"]["status"] == "issued"
    run(*quiet, service["https_url"], fails=60)

    # The order is created and the response lost: curl sees a reset, and the same idempotenceID finds the order.
    body.write_text(json.dumps(order(idempotenceID="curl-2")))
    run(*quiet, "-H", "RequestID: lost-1", *create, fails=56)
    lost = hook.next()["orderID"]
    assert json.loads(run(*quiet, *create))["data"]["orderID"] == lost
    run(*quiet, "-H", "RequestID: never-1", *create, fails=56)
    run(*quiet, "-H", "RequestID: cut-1", *create, fails=18)
    run(*quiet, "--max-time", "1", "-H", "RequestID: hang-1", *create, fails=28)
    assert json.loads(run(*quiet, "-H", "RequestID: slow-1", *create))["data"]["orderID"] == lost
    # curl waits as long as Retry-After says.
    begun = time.monotonic()
    again = run(*quiet, "--retry", "1", "-f", "-H", "RequestID: busy-1", *create)
    assert lost in again and time.monotonic() - begun >= 1

    # A gateway that answers 503 after the work: curl fails, and the order exists.
    body.write_text(json.dumps(order(idempotenceID="curl-3")))
    run(*quiet, "-f", "-H", "RequestID: gateway-1", *create, fails=22)
    behind = hook.next()["orderID"]
    assert json.loads(run(*quiet, *create))["data"]["orderID"] == behind

    # curl sends Expect with a large body. This fault answers it with 417, and leaves requests without the header alone.
    document = {"documentType": 2, "fileType": ".pdf", "fileContent": "JVBERi0x" * 200_000}
    body.write_text(json.dumps({**order(idempotenceID="curl-4"), "documentsPost": [document]}))
    assert run(*quiet, "-o", "/dev/null", "-w", "%{http_code}", "-H", "RequestID: expect-1", *create) == "417"
    answer = json.loads(run(*quiet, "-H", "Expect:", "-H", "RequestID: expect-2", *create))
    assert answer["data"]["orderID"] == hook.next()["orderID"]
    problem = json.loads(run(*quiet, "-H", "RequestID: problem-1", *create))
    assert problem["status"] == 400 and problem["errors"]

    # Without the token the response comes before the body: curl has not sent it.
    large = folder / "large"
    large.write_bytes(b" " * 50_000_000)
    code = ["-o", "/dev/null", "-w", "%{http_code} %{size_upload}", "-H", "Expect: 100-continue"]
    upload = ["-H", "Content-Type: application/json", "--data-binary", "@%s" % large, service["http_url"] + "/v1/Order/Create"]
    assert run(*quiet, *code, *upload).split() == ["401", "0"]

    manage = service["management_url"] + "/api/"
    assert json.loads(run(*quiet, manage + "orders"))["total"] == 4
    faults = json.loads(run(*quiet, manage + "faults"))["faults"]
    assert [fault["struck"] for fault in faults if "expectation_failed" in fault["spec"]] == [1], faults
    run(*quiet, "-f", "-X", "POST", "-d", '{"forward": 60}', *headers[2:], manage + "clock")
    run(*quiet, "-f", "-H", "Origin: http://evil.example", "-X", "POST", manage + "reset", fails=22)
    run(*quiet, "-f", "-H", "Host: evil.example", manage + "orders", fails=22)
    assert json.loads(run(*quiet, manage + "status"))["ahead"] == 60


def with_requests(service):
    session = requests.Session()
    session.trust_env = False
    session.verify = service["tls_ca_file"]
    session.headers["WoTrusToken"] = service["token"]
    url = service["https_url"]

    def create(request_id=None, **changes):
        headers = {"RequestID": request_id} if request_id else {}
        return session.post(url + "/v1/Order/Create", json=order(**changes), headers=headers, timeout=30)

    answer = create(commonName="Requests")
    order_id = answer.json()["data"]["orderID"]
    seen = session.get("%s/v1/Order/%s" % (url, order_id), timeout=30).json()["data"]
    assert (seen["cn"], seen["status"]) == ("Requests", "issued")
    for request_id in ("broken-1", "html-1"):
        answer = create(request_id)
        assert answer.status_code == 200
        try:
            answer.json()
            raise AssertionError(request_id)
        except requests.exceptions.JSONDecodeError:
            pass

    # The pool of requests reuses a connection that the server has closed.
    assert create("stale-1").status_code == 200
    try:
        create()
        raise AssertionError("a stale connection was used")
    except requests.exceptions.ConnectionError:
        pass

    retry = Retry(total=2, allowed_methods=None, status_forcelist=[503], respect_retry_after_header=True)
    session.mount("https://", HTTPAdapter(max_retries=retry))
    begun = time.monotonic()
    assert create("later-1").json()["isSuccess"] is True
    assert time.monotonic() - begun >= 0.9


def openssl(service, folder):
    address = service["https_url"].replace("https://", "")
    for version in ("-tls1_2", "-tls1_3"):
        request = "GET /v1/Order/1 HTTP/1.1\r\nHost: %s\r\nWoTrusToken: %s\r\nConnection: close\r\n\r\n"
        output = run(
            *["openssl", "s_client", "-connect", address, version, "-servername", "localhost", "-ign_eof"],
            *["-CAfile", service["tls_ca_file"], "-verify_return_error", "-verify_hostname", "localhost"],
            given=request % (address, service["token"]),
        )
        assert "Verify return code: 0 (ok)" in output and "HTTP/1.1 200 OK" in output, output

    sm2(service, folder)
    host_names(service, folder)

    # A certificate is valid until the revocation list has it.
    headers = {"WoTrusToken": service["token"]}
    _, created = ask(service["http_url"] + "/v1/Order/Create", "POST", order(), headers)
    order_id = created["data"]["orderID"]
    manage = service["management_url"] + "/api/"
    leaf, ca, crl = (folder / name for name in ("leaf.pem", "ca.pem", "crl.pem"))
    leaf.write_text(ask(manage + "orders/" + order_id)[1]["certificate"]["pem"])
    ca.write_text(requests.get(manage + "ca.pem", timeout=30).text)
    verify = ["openssl", "verify", "-crl_check", "-CAfile", str(ca), "-CRLfile", str(crl), str(leaf)]
    crl.write_text(requests.get(manage + "crl.pem", timeout=30).text)
    run(*verify)
    revocation = {"orderID": order_id, "reason": "x", "fileType": ".jpg", "fileContent": "AAAA"}
    ask(service["http_url"] + "/v1/Certificate/RevokeRequest", "POST", revocation, headers)
    crl.write_text(requests.get(manage + "crl.pem", timeout=30).text)
    done = subprocess.run(verify, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "certificate revoked" in done.stderr, done
    (folder / "crl.der").write_bytes(requests.get(manage + "crl.der", timeout=30).content)
    text = run("openssl", "crl", "-inform", "DER", "-in", str(folder / "crl.der"), "-noout", "-text")
    assert text.count("Serial Number") == 1


def sm2(service, folder):
    """OpenSSL creates the keys and requests, and verifies the certificates."""
    requests_of = {}
    for name in ("sign", "encrypt"):
        key, csr = folder / (name + ".key"), folder / (name + ".csr")
        run("openssl", "ecparam", "-genkey", "-name", "SM2", "-noout", "-out", str(key))
        run("openssl", "req", "-new", "-sm3", "-key", str(key), "-subj", "/CN=" + name, "-out", str(csr))
        requests_of[name] = csr
    body = order(
        productID="B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F03",
        commonName="sm2.example.cn",
        Csr_Sign=requests_of["sign"].read_text(),
        Csr_Encrypt=requests_of["encrypt"].read_text(),
    )
    headers = {"WoTrusToken": service["token"]}
    _, created = ask(service["http_url"] + "/v1/Order/Create", "POST", body, headers)
    retrieve = "/v1/Certificate/RetrievePem?orderID=" + created["data"]["orderID"]
    data = ask(service["http_url"] + retrieve, headers=headers)[1]["data"]
    root, intermediate = (folder / name for name in ("sm2-root.pem", "sm2-intermediate.pem"))
    root.write_text(data["chains_Sign"][0])
    intermediate.write_text(data["chains_Sign"][1])
    # OpenSSL applies distid to the first certificate only, so each link is verified by itself.
    verify = ["openssl", "verify", "-vfyopt", "distid:1234567812345678", "-partial_chain", "-CAfile"]
    run(*verify, str(root), str(intermediate))
    for name, field in (("sign", "pem_Sign"), ("encrypt", "pem_Encrypt")):
        leaf = folder / (name + ".pem")
        leaf.write_text(data[field])
        run(*verify, str(intermediate), str(leaf))
        key = run("openssl", "x509", "-in", str(leaf), "-noout", "-pubkey")
        assert key == run("openssl", "req", "-in", str(requests_of[name]), "-noout", "-pubkey")


def host_names(service, folder):
    """OpenSSL finds the A-labels of internationalised host names."""
    body = order(
        productID="30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D",
        commonName="例子.中国",
        Hosts="*.例子.中国 bücher.example 2001:db8::1",
    )
    headers = {"WoTrusToken": service["token"]}
    _, created = ask(service["http_url"] + "/v1/Order/Create", "POST", body, headers)
    retrieve = "/v1/Certificate/RetrievePem?orderID=" + created["data"]["orderID"]
    data = ask(service["http_url"] + retrieve, headers=headers)[1]["data"]
    leaf, ca = folder / "idn.pem", folder / "idn-ca.pem"
    leaf.write_text(data["pem_RSA"])
    ca.write_text("".join(data["chains_RSA"]))
    for name in ("xn--fsqu00a.xn--fiqs8s", "www.xn--fsqu00a.xn--fiqs8s", "xn--bcher-kva.example"):
        run("openssl", "verify", "-CAfile", str(ca), "-verify_hostname", name, str(leaf))
    run("openssl", "verify", "-CAfile", str(ca), "-verify_ip", "2001:db8::1", str(leaf))
    subject = run("openssl", "x509", "-in", str(leaf), "-noout", "-subject")
    assert subject.strip().endswith("CN = xn--fsqu00a.xn--fiqs8s"), subject
    refused = ask(service["http_url"] + "/v1/Order/Create", "POST", order(**{**body["orderinfoPost"], "Hosts": "-a.cn"}), headers)
    assert "Hosts" in refused[1]["errorMsg"], refused


def kill(folder):
    """After a kill the sandbox still has every order that it reported."""
    arguments = [COMMAND, "sandbox", "--delay", "0", "--state", str(folder / "state")]
    before = None
    for _ in range(3):
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        service = json.loads(process.stdout.readline())
        headers = {"WoTrusToken": service["token"]}
        if before:
            order_id, certificate = before
            found = ask(service["management_url"] + "/api/orders/" + order_id)
            assert (found[0], found[1]["certificate"]) == (200, certificate), found
        _, created = ask(service["http_url"] + "/v1/Order/Create", "POST", order(), headers)
        order_id = created["data"]["orderID"]
        before = order_id, ask(service["management_url"] + "/api/orders/" + order_id)[1]["certificate"]
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


main()
print("other clients: passed")
