"""nginx that serves the examples of the service's document over http and https, with a CA for this run."""

import json
import os
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "target/bench"
SYSTEM_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
ORDER_ID = "a4a78326-0546-4602-9586-8ee3c05e8068"
DOCUMENT_SIZE = 20 * 1024 * 1024

CONFIG = """
user {user};
worker_processes 2;
daemon off;
pid {out}/nginx.pid;
error_log {out}/nginx.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    # Bodies stay in memory; the log of the third server has them.
    client_max_body_size 64m;
    client_body_buffer_size 64m;
    client_body_in_single_buffer on;
    log_format sent escape=json '{{"uri":"$request_uri","body":"$request_body"}}';
    keepalive_timeout 300;
    keepalive_requests 100000000;
    tcp_nodelay on;
    open_file_cache max=16;
    default_type application/json;
    client_body_temp_path {out}/nginx-body;
    proxy_temp_path {out}/nginx-proxy;
    fastcgi_temp_path {out}/nginx-fastcgi;
    uwsgi_temp_path {out}/nginx-uwsgi;
    scgi_temp_path {out}/nginx-scgi;
    map $http_wotrustoken $refused {{ default 1; tk_bench 0; }}
    upstream inner {{ server unix:{out}/inner.sock; keepalive 8; keepalive_requests 100000000; }}
    server {{ listen unix:{out}/inner.sock; root {www}; }}
{servers}
}}
"""

SERVER = """
    server {{
        listen {listen};
        {extra}
        root {www};
        if ($refused) {{ return 401; }}
        location /v1/Order/ {{ try_files /order.json =404; }}
        location = /v1/Certificate/RetrievePem {{ try_files /certificates.json =404; }}
        # The proxy makes nginx read the whole body before it answers, as a service does.
        location = /v1/Order/Create {{
            proxy_pass http://inner/created.json;
            proxy_method GET;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header Expect "";
            proxy_set_header Connection "";
            proxy_http_version 1.1;
        }}
    }}
"""


def openssl(*arguments, text=None):
    subprocess.run(["openssl", *map(str, arguments)], check=True, input=text, text=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def compact(path):
    """JSON without white space, as a service sends it."""
    value = json.loads((ROOT / path).read_text(encoding="utf-8"))
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Service:
    """A context manager: the service runs inside the `with` block."""

    def __init__(self):
        self.www = OUT / "www"
        self.ca = OUT / "ca.pem"
        self.bundle = OUT / "bundle.pem"
        self.document = OUT / "document.pdf"
        self.log = OUT / "sent.log"
        self.bundle_size = 0
        self.urls = {}
        self.nginx = None

    def __enter__(self):
        self.www.mkdir(parents=True, exist_ok=True)
        (self.www / "order.json").write_text(compact("tests/fixtures/query_response.json"), "utf-8")
        (self.www / "created.json").write_text(compact("tests/fixtures/create_response.json"), "utf-8")
        (self.www / "certificates.json").write_text(
            compact("benches/fixtures/certificates.json"), "utf-8")
        # Every byte value, the same in every run.
        block = bytes(i * 167 % 256 for i in range(65536))
        with open(self.document, "wb") as file:
            for _ in range(DOCUMENT_SIZE // len(block)):
                file.write(block)
        self.make_ca()
        self.start()
        return self

    def __exit__(self, *_):
        self.nginx.terminate()
        self.nginx.wait(10)

    def make_ca(self):
        """Makes a CA and a certificate for localhost, valid for two days, and the system's bundle with the CA added."""
        ca_key, key, request = OUT / "ca.key", OUT / "server.key", OUT / "server.csr"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 2, "-subj", "/CN=bench CA",
                "-keyout", ca_key, "-out", self.ca)
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key,
                "-out", request)
        names = OUT / "names"
        names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial",
                "-days", 2, "-extfile", names, "-out", OUT / "server.pem")
        system = SYSTEM_BUNDLE.read_text()
        self.bundle_size = system.count("BEGIN CERTIFICATE")
        self.bundle.write_text(system + self.ca.read_text())

    def start(self):
        ports = free_ports(3)
        tls = f"ssl_certificate {OUT}/server.pem; ssl_certificate_key {OUT}/server.key;"
        kinds = [("http", "", ""), ("https", " ssl", tls), ("sent", "", f"access_log {self.log} sent;")]
        servers = "".join(
            SERVER.format(listen=f"127.0.0.1:{port}{flag}", extra=extra, www=self.www)
            for port, (_, flag, extra) in zip(ports, kinds))
        user = "root" if os.getuid() == 0 else "nobody"
        config = OUT / "nginx.conf"
        config.write_text(CONFIG.format(out=OUT, www=self.www, servers=servers, user=user))
        self.log.write_text("")
        (OUT / "inner.sock").unlink(missing_ok=True)
        self.nginx = subprocess.Popen(["nginx", "-p", str(OUT), "-c", str(config)],
                                      stderr=subprocess.DEVNULL)
        for port, (name, _, _) in zip(ports, kinds):
            wait_for(lambda: accepts(port), "nginx does not start: see target/bench/nginx.log")
            self.urls[name] = f"{'https' if name == 'https' else 'http'}://localhost:{port}"

    def share(self, cores):
        """Restricts nginx, and all processes started later, to these cores."""
        master = self.nginx.pid
        workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        for process in [0, *map(int, workers)]:
            os.sched_setaffinity(process, cores)

    def sent(self, count):
        """Waits for `count` requests to the logging server, and returns them with their bodies."""
        lines = []

        def there():
            # A line of 28 MB is written in several parts.
            lines[:] = self.log.read_bytes().split(b"\n")[:-1]
            return len(lines) >= count

        wait_for(there, "nginx has logged too little")
        self.log.write_bytes(b"")
        return [json.loads(line) for line in lines]


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def wait_for(condition, otherwise):
    end = time.monotonic() + 20
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(otherwise)
        time.sleep(0.02)
