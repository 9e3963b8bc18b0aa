"""Round after round, every peer in turn: times are only compared within a round."""

import os
import time
from statistics import median

from peers import OURS

# What is timed: a name, the work, the server, and how often a compiled peer does it in a sample.
KEPT = [("query http", "query", "http", 2000), ("query", "query", "https", 2000),
        ("create", "create", "https", 1000), ("fetch", "fetch", "https", 1000)]
THREADS = 2000
# Processes of one call in a round, of which the middle one counts.
ONCE = 3
# Seconds after which no further round is begun: a busy machine gets fewer.
LIMIT = 360


class Samples:
    """What was measured: a list of Usages, one a round, for each peer and figure."""

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
        """The peer's by the reference's, round by round."""
        others = self.all[reference, reference_figure or figure, kind]
        return [mine / max(its, 1) for mine, its in zip(self.all[peer, figure, kind], others)]

    def ratio(self, *arguments):
        return median(self.ratios(*arguments))


class Round:
    """Every work, each by all peers one after the other, so that what is compared lies close."""

    def __init__(self, measure, prints, samples, divisor):
        self.measure = measure
        self.prints = prints
        self.samples = samples
        self.divisor = divisor
        self.start = {}

    def run(self, peers):
        # One core for a peer and nginx: to wake the other is a switch then, and no interrupt to
        # another core, which costs everybody the same and varies more than what is compared.
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
        self.each(peers, self.upload)
        self.each(peers, self.idle)

    def each(self, peers, step, *arguments):
        for peer in peers:
            step(peer, *arguments)

    def sample(self, peer, work, count, server, ca=None):
        usage = self.measure.usage(peer, work, count, server, ca)
        if usage.output != self.prints["query" if work == "threads" else work]:
            raise SystemExit(f"{peer.name} read something else in {work} over {server}")
        return usage

    def once(self, one):
        """The middle of a few: a process of some milliseconds is easily disturbed."""
        return sorted((one() for _ in range(ONCE)), key=lambda usage: usage.wall)[ONCE // 2]

    def start_of(self, peer, server):
        """A process that makes one call: what a cron job costs, and what every sample starts with."""
        usage = self.once(lambda: self.sample(peer, "query", 1, server))
        self.start[peer.name, server] = usage
        self.samples.add(peer.name, f"once {server}", cpu=usage.cpu, wall=usage.wall)

    def with_bundle(self, peer):
        bundle = self.measure.service.bundle
        usage = self.once(lambda: self.sample(peer, "query", 1, "https", bundle))
        self.samples.add(peer.name, "once, bundle", cpu=usage.cpu, wall=usage.wall)

    def with_built_in_roots(self, peer):
        """They cannot trust the CA made here: what they cost is what a call costs up to its refusal."""
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
    """Each round starts with another peer, so that none always runs on a warmer machine."""
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
