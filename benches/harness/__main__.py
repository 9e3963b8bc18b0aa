"""benches/run: measures libwotrus and the usual alternatives in one run. Prints tables; --write also stores
them in docs/performance.md."""

import argparse
import json
import os
import time
from pathlib import Path

import check
import counts
import machine
import peers
import report
import rounds
from measure import Measure
from service import OUT, ROOT, Service

PARSER = argparse.ArgumentParser(prog="benches/run", description=__doc__)
PARSER.add_argument("--rounds", type=int, default=7, metavar="N", help="rounds of timing (7)")
PARSER.add_argument("--quick", action="store_true",
                    help="short samples and few counts, to test the harness; the times mean nothing")
PARSER.add_argument("--write", action="store_true", help="store the tables in docs/performance.md")
PARSER.add_argument("--library", type=Path, metavar="FILE",
                    help="measure this libwotrus.so instead of building one")
PARSER.add_argument("--php", type=Path, default=ROOT / "bindings/php", metavar="FOLDER",
                    help="the PHP package (bindings/php)")
PARSER.add_argument("--php-extension", type=Path, default=ROOT / "bindings/php/ext",
                    metavar="FOLDER", help="the source of the PHP extension (bindings/php/ext)")


def main():
    arguments = PARSER.parse_args()
    if arguments.quick and arguments.write:
        PARSER.error("--quick and --write exclude each other")
    started, load = time.monotonic(), os.getloadavg()
    OUT.mkdir(parents=True, exist_ok=True)
    print("building", flush=True)
    programs, shared = peers.build(arguments)
    with Service() as service:
        measure = Measure(service)
        print("checking that all programs read and send the same", flush=True)
        prints = check.check(measure, programs)
        print("timing", flush=True)
        samples = rounds.run(measure, programs, prints, arguments.rounds, 10 if arguments.quick else 1)
        print("counting", flush=True)
        if arguments.quick:
            some = [peer for peer in programs if peer.name in (peers.CURL, peers.OURS) or peer.php]
            counted = counts.count(measure, some, ["query"], 5)
        else:
            counted = counts.count(measure, programs, ["query", "create", "fetch"])
        facts = machine.facts(service, shared, load, time.monotonic() - started, samples.rounds,
                              arguments.library)
    raw = {" | ".join(key): value for key, value in (samples.all | counted).items()}
    (OUT / "raw.json").write_text(json.dumps(raw, indent=1, ensure_ascii=False), "utf-8")
    table = report.report(programs, samples, counted, shared, facts, arguments.quick)
    print(table)
    if arguments.write:
        report.write(table)


main()
