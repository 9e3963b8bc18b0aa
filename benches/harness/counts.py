"""Counts that do not depend on the load of the machine: instructions, system calls, allocations. Each is
counted for N and for 2 N calls; the difference divided by N excludes one-time costs."""

import re
from concurrent.futures import ThreadPoolExecutor

from peers import BIN
from service import OUT

CALLS = 20
WRITES = {"write", "writev", "sendto", "sendmsg", "sendmmsg"}


def instructions(measure, peer, work, count, tag):
    log = OUT / f"callgrind-{tag}"
    wrapper = ["valgrind", "--tool=callgrind", f"--log-file={log}", "--callgrind-out-file=/dev/null"]
    measure.output(peer, work, count, "https", wrapper)
    return int(re.search(r"Collected : (\d+)", log.read_text(errors="replace"))[1])


def system_calls(measure, peer, work, count, server):
    """The number of system calls, and of those that write."""
    log = OUT / "strace"
    measure.output(peer, work, count, server, ["strace", "-f", "-c", "-o", log])
    total = writes = 0
    for line in log.read_text().splitlines():
        words = line.split()
        if len(words) < 5 or not words[3].isdigit() or words[-1] == "total":
            continue
        total += int(words[3])
        writes += int(words[3]) if words[-1] in WRITES else 0
    return total, writes


def records(measure, peer, work, count):
    """The number of TLS data records that a program sends, from the bytes of its write calls."""
    log = OUT / "strace"
    measure.output(peer, work, count, "https",
                   ["strace", "-f", "-xx", "-s", 65536, "-e", "trace=" + ",".join(WRITES), "-o", log])
    streams = {}
    for line in log.read_text().splitlines():
        descriptor = re.search(r"\((\d+), ", line)
        if descriptor:
            sent = "".join(re.findall(r'"((?:\\x..)*)"', line)).replace("\\x", "")
            streams[descriptor[1]] = streams.get(descriptor[1], "") + sent
    found = 0
    for stream in map(bytes.fromhex, streams.values()):
        # A TLS stream begins with a handshake record.
        while stream[:2] in (b"\x14\x03", b"\x15\x03", b"\x16\x03", b"\x17\x03"):
            found += stream[0] == 0x17
            stream = stream[5 + int.from_bytes(stream[3:5]):]
    return found


def allocations(measure, peer, work, count):
    log = OUT / "allocations"
    measure.output(peer, work, count, "https", LD_PRELOAD=str(BIN / "allocations.so"),
                   BENCH_ALLOCATIONS=str(log))
    return int(log.read_text())


def count(measure, peers, works, calls=CALLS):
    """All counts, by program and figure."""
    found = {}
    for peer in peers:
        for server in ("http", "https"):
            once = system_calls(measure, peer, "query", calls, server)
            twice = system_calls(measure, peer, "query", 2 * calls, server)
            found[peer.name, "syscalls", server] = (twice[0] - once[0]) / calls
        once = system_calls(measure, peer, "create", calls, "https")
        twice = system_calls(measure, peer, "create", 2 * calls, "https")
        found[peer.name, "writes", "create"] = (twice[1] - once[1]) / calls
        once = records(measure, peer, "create", calls)
        found[peer.name, "records", "create"] = (records(measure, peer, "create", 2 * calls) - once) / calls
        if peer.native:
            once = allocations(measure, peer, "query", calls)
            found[peer.name, "allocations"] = (allocations(measure, peer, "query", 2 * calls) - once) / calls
    jobs = [(peer, work) for peer in peers for work in [*works, *(["chain"] if peer.php else [])]]

    def one(job):
        peer, work = job
        tag = f"{peers.index(peer)}-{work}"
        once = instructions(measure, peer, work, calls, tag)
        return (instructions(measure, peer, work, 2 * calls, tag) - once) / calls

    # The number of instructions does not depend on the load, so two run concurrently.
    with ThreadPoolExecutor(2) as pool:
        for (peer, work), value in zip(jobs, pool.map(one, jobs)):
            found[peer.name, "instructions", work] = value
    return found
