"""Kills `wotrus sync` at random moments, against a service that fails in many ways, while `wotrus push listen`
puts pushes into the same ledger: every change is in the ledger once, every event is delivered, twice only where
sync was killed before it had noted the first delivery, and every certificate is on disk and whole.

sync_kills.py [--orders N] [--kills N] [--seed N]
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sandbox"))
from service import COMMAND, ROOT, ask, sandbox  # noqa: E402

# Together they strike about 30 % of the calls.
FAULTS = [
    "reset,on=query_order,percent=6",
    "status=500,on=query_order,percent=6",
    "cut=120,on=query_order,percent=6",
    "html,on=query_order,percent=4",
    "ids=other,on=query_order,percent=4",
    "status=429,retry_after=0,on=query_order,percent=4",
    "reset,when=after,on=retrieve_certificate,percent=10",
    "cut=400,on=retrieve_certificate,percent=10",
    "json=broken,on=retrieve_certificate,percent=10",
]
# A short line is written in one piece, also beside another process.
ON_EVENT = """#!/bin/sh
[ -z "${WOTRUS_TOKEN:-}" ] || exit 1
printf '%s\\n' "$WOTRUS_EVENT_ID" >>told
"""

# In seconds. A run on many orders takes longer, but it need not come to its end: the next one begins with the orders
# that were asked for longest ago. Without a bound the time of the test is the product of orders and kills.
MAX_WAIT = 0.8


class Run:
    """One ledger, and the runs of sync on it."""

    def __init__(self, folder, urls, options):
        self.folder, self.urls, self.options = folder, urls, options
        self.random = random.Random(options.seed)
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
            "WOTRUS_TOKEN": urls["token"],
            "WOTRUS_BASE_URL": urls["http_url"],
            "WOTRUS_LEDGER": str(folder / "orders.db"),
            "WOTRUS_RETRIES": "0",
        }
        (folder / "told").touch()
        program = folder / "on-event"
        program.write_text(ON_EVENT)
        program.chmod(0o755)
        # What each killed run has delivered, in its order.
        self.killed = []
        # Kills come within this time in seconds. It follows the time that sync takes, so that about half of them
        # find it running, on a fast machine and on a slow one.
        self.longest_wait = 0.3
        # How many pushes were answered with each status.
        self.pushes = collections.Counter()

    def run(self, *arguments):
        result = subprocess.run([COMMAND, "--json", *arguments], cwd=self.folder, env=self.environment,
                                capture_output=True, timeout=300)
        return result.returncode, result.stdout.decode()

    def create_orders(self):
        shutil.copy(ROOT / "cli/assets/example.csr", self.folder)
        rows = ["idempotenceID,productID,commonName,csr,month,OrgName"]
        rows += [f"order-{number},organization,order {number},example.csr,12,x" for number in range(self.options.orders)]
        (self.folder / "orders.csv").write_text("\n".join(rows))
        code, output = self.run("order", "import", "orders.csv")
        assert code == 0, output

    def query(self, sql):
        """Rows of the ledger, as another program reads it."""
        connection = sqlite3.connect(f"file:{self.folder / 'orders.db'}?mode=ro", uri=True, timeout=10)
        with contextlib.closing(connection):
            return connection.execute(sql).fetchall()

    def at_the_service(self):
        url = self.urls["management_url"] + f"/api/orders?limit={2 * self.options.orders}"
        return {order["order_id"]: order["status"] for order in ask(url)[1]["orders"]}

    @contextlib.contextmanager
    def listener(self):
        """Receives pushes as long as it is open."""
        command = [COMMAND, "--json", "push", "listen", "--listen", "127.0.0.1:0", "--ledger", "orders.db"]
        process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.push_url = json.loads(process.stdout.readline())["listening"]
        # Its output must not fill the pipe.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        try:
            yield
        finally:
            process.terminate()
            assert process.wait(timeout=60) == 0

    def push(self, ids):
        """Pushes that orders are issued. Those that the listener refuses do not matter: sync asks too."""
        for id in ids:
            push = {"dataAction": "order", "orderID": id, "isIssued": True, "isRevoked": False}
            request = urllib.request.Request(self.push_url, json.dumps(push).encode())
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    self.pushes[answer.status] += 1
            except urllib.error.HTTPError as error:
                error.close()
                self.pushes[error.code] += 1

    def change(self):
        """Lets some orders go on, and returns those that are issued now."""
        orders = self.at_the_service()
        waiting = [id for id, status in orders.items() if status.startswith("pending")]
        issued = []
        for id in self.random.sample(waiting, min(len(waiting), self.random.randint(0, 2))):
            action = self.random.choice(["approve", "issue", "issue", "issue", "reject"])
            ask(f"{self.urls['management_url']}/api/orders/{id}/{action}", "POST")
            if action == "issue":
                issued.append(id)
        return issued

    def sync(self):
        return [COMMAND, "--json", "sync", "--rate", "1000", "--output-dir", "certs", "--", "./on-event"]

    def told(self):
        return (self.folder / "told").read_text().splitlines()

    def kill_once(self, issued):
        """Starts sync and kills it after a random time, while pushes come. Returns whether it was killed."""
        before = len(self.told())
        devnull = subprocess.DEVNULL
        process = subprocess.Popen(self.sync(), cwd=self.folder, env=self.environment, stdout=devnull, stderr=devnull)
        pushes = threading.Thread(target=self.push, args=[issued])
        pushes.start()
        time.sleep(self.random.uniform(0, self.longest_wait))
        process.kill()
        was_killed = process.wait() < 0
        self.longest_wait = min(MAX_WAIT, max(0.01, self.longest_wait * (1.1 if was_killed else 0.9)))
        pushes.join()
        # A command that has been started goes on.
        time.sleep(0.1)
        self.killed.append((was_killed, self.told()[before:]))
        return was_killed

    def kill(self):
        killed = 0
        while killed < self.options.kills:
            killed += self.kill_once(self.change())
        return killed

    def finish(self):
        """Lets sync come to its end, with a service that works again."""
        ask(self.urls["management_url"] + "/api/faults", "DELETE")
        before = len(self.told())
        code, output = self.run(*self.sync()[2:])
        assert code == 0, output
        self.killed.append((False, self.told()[before:]))
        summary = json.loads(output.splitlines()[-1])
        assert not summary["problems"] and not summary["given_up"], summary

    def check_events(self):
        """Each order's events lead from nothing to its status, without a gap and without a repetition."""
        rows = self.query("SELECT order_row, type, data FROM events ORDER BY rowid")
        status, certificates = {}, collections.Counter()
        for row, kind, data in rows:
            data = json.loads(data)
            if kind == "status":
                assert data["previous_status"] == status.get(row), (row, data, status.get(row))
                assert data["status"] != data["previous_status"]
                status[row] = data["status"]
            elif kind == "certificate":
                certificates[row] += 1
        service = self.at_the_service()
        for row, id, recorded, fetched in self.query("SELECT id, order_id, status, fetched_at FROM orders"):
            assert recorded == service[id] == status[row], (id, recorded, service[id], status[row])
            expected = 1 if recorded == "issued" else 0
            assert certificates[row] == expected and bool(fetched) == bool(expected), (id, recorded)
        return collections.Counter(service.values())

    def check_deliveries(self):
        """Every event was delivered. An event that was delivered twice was the last one of a killed run."""
        undelivered = self.query("SELECT id FROM events WHERE delivered_at IS NULL")
        assert not undelivered, undelivered
        seen, repeated = set(), 0
        for index, (_, ids) in enumerate(self.killed):
            assert len(set(ids)) == len(ids), "twice in one run"
            for id in ids:
                if id in seen:
                    repeated += 1
                    runs = [run for run in self.killed[:index] if id in run[1]]
                    assert all(was_killed and told[-1] == id for was_killed, told in runs), id
            seen.update(ids)
        assert seen == {id for id, in self.query("SELECT id FROM events")}
        return repeated

    def check_certificates(self):
        """The files are those that `cert fetch` writes, and the ledger has their serial numbers."""
        folders = {path.name for path in (self.folder / "certs").iterdir() if path.is_dir()}
        issued = self.query("SELECT order_id, fetched_to, (SELECT serial FROM certificates WHERE order_row = orders.id)"
                            " FROM orders WHERE status = 'issued'")
        assert folders >= {id for id, _, _ in issued}
        for id, folder, serial in issued:
            code, output = self.run("cert", "fetch", id, "--output-dir", folder)
            files = json.loads(output)["files"]
            assert code == 0 and len(files) == 4 and not any(file["written"] for file in files), output
            _, output = self.run("cert", "inspect", folder + "/leaf.pem")
            assert json.loads(output)["certificates"][0]["serial"] == serial
        assert self.query("PRAGMA integrity_check") == [("ok",)]
        return len(issued)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=120)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"{options.orders} orders, {options.kills} kills, seed {options.seed}", flush=True)
    arguments = ["--seed", str(options.seed), "--delay", "100000"]
    for fault in FAULTS:
        arguments += ["--fault", fault]
    with tempfile.TemporaryDirectory() as folder, sandbox(*arguments) as urls:
        run = Run(pathlib.Path(folder), urls, options)
        run.create_orders()
        started = time.monotonic()
        with run.listener():
            killed = run.kill()
        run.finish()
        statuses = run.check_events()
        repeated = run.check_deliveries()
        certificates = run.check_certificates()
        events, seconds = run.query("SELECT count(*) FROM events")[0][0], time.monotonic() - started
    assert certificates and events > options.orders and run.pushes[200]
    print(f"{killed} kills, {events} events, {repeated} of them delivered twice, {certificates} certificates, "
          f"{dict(statuses)}, pushes answered with {dict(run.pushes)}, {seconds:.0f} s")


if __name__ == "__main__":
    main()
