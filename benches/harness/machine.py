"""The conditions of a run: the machine, its load, and the versions of all programs."""

import os
import platform
import re
import subprocess
from datetime import date

from service import ROOT


def first_line(*argv):
    """The first line of a program's output."""
    done = subprocess.run(argv, check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, cwd=ROOT)
    return (done.stdout.splitlines() or ["?"])[0].strip()


def package(name):
    return first_line("dpkg-query", "-W", "-f=${Version}\n", name)


def locked(name):
    """The version of a crate in the lock file of the Rust programs."""
    text = (ROOT / "benches/rust/Cargo.lock").read_text()
    return re.search(rf'name = "{name}"\nversion = "([^"]*)"', text)[1]


def facts(service, shared, load, seconds, rounds, given):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*: (.*)", file.read())[1]
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(file.readline().split()[1]) // 1024 // 1024
    later = os.getloadavg()[0]
    ours = f"{locked('wotrus')}, {shared.stat().st_size:,} bytes"
    if given:
        ours += ", another library file"
    return [
        f"{date.today()}; {rounds} rounds in {seconds / 60:.0f} minutes; {model},"
        f" {os.cpu_count()} cores, {memory} GiB, Linux {platform.release()}, glibc {platform.libc_ver()[1]}",
        f"load average {load[0]:.1f} before and {later:.1f} after (the run itself makes about 1)",
        f"libwotrus {ours}; {first_line('rustc', '--version')}; {first_line('gcc', '--version')}",
        f"libcurl {package('libcurl4')}, cJSON {package('libcjson1')}, OpenSSL {package('libssl3')},"
        f" {service.bundle_size} CAs in the system's bundle; ureq {locked('ureq')}, rustls {locked('rustls')};"
        f" {first_line('php', '-r', 'echo PHP_VERSION;')} (PHP), requests {package('python3-requests')},"
        f" {first_line('nginx', '-v').replace('nginx version: ', '')}, {first_line('valgrind', '--version')}",
    ]
