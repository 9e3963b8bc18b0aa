"""Watches the system calls of `wotrus order create` and `cert reissue`: what is recorded of the order is synced to
disk before the first byte of the request is sent. Also reads the ledger with sqlite3, as docs/ledger.md shows."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from kills import COMMAND, ROOT, ask, sandbox


def traced(folder, urls, *arguments):
    """Runs a command under strace, and returns the lines of its system calls in order, and the id of its order."""
    trace = folder / "trace"
    environment = {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C",
        "WOTRUS_TOKEN": urls["token"],
        # Without TLS, so that the request can be recognised.
        "WOTRUS_BASE_URL": urls["http_url"],
    }
    command = [COMMAND, "--json", *arguments, "--ledger", "orders.db"]
    calls = "trace=pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync"
    strace = ["strace", "-f", "-yy", "-s", "20000", "-e", calls, "-o", str(trace)]
    done = subprocess.run([*strace, *command], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return trace.read_text().splitlines(), json.loads(done.stdout)["order_id"]


def check_order(calls, path, idempotence_id):
    post = next(i for i, call in enumerate(calls) if f"POST {path}" in call)
    assert re.search(r"(write|sendto|sendmsg|writev)\(\d+<TCP", calls[post]), calls[post][:200]
    before = calls[:post]
    of_log = [i for i, call in enumerate(before) if "orders.db-wal>" in call]
    writes = [i for i in of_log if "pwrite64(" in before[i]]
    syncs = [i for i in of_log if re.search(r"f(data)?sync\(", before[i])]
    assert any(idempotence_id in before[i] for i in writes), "the order is not written"
    assert syncs and syncs[-1] > writes[-1], "the last write before the request is not synced"
    after = [i for i, call in enumerate(calls) if i > post and "orders.db-wal>" in call and "sync(" in call]
    assert after, "the outcome is not synced"


def main():
    with tempfile.TemporaryDirectory() as folder, sandbox() as urls:
        folder = pathlib.Path(folder)
        body = json.loads((ROOT / "tests/fixtures/create_request.json").read_text())
        body["orderinfoPost"]["idempotenceID"] = "order-1"
        (folder / "order.json").write_text(json.dumps(body))
        calls, order_id = traced(folder, urls, "order", "create", "--from", "order.json")
        check_order(calls, "/v1/Order/Create", "order-1")
        query = "SELECT idempotence_id, state, order_id FROM orders"
        shell = [shutil.which("sqlite3"), "-readonly", str(folder / "orders.db"), query]
        found = subprocess.run(shell, capture_output=True, text=True, check=True).stdout.strip()
        assert found == f"order-1|created|{order_id}", found

        ask(f"{urls['management_url']}/api/orders/{order_id}/issue", "POST")
        shutil.copy(ROOT / "cli/assets/example.csr", folder)
        reissue = ["cert", "reissue", order_id, "--csr", "example.csr", "--reason", "x", "--idempotence-id", "reissue-1"]
        calls, _ = traced(folder, urls, *reissue)
        check_order(calls, "/v1/Certificate/ReissueRequest", "reissue-1")
    print("orders and reissues are synced before their requests, and the outcomes after them")


if __name__ == "__main__":
    main()
