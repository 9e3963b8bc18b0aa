"""The programs that are compared, and how they are built."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from service import OUT, ROOT

BIN = OUT / "bin"
HERE = ROOT / "benches"


@dataclass
class Peer:
    """A program that is called as `PROGRAM TASK COUNT`."""

    name: str
    argv: list
    env: dict = field(default_factory=dict)
    # Calls in a sample, relative to a compiled program.
    pace: float = 1
    # A compiled program: its threads and its calls of malloc are measured.
    native: bool = True
    # One of the PHP programs, which also have the task "chain".
    php: bool = False
    # The file whose size on disk counts, with the libraries it loads.
    disk: Path = None


CURL = "libcurl + cJSON"
PHP_CURL = "PHP, curl"
OURS = "libwotrus, C"
BARE = "Rust, no HTTP library"


def command(*argv, **keywords):
    """Runs a build step. Its output is shown only if it fails."""
    done = subprocess.run([str(part) for part in argv], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **keywords)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, argv))}\n{done.stdout}")
    return done.stdout


def library(given):
    """A prefix with libwotrus.so: the given file, or the one that `make library` builds."""
    if given is None:
        command("make", "library")
        given = ROOT / "target/release/libwotrus.so"
    prefix = OUT / "prefix"
    shutil.rmtree(prefix, ignore_errors=True)
    (prefix / "lib").mkdir(parents=True)
    shutil.copytree(ROOT / "include", prefix / "include")
    there = prefix / "lib/libwotrus.so.1"
    shutil.copy(given, there)
    (prefix / "lib/libwotrus.so").symlink_to(there.name)
    return prefix


def compile_c(prefix):
    BIN.mkdir(parents=True, exist_ok=True)
    options = ["-std=gnu99", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]
    ours = [f"-I{prefix}/include", f"-L{prefix}/lib", f"-Wl,-rpath,{prefix}/lib", "-lwotrus"]
    programs = {"curl": ["-lcurl", "-lcjson"], "floor": ["-lssl", "-lcrypto"], "wotrus": ours,
                "launch": []}
    for name, libraries in programs.items():
        command("gcc", *options, HERE / f"c/{name}.c", "-o", BIN / name, *libraries, "-lpthread")
    preloaded = ["-shared", "-fPIC", "-o", BIN / "allocations.so"]
    command("gcc", *options, HERE / "c/allocations.c", *preloaded)


def compile_rust():
    command("cargo", "build", "--release", "--locked", "--manifest-path", HERE / "rust/Cargo.toml",
            "--target-dir", ROOT / "target/bench-rust")
    return ROOT / "target/bench-rust/release"


def compile_extension(source, prefix):
    """Builds the PHP extension in a copy of its folder, because phpize writes many files there."""
    folder = OUT / "php-extension"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    steps = f"phpize && ./configure --with-wotrus={prefix} && make -j2"
    command("sh", "-ec", f"cd {folder} && {steps}", env={**os.environ, "CFLAGS": "-O2"})
    return folder / "modules/wotrus.so"


def build(arguments):
    """Builds all programs. The first is the reference for ratios."""
    prefix = library(arguments.library)
    compile_c(prefix)
    rust = compile_rust()
    shared = prefix / "lib/libwotrus.so.1"
    php = ["/usr/bin/php", "-d", "opcache.enable_cli=0"]
    peers = [
        Peer(CURL, [BIN / "curl"], disk=BIN / "curl"),
        Peer(PHP_CURL, [*php, HERE / "php/curl.php"], pace=0.5, native=False, php=True),
        Peer("Python, requests", ["/usr/bin/python3", HERE / "python/with_requests.py"], pace=0.1,
             native=False),
        Peer("ureq", [rust / "bench-ureq"], disk=rust / "bench-ureq"),
        Peer("ureq, global timeout", [rust / "bench-ureq"], {"BENCH_TIMEOUT": "30"}),
        Peer(OURS, [BIN / "wotrus"], disk=BIN / "wotrus"),
        # A given library file is not the one that the Rust programs contain.
        *([] if arguments.library else
          [Peer("libwotrus, Rust", [rust / "bench-wotrus"], disk=rust / "bench-wotrus")]),
        *php_peers(arguments, php, prefix, shared),
        Peer(BARE, [rust / "bench-bare"], disk=rust / "bench-bare"),
        Peer("floor: C, OpenSSL, no JSON", [BIN / "floor"], disk=BIN / "floor"),
    ]
    return peers, shared


def php_peers(arguments, php, prefix, shared):
    env = {"BENCH_PHP": str(arguments.php), "BENCH_LIBRARY": str(shared)}
    script = HERE / "php/wotrus.php"
    extension = compile_extension(arguments.php_extension, prefix)
    return [
        Peer("libwotrus, PHP by extension", [*php, "-d", f"extension={extension}", script],
             {**env, "BENCH_BACKEND": "extension"}, pace=0.5, native=False, php=True),
        Peer("libwotrus, PHP by FFI", [*php, "-d", "ffi.enable=1", script],
             {**env, "BENCH_BACKEND": "ffi"}, pace=0.5, native=False, php=True),
    ]
