"""php.py BUDGET CSR LIBRARY EXTENSION: counts the instructions of one call in PHP, by callgrind.

A line of BUDGET is a backend (extension or ffi), a work of benches/php, and the instructions of one
call at most, in thousands. A call costs the difference between 220 and 20 calls, divided by 200. PHP with curl and
json does the same works, for comparison. Ciphers are included. WOTRUS_HOT=40 also prints the 40
functions that cost most.
"""
import os
import subprocess
import sys
import tempfile

from count import HERE, MARGIN, read

FEW, MANY = 20, 220
TOP = os.path.join(HERE, "..", "..")


def costs(work, count, program, settings, environment, folder):
    out = os.path.join(folder, f"{work}-{count}")
    valgrind = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={out}"]
    php = ["php", "-n", *settings, os.path.join(TOP, "benches/php", program), work, str(count)]
    # Lazy binding would resolve some symbols in the longer run only.
    environment = {**os.environ, "LD_BIND_NOW": "1", **environment}
    subprocess.run([*valgrind, *php], check=True, stdout=subprocess.DEVNULL, env=environment)
    return read(out)[0]


def call(*arguments):
    """The instructions of one call by function."""
    work, *rest = arguments
    few, many = (costs(work, count, *rest) for count in (FEW, MANY))
    return {name: (cost - few.get(name, 0)) / (MANY - FEW) for name, cost in many.items()}


def main(budget, csr, library, extension):
    over = False
    peers = {}
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
        make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=budget"
        extensions = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
        subprocess.run(
            [*make.split(), *extensions, "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL
        )
        serve = [sys.executable, os.path.join(HERE, "serve.py"), certificate, key]
        with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
            environment = {
                "BENCH_URL": f"https://localhost:{server.stdout.readline().strip()}", "BENCH_CA": certificate,
                "BENCH_CSR": csr, "BENCH_LIBRARY": library, "BENCH_PHP": os.path.join(TOP, "bindings/php"),
            }
            for line in open(budget, encoding="utf-8"):
                if line.startswith("#"):
                    continue
                backend, work, most = line.split()
                if work not in peers:
                    peer = call(work, "curl.php", ["-d", "extension=curl"], environment, folder)
                    peers[work] = sum(peer.values()) / 1000
                settings = ["-d", f"extension={extension}"] if backend == "extension" else ["-d", "extension=ffi"]
                found = call(work, "wotrus.php", settings, {**environment, "BENCH_BACKEND": backend}, folder)
                ours = sum(found.values()) / 1000
                is_over = ours > float(most) * MARGIN
                print(f"{backend:9} {work:7} {ours:4.0f} thousand instructions (budget {most}), "
                      f"PHP curl {peers[work]:4.0f}" + (": OVER" if is_over else ""), flush=True)
                if is_over or os.environ.get("WOTRUS_HOT"):
                    hot = sorted(found.items(), key=lambda item: -item[1])
                    for name, cost in hot[: int(os.environ.get("WOTRUS_HOT", "25"))]:
                        print(f"    {cost:9.0f} {name}")
                over |= is_over
            server.kill()
    if over:
        print("A call in PHP costs more than it did. If it must, record the new numbers and say why in the commit.")
    return over


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
