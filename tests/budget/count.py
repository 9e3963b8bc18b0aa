"""count.py PROGRAM BUDGET CSR: counts the instructions and allocations of a call, by callgrind.

A line of BUDGET has a task, its instructions a call and its allocations a call. Time is not measured, so the
load of the machine has no influence. The ciphers in ring are excluded, because they choose their
instructions by processor. WOTRUS_HOT=40 also prints the 40 most expensive functions.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
# Tolerance for another compiler or libc. The processor makes no difference: valgrind emulates one.
MARGIN = 1.06
CALLS = 24
FIRST = 4  # as in work.c
CIPHERS = re.compile(r"ring_core_|ring::aead|_aesni_|gcm_|ghash")
ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign"}


def read(path):
    """Reads a callgrind file: the exclusive cost of each function, and the number of allocator calls."""
    names, costs, allocations = {}, {}, 0
    function = callee = None
    inclusive = False
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if match := re.match(r"(c?)fn=\((\d+)\)(?: (.*))?", line):
                called, number, name = match.groups()
                if name is not None:
                    names[number] = name
                if called:
                    callee = number
                else:
                    function = number
            elif line.startswith("calls="):
                # The next line has the inclusive cost of the callee.
                inclusive = True
                if names[callee] in ALLOCATORS:
                    allocations += int(line[6:].split()[0])
            elif match := re.match(r"[+\-*\d]\S* (\d+)", line):
                if not inclusive:
                    costs[function] = costs.get(function, 0) + int(match[1])
                inclusive = False
    return {names[number]: cost for number, cost in costs.items()}, allocations


def count(program, url, certificate, work, csr, folder):
    out = os.path.join(folder, work)
    valgrind = ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}"]
    subprocess.run(
        [*valgrind, program, url, certificate, work, str(CALLS), csr], check=True, stdout=subprocess.DEVNULL
    )
    costs, allocations = read(out)
    calls = CALLS - FIRST
    costs = {name: cost / calls for name, cost in costs.items()}
    return costs, allocations / calls


def main(program, budget, csr):
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
        make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=budget"
        extensions = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
        subprocess.run(
            [*make.split(), *extensions, "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL
        )
        serve = [sys.executable, os.path.join(HERE, "serve.py"), certificate, key]
        with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
            url = f"https://localhost:{server.stdout.readline().strip()}"
            for line in open(budget, encoding="utf-8"):
                if line.startswith("#"):
                    continue
                work, most, most_allocations = line.split()
                costs, allocations = count(program, url, certificate, work, csr, folder)
                ciphers = sum(cost for name, cost in costs.items() if CIPHERS.search(name))
                ours = sum(costs.values()) - ciphers
                over = ours > int(most) * MARGIN or allocations > int(most_allocations) + 0.5
                print(
                    f"{work:9} {ours:.0f} instructions (budget {most}) and {ciphers:.0f} of ciphers, "
                    f"{allocations:.1f} allocations (budget {most_allocations})" + (": OVER" if over else "")
                )
                if over or os.environ.get("WOTRUS_HOT"):
                    hot = sorted(costs.items(), key=lambda item: -item[1])
                    for name, cost in hot[: int(os.environ.get("WOTRUS_HOT", "25"))]:
                        print(f"    {cost:9.0f} {name}")
                failed |= over
            server.kill()
    if failed:
        print("A call costs more than its budget. If that is intended, change the budget and give the reason in the commit.")
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
