"""`wotrus sandbox` as a process, requests to it, and a receiver of pushes, with the standard library only."""

import contextlib
import http.server
import json
import os
import pathlib
import queue
import subprocess
import threading
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMAND = os.environ["WOTRUS"]


@contextlib.contextmanager
def sandbox(*arguments):
    """Runs `wotrus sandbox`, and returns the values of its first line."""
    process = subprocess.Popen([COMMAND, "sandbox", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def order(**changes):
    """The document's example order."""
    body = json.loads((ROOT / "tests/fixtures/create_request.json").read_text())
    body["orderinfoPost"].update(changes)
    return body


def ask(url, method="GET", body=None, headers=None):
    """Sends one request, and returns its status and JSON."""
    data = None if body is None else json.dumps(body).encode()
    headers = {**({"Content-Type": "application/json"} if data else {}), **(headers or {})}
    request = urllib.request.Request(url, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class Server:
    """An HTTP server on loopback in a thread: `reply(path, body)` returns status, type and body."""

    def __init__(self, reply):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, kind, text = reply(self.path, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Hook(Server):
    """A receiver of pushes."""

    def __init__(self, *statuses):
        self.seen = queue.Queue()
        left = list(statuses)

        def reply(_, body):
            self.seen.put(json.loads(body))
            return (left.pop(0) if left else 200), "text/plain", b""

        super().__init__(reply)

    def next(self):
        return self.seen.get(timeout=60)
