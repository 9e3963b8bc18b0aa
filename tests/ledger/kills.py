"""Kills `wotrus order import` and `order resume` at random moments, against a service that fails in many
ways, and compares the ledger with the service: every order exists exactly once.

kills.py [--orders N] [--kills N] [--policy same|refuse] [--seed N]
"""

import argparse
import collections
import contextlib
import csv
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sandbox"))
from service import COMMAND, ROOT, ask, sandbox  # noqa: E402

# Together they strike about 30 % of the calls. Of the calls that create an order, half do it before the failure.
FAULTS = [
    "reset,on=create_order,percent=6",
    "reset,when=after,on=create_order,percent=7",
    "status=500,on=create_order,percent=3",
    "status=503,when=after,on=create_order,percent=5",
    "cut=120,on=create_order,percent=5",
    "html,when=after,on=create_order,percent=4",
    "status=429,retry_after=0,on=create_order,percent=3",
]
JOBS = 4


class Run:
    """One import that is killed again and again."""

    def __init__(self, folder, urls, options):
        self.folder, self.urls, self.options = folder, urls, options
        self.random = random.Random(options.seed)
        # How many kills came after an attempt of the killed command.
        self.while_sending = 0
        self.ledger = folder / "orders.db"
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
            "WOTRUS_TOKEN": urls["token"],
            "WOTRUS_BASE_URL": urls["http_url"],
            "WOTRUS_LEDGER": str(self.ledger),
            "WOTRUS_TIMEOUT": "20",
        }

    def write_orders(self):
        shutil.copy(ROOT / "cli/assets/example.csr", self.folder)
        shutil.copy(ROOT / "cli/assets/licence.pdf", self.folder)
        with open(self.folder / "orders.csv", "w", newline="", encoding="gb18030") as file:
            rows = csv.writer(file)
            rows.writerow("idempotenceID productID commonName csr month OrgName UserMobile licence".split())
            for number in range(self.options.orders):
                common = ["organization", f"订单 {number}", "example.csr", "12", "沃通", "13800000000", "licence.pdf"]
                rows.writerow([f"order-{number}", *common])

    def command(self, *arguments):
        return [COMMAND, "--json", "order", *arguments]

    def import_command(self):
        return self.command("import", "orders.csv", "--charset", "gb18030", "--jobs", str(JOBS))

    def start(self, command):
        devnull = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=devnull, stderr=devnull)

    def query(self, sql):
        """Rows of the ledger, as another program reads it while the command works."""
        connection = sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True, timeout=10)
        with contextlib.closing(connection):
            return connection.execute(sql).fetchall()

    def attempts(self):
        try:
            return self.query("SELECT count(*) FROM attempts")[0][0]
        except sqlite3.OperationalError:
            return 0

    def left(self):
        """How many orders are still to be sent, as far as the ledger knows. A service that refuses a repeated
        idempotenceID has made most of those that are unknown."""
        done = "('created')" if self.options.policy == "same" else "('created', 'unknown')"
        try:
            return self.options.orders - self.query(f"SELECT count(*) FROM orders WHERE state IN {done}")[0][0]
        except sqlite3.OperationalError:
            return self.options.orders

    def kill_once(self, kills_left):
        """Starts a command and kills it after a random number of attempts and a random time. Returns whether
        it was killed: a resume without an open order ends by itself."""
        left, before = self.left(), self.attempts()
        process = self.start(self.command("resume") if self.random.random() < 0.25 else self.import_command())
        # As many attempts for each kill as leave work for all of them; an order takes 1.4 attempts.
        wait_for = self.random.uniform(0, 2 * 1.4 * left / max(kills_left, 1))
        pause = self.random.uniform(0, 0.04)
        end = time.monotonic() + 60
        try:
            while process.poll() is None and self.attempts() - before < wait_for:
                assert time.monotonic() < end, "nothing goes on"
                time.sleep(0.004)
            time.sleep(pause)
        finally:
            process.kill()
        was_killed = process.wait() < 0
        self.while_sending += was_killed and self.attempts() > before
        return was_killed

    def kill(self):
        killed = 0
        while killed < self.options.kills:
            killed += self.kill_once(self.options.kills - killed)
        return killed

    def finish(self):
        """Lets the import come to its end, with a service that works again."""
        ask(self.urls["management_url"] + "/api/faults", "DELETE")
        for command in (self.command("resume"), self.import_command()):
            process = self.start(command)
            code = process.wait(timeout=300)
        return code

    def at_the_service(self):
        url = self.urls["management_url"] + f"/api/orders?limit={4 * self.options.orders}"
        orders = collections.defaultdict(list)
        for order in ask(url)[1]["orders"]:
            orders[order["common_name"]].append(order["order_id"])
        return orders

    def compare(self):
        """The ledger and the service must agree. Returns how many orders there are in each state."""
        service = self.at_the_service()
        twice = {name: ids for name, ids in service.items() if len(ids) > 1}
        assert not twice, f"created twice: {twice}"
        rows = self.query("SELECT common_name, state, order_id, reason FROM orders")
        assert len(rows) == self.options.orders, len(rows)
        for name, state, order_id, reason in rows:
            if state == "created":
                assert service[name] == [order_id], (name, order_id, service[name])
            else:
                assert state == "unknown" and reason, (name, state, reason)
        # Every order of the service is in the ledger, and every request is one of its attempts.
        assert len(service) == self.options.orders, len(service)
        recorded = {request_id for request_id, in self.query("SELECT request_id FROM attempts")}
        journal = ask(self.urls["management_url"] + "/api/journal?limit=1000000")[1]["journal"]
        posted = {entry["request_id"] for entry in journal if entry["path"] == "/v1/Order/Create"}
        assert posted and posted <= recorded, posted - recorded
        return collections.Counter(state for _, state, _, _ in rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=300)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--policy", choices=["same", "refuse"], default="same")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"{options.orders} orders, {options.kills} kills, policy {options.policy}, seed {options.seed}", flush=True)
    arguments = ["--policy", f"idempotence={options.policy}", "--seed", str(options.seed)]
    for fault in FAULTS:
        arguments += ["--fault", fault]
    with tempfile.TemporaryDirectory() as folder, sandbox(*arguments) as urls:
        run = Run(pathlib.Path(folder), urls, options)
        run.write_orders()
        started = time.monotonic()
        killed = run.kill()
        open_orders = run.query("SELECT count(*) FROM orders WHERE state IN ('sending', 'unknown')")[0][0]
        code = run.finish()
        states = run.compare()
        if options.policy == "same":
            assert code == 0 and states == {"created": options.orders}, (code, states)
        else:
            assert code == (6 if states["unknown"] else 0), (code, states)
        assert not [path for path in pathlib.Path(folder).iterdir() if "-run-" in path.name]
        # Kills at the start of a command show little.
        assert run.while_sending > killed / 2, f"{run.while_sending} of {killed} kills came while orders were sent"
        attempts, seconds = run.attempts(), time.monotonic() - started
    print(f"{killed} kills, {run.while_sending} while orders were sent, {attempts} attempts, {open_orders} open at the "
          f"end, {dict(states)}, {seconds:.0f} s")


if __name__ == "__main__":
    main()
