"""What the figures depend on: the machine, how busy it was, and everybody's version."""

import os
import platform
import re
import subprocess
from datetime import date

from service import ROOT


def said(*argv):
    """The first line of what a program says of itself."""
    done = subprocess.run(argv, check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, cwd=ROOT)
    return (done.stdout.splitlines() or ["?"])[0].strip()


def package(name):
    return said("dpkg-query", "-W", "-f=${Version}\n", name)


def locked(name):
    """The version of a crate that the programs in Rust are built with."""
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
        ours += ", library from elsewhere"
    return [
        f"{date.today()}; {rounds} rounds in {seconds / 60:.0f} minutes; {model},"
        f" {os.cpu_count()} cores, {memory} GiB, Linux {platform.release()}, glibc {platform.libc_ver()[1]}",
        f"load average {load[0]:.1f} before and {later:.1f} after (the run itself makes about 1)",
        f"libwotrus {ours}; {said('rustc', '--version')}; {said('gcc', '--version')}",
        f"libcurl {package('libcurl4')}, cJSON {package('libcjson1')}, OpenSSL {package('libssl3')},"
        f" {service.bundle_size} CAs in the system's bundle; ureq {locked('ureq')}, rustls {locked('rustls')};"
        f" {said('php', '-r', 'echo PHP_VERSION;')} (PHP), requests {package('python3-requests')},"
        f" {said('nginx', '-v').replace('nginx version: ', '')}, {said('valgrind', '--version')}",
    ]
