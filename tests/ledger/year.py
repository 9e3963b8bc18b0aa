"""400 days with a daily `wotrus sync` and `wotrus due`: one notice for each stage of each certificate, and one
order for each renewal, although its answer is lost."""

import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "sandbox"))
from service import COMMAND, ROOT, ask, sandbox  # noqa: E402

DAYS = 400
STAGES = [90, 30, 7, 1, 0]
ON_DUE = """#!/bin/sh
printf '%s\\n' "$WOTRUS_ORDER_ID $WOTRUS_EVENT_STAGE $WOTRUS_EVENT_DAYS_LEFT" >>told
"""


class Year:
    def __init__(self, folder, urls):
        self.folder, self.urls = folder, urls
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
            "WOTRUS_TOKEN": urls["token"],
            "WOTRUS_BASE_URL": urls["http_url"],
            "WOTRUS_LEDGER": str(folder / "orders.db"),
            "WOTRUS_RETRIES": "0",
        }
        program = folder / "on-due"
        program.write_text(ON_DUE)
        program.chmod(0o755)
        shutil.copy(ROOT / "cli/assets/example.csr", folder)
        self.begin = datetime.datetime.now(datetime.timezone.utc)

    def run(self, *arguments, codes=(0,)):
        command = [COMMAND, "--json", *arguments]
        result = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, timeout=60)
        assert result.returncode in codes, (arguments, result)
        return result.returncode, [json.loads(line) for line in result.stdout.splitlines()]

    def sync(self):
        return self.run("sync", "--rate", "1000", "--output-dir", "certs")

    def order(self, number):
        _, (json_line,) = self.run(
            "order", "create", "--product", "organization", "--common-name", f"order {number}", "--org-name", "x",
            "--months", "12", "--csr", "example.csr", "--idempotence-id", f"order-{number}")
        return json_line["order_id"]

    def count(self):
        return len(ask(self.urls["management_url"] + "/api/orders?limit=100")[1]["orders"])

    def renew(self):
        """Renews order 0 three times: the answer is lost, the same call again, and a call that is not needed."""
        before = self.count()
        ask(self.urls["management_url"] + "/api/faults", "POST",
            {"spec": "reset,when=after,on=create_order,count=1"})
        command = ["order", "renew", "order-0", "--csr", "example.csr"]
        self.run(*command, codes=(6,))
        ids = {self.run(*command)[1][0]["order_id"] for _ in range(2)}
        assert len(ids) == 1 and self.count() == before + 1
        return ids.pop()

    def day(self, number):
        """What the two timers do on a day. Returns the exit code of due."""
        ask(self.urls["management_url"] + "/api/clock", "POST", {"forward": 86400})
        self.sync()
        now = self.begin + datetime.timedelta(days=number)
        code, lines = self.run("due", "--now", now.strftime("%Y-%m-%dT%H:%M:%SZ"), "--", "./on-due", codes=(0, 10, 11))
        assert bool(lines) == bool(code)
        assert (code == 11) == any(line["stage"] == 0 for line in lines), (code, lines)
        return lines


def main():
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, sandbox("--delay", "0") as urls:
        year = Year(pathlib.Path(folder), urls)
        ids = [year.order(number) for number in range(3)]
        renewal, noticed = None, {}
        for number in range(1, DAYS + 1):
            for line in year.day(number):
                noticed.setdefault(line["order_id"], []).append((line["stage"], line["days_left"]))
            if number == 340:
                renewal = year.renew()
        told = {}
        for line in (year.folder / "told").read_text().splitlines():
            id, stage, left = line.split()
            told.setdefault(id, []).append((int(stage), int(left)))
        assert told == noticed, (told, noticed)
        # The end of the renewed certificate does not matter once its renewal is there.
        stages = {id: [stage for stage, _ in notices] for id, notices in noticed.items()}
        assert stages == {ids[0]: [90, 30], ids[1]: STAGES, ids[2]: STAGES}, stages
        for notices in noticed.values():
            assert all(left in (stage - 1, stage) for stage, left in notices), notices
        assert renewal not in noticed and year.count() == 4
    print(f"{DAYS} days, {sum(map(len, noticed.values()))} notices, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
