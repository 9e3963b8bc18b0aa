"""Times all programs in rounds. Times are compared only within a round."""

import os
import time
from statistics import median

from peers import OURS

# The tasks on a kept connection: name, task, server, and calls of a compiled program in a sample.
KEPT = [("query http", "query", "http", 2000), ("query", "query", "https", 2000),
        ("create", "create", "https", 1000), ("fetch", "fetch", "https", 1000)]
CHAIN = ("chain", "chain", "https", 1000)
THREADS = 2000
# Processes with one call in a round; the median counts.
ONCE = 3
# Seconds after which no further round starts.
LIMIT = 360


class Samples:
    """The measured values: a list with one value a round, for each program, figure and kind."""

    def __init__(self):
        self.all = {}
        self.rounds = 0

    def add(self, peer, figure, **values):
        for kind, value in values.items():
            self.all.setdefault((peer, figure, kind), []).append(value)

    def has(self, peer, figure):
        return any(key[:2] == (peer, figure) for key in self.all)

    def value(self, peer, figure, kind):
        return median(self.all[peer, figure, kind])

    def ratios(self, peer, reference, figure, kind, reference_figure=None):
        """The ratio of a program to the reference in each round."""
        others = self.all[reference, reference_figure or figure, kind]
        return [mine / max(its, 1) for mine, its in zip(self.all[peer, figure, kind], others)]

    def ratio(self, *arguments):
        return median(self.ratios(*arguments))


class Round:
    """All tasks, each done by all programs one after the other, so that compared times are close together."""

    def __init__(self, measure, prints, samples, divisor):
        self.measure = measure
        self.prints = prints
        self.samples = samples
        self.divisor = divisor
        self.start = {}

    def run(self, peers):
        # One core for a program and nginx: waking a process on another core needs an interrupt, whose cost
        # varies more than the compared times differ.
        cores = os.sched_getaffinity(0)
        self.measure.service.share({max(cores)})
        try:
            self.works(peers)
        finally:
            self.measure.service.share(cores)
        self.each([peer for peer in peers if peer.native], self.threads)

    def works(self, peers):
        self.each(peers, self.start_of, "http")
        self.each(peers, self.start_of, "https")
        self.each(peers, self.with_bundle)
        self.each([peer for peer in peers if peer.name == OURS], self.with_built_in_roots)
        for kept in KEPT:
            self.each(peers, self.kept, *kept)
        self.each([peer for peer in peers if peer.php], self.kept, *CHAIN)
        self.each(peers, self.upload)
        self.each(peers, self.idle)

    def each(self, peers, step, *arguments):
        for peer in peers:
            step(peer, *arguments)

    def sample(self, peer, work, count, server, ca=None):
        usage = self.measure.usage(peer, work, count, server, ca)
        if usage.output != self.prints["query" if work == "threads" else work]:
            raise SystemExit(f"{peer.name} printed other values in {work} over {server}")
        return usage

    def once(self, one):
        """The median of a few runs, because other load easily disturbs a process of a few milliseconds."""
        return sorted((one() for _ in range(ONCE)), key=lambda usage: usage.wall)[ONCE // 2]

    def start_of(self, peer, server):
        """A process with one call: the cost of a cron job, and the part to subtract from other samples."""
        usage = self.once(lambda: self.sample(peer, "query", 1, server))
        self.start[peer.name, server] = usage
        self.samples.add(peer.name, f"once {server}", cpu=usage.cpu, wall=usage.wall)

    def with_bundle(self, peer):
        bundle = self.measure.service.bundle
        usage = self.once(lambda: self.sample(peer, "query", 1, "https", bundle))
        self.samples.add(peer.name, "once, bundle", cpu=usage.cpu, wall=usage.wall)

    def with_built_in_roots(self, peer):
        """The built-in roots cannot verify the CA of this run, so the call ends with a refusal."""
        usage = self.once(lambda: self.measure.usage(peer, "query", 1, "https", "", status=1))
        self.samples.add(peer.name, "once, built in", cpu=usage.cpu, wall=usage.wall)

    def kept(self, peer, figure, work, server, count):
        count = max(2, int(count * peer.pace / self.divisor))
        start = self.start[peer.name, server]
        usage = self.sample(peer, work, count + 1, server)
        self.samples.add(peer.name, figure, cpu=(usage.cpu - start.cpu) / count,
                         wall=(usage.wall - start.wall) / count)

    def upload(self, peer):
        usage = self.sample(peer, "upload", 1, "https")
        self.samples.add(peer.name, "upload", cpu=usage.cpu, wall=usage.wall, memory=usage.memory)

    def threads(self, peer):
        count = int(THREADS / self.divisor)
        usage = self.sample(peer, "threads", count, "https")
        wall = usage.wall - self.start[peer.name, "https"].wall
        self.samples.add(peer.name, "threads", rate=2 * count * 1e6 / max(wall, 1))

    def idle(self, peer):
        self.samples.add(peer.name, "idle", memory=self.measure.idle(peer, "https"))


def run(measure, peers, prints, rounds, divisor):
    """Each round starts with another program, so that none always has a warmer machine."""
    samples = Samples()
    end = time.monotonic() + LIMIT
    for number in range(rounds):
        if time.monotonic() > end:
            print("  no time for more rounds", flush=True)
            break
        samples.rounds += 1
        shift = number % len(peers)
        Round(measure, prints, samples, divisor).run(peers[shift:] + peers[:shift])
        print(f"  round {number + 1} of {rounds}", flush=True)
    return samples
