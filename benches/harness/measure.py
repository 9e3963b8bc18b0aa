"""Runs a program and measures it."""

import os
import subprocess
from dataclasses import dataclass

from peers import BIN
from service import OUT, ROOT


@dataclass
class Usage:
    """CPU and wall time in microseconds, peak memory in KiB, and the output."""

    cpu: float
    wall: float
    memory: int
    output: str


class Measure:
    """Runs programs against the service."""

    def __init__(self, service):
        self.service = service

    def environment(self, peer, server):
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "BENCH_URL": self.service.urls[server],
            "BENCH_CA": str(self.service.ca),
            "BENCH_DOCUMENT": str(self.service.document),
            "BENCH_CSR": str(ROOT / "tests/fixtures/example.csr"),
            **peer.env,
        }

    def output(self, peer, work, count, server, wrapper=(), **extra):
        """Runs a program, under `wrapper` if there is one, and returns its output."""
        argv = [*wrapper, *peer.argv, work, count]
        done = subprocess.run([str(part) for part in argv], check=False, timeout=300,
                              env={**self.environment(peer, server), **extra},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            errors = done.stderr.decode(errors="replace")[-2000:]
            raise SystemExit(f"{peer.name}: {work} over {server} failed\n{errors}")
        return done.stdout.decode()

    def usage(self, peer, work, count, server, ca=None, status=0):
        """Runs a program that must end with `status`, and measures it. The CA "" is none."""
        result = OUT / "usage"
        extra = {} if ca is None else {"BENCH_CA": str(ca)}
        output = self.output(peer, work, count, server, (BIN / "launch", result), **extra)
        user, system, wall, memory, ended = map(int, result.read_text().split())
        if ended != status:
            raise SystemExit(f"{peer.name}: {work} over {server} ended with {ended}")
        return Usage(user + system, wall, memory, output)

    def idle(self, peer, server):
        """The proportional set size, in KiB, of a program that has made one call and waits."""
        argv = [str(part) for part in [*peer.argv, "idle", 1]]
        with subprocess.Popen(argv, env=self.environment(peer, server), text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            for _ in range(5):
                if not process.stdout.readline():
                    raise SystemExit(f"{peer.name}: idle failed")
            with open(f"/proc/{process.pid}/smaps_rollup", encoding="ascii") as file:
                lines = dict(line.split(":") for line in file.readlines()[1:])
            process.stdin.close()
        return int(lines["Pss"].split()[0])
