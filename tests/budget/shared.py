"""What count.py and php.py share: the service over TLS, the files of callgrind and of the budgets, and the report."""
import contextlib
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
# Tolerance for another compiler or libc. The processor makes no difference: valgrind emulates one.
MARGIN = 1.06
ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign"}


@contextlib.contextmanager
def service():
    """Serves the example responses over TLS; gives the URL, the CA file, and a folder that is removed after use."""
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
        make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=budget"
        extensions = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
        subprocess.run(
            [*make.split(), *extensions, "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL
        )
        serve = [sys.executable, os.path.join(HERE, "serve.py"), certificate, key]
        with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
            try:
                yield f"https://localhost:{server.stdout.readline().strip()}", certificate, folder
            finally:
                server.kill()


def lines(budget):
    """The fields of each line of a budget, without comments."""
    with open(budget, encoding="utf-8") as file:
        return [line.split() for line in file if not line.startswith("#")]


def callgrind(command, out, *options, environment=None):
    """Runs a program under callgrind; returns what read() does."""
    valgrind = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={out}", *options]
    subprocess.run([*valgrind, *command], check=True, stdout=subprocess.DEVNULL, env=environment)
    return read(out)


def read(path):
    """Reads a callgrind file: the exclusive cost of each function, and the number of allocator calls."""
    names, costs, allocations = {}, {}, 0
    function = callee = None
    inclusive = False
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
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
    by_name = {}
    for number, cost in costs.items():
        # The loader and libc have functions of the same name.
        by_name[names[number]] = by_name.get(names[number], 0) + cost
    return by_name, allocations


def print_hot(costs, is_over):
    """Prints the most expensive functions if a budget is exceeded, or as many as WOTRUS_HOT says."""
    if is_over or os.environ.get("WOTRUS_HOT"):
        hot = sorted(costs.items(), key=lambda item: -item[1])
        for name, cost in hot[: int(os.environ.get("WOTRUS_HOT", "25"))]:
            print(f"    {cost:9.0f} {name}")


def verdict(is_over):
    """The exit status, with a hint if a budget is exceeded."""
    if is_over:
        print("A call costs more than its budget. If that is intended, change the budget and give the reason in the commit.")
    return is_over
