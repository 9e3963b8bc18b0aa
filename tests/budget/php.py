"""php.py BUDGET CSR LIBRARY EXTENSION: counts the instructions of one call in PHP, by callgrind.

A line of BUDGET is a backend (extension or ffi), a work of benches/php, and the instructions of one
call at most, in thousands. A call costs the difference between 220 and 20 calls, divided by 200. PHP with curl and
json does the same works, for comparison. Ciphers are included. WOTRUS_HOT=40 also prints the 40
functions that cost most.
"""
import os
import sys

from shared import HERE, MARGIN, callgrind, lines, print_hot, service, verdict

FEW, MANY = 20, 220
TOP = os.path.join(HERE, "..", "..")


def costs(work, count, program, settings, environment, folder):
    php = ["php", "-n", *settings, os.path.join(TOP, "benches/php", program), work, str(count)]
    # Lazy binding would resolve some symbols in the longer run only.
    environment = {**os.environ, "LD_BIND_NOW": "1", **environment}
    return callgrind(php, os.path.join(folder, f"{work}-{count}"), environment=environment)[0]


def call(*arguments):
    """The instructions of one call by function."""
    work, *rest = arguments
    few, many = (costs(work, count, *rest) for count in (FEW, MANY))
    return {name: (cost - few.get(name, 0)) / (MANY - FEW) for name, cost in many.items()}


def main(budget, csr, library, extension):
    failed = False
    peers = {}
    with service() as (url, certificate, folder):
        environment = {
            "BENCH_URL": url, "BENCH_CA": certificate, "BENCH_CSR": csr, "BENCH_LIBRARY": library,
            "BENCH_PHP": os.path.join(TOP, "bindings/php"),
        }
        for backend, work, most in lines(budget):
            if work not in peers:
                peer = call(work, "curl.php", ["-d", "extension=curl"], environment, folder)
                peers[work] = sum(peer.values()) / 1000
            settings = ["-d", f"extension={extension}"] if backend == "extension" else ["-d", "extension=ffi"]
            found = call(work, "wotrus.php", settings, {**environment, "BENCH_BACKEND": backend}, folder)
            ours = sum(found.values()) / 1000
            over = ours > float(most) * MARGIN
            print(f"{backend:9} {work:7} {ours:4.0f} thousand instructions (budget {most}), "
                  f"PHP curl {peers[work]:4.0f}" + (": OVER" if over else ""), flush=True)
            print_hot(found, over)
            failed |= over
    return verdict(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
