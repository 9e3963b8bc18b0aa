"""Round after round, every peer in turn: times are only compared within a round."""

import time
from statistics import median

from peers import OURS

# What is timed: a name, the work, the server, and how often a compiled peer does it in a sample.
KEPT = [("query http", "query", "http", 2000), ("query", "query", "https", 2000),
        ("create", "create", "https", 1000), ("fetch", "fetch", "https", 1000)]
THREADS = 2000
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
        for peer in peers[shift:] + peers[:shift]:
            one_round(measure, peer, prints, samples, divisor)
        print(f"  round {number + 1} of {rounds}", flush=True)
    return samples


def one_round(measure, peer, prints, samples, divisor):
    def sample(work, count, server, ca=None):
        usage = measure.usage(peer, work, count, server, ca)
        if usage.output != prints["query" if work == "threads" else work]:
            raise SystemExit(f"{peer.name} read something else in {work} over {server}")
        return usage

    # A process that makes one call: what a cron job costs, and what every sample starts with.
    start = {}
    for server in ("http", "https"):
        start[server] = sample("query", 1, server)
    once = start["https"]
    samples.add(peer.name, "once", cpu=once.cpu, wall=once.wall)
    bundle = sample("query", 1, "https", measure.service.bundle)
    samples.add(peer.name, "once, bundle", cpu=bundle.cpu, wall=bundle.wall)
    if peer.name == OURS:
        # Its built-in roots cannot trust the CA made here: their cost is that up to the refusal.
        refused = measure.usage(peer, "query", 1, "https", "", status=1)
        samples.add(peer.name, "once, built in", cpu=refused.cpu, wall=refused.wall)
    for figure, work, server, count in KEPT:
        count = max(2, int(count * peer.pace / divisor))
        usage = sample(work, count + 1, server)
        samples.add(peer.name, figure, cpu=(usage.cpu - start[server].cpu) / count,
                    wall=(usage.wall - start[server].wall) / count)
    usage = sample("upload", 1, "https")
    samples.add(peer.name, "upload", cpu=usage.cpu, wall=usage.wall, memory=usage.memory)
    samples.add(peer.name, "idle", memory=measure.idle(peer, "https"))
    if peer.native:
        count = int(THREADS / divisor)
        usage = sample("threads", count, "https")
        samples.add(peer.name, "threads", rate=2 * count * 1e6 / (usage.wall - once.wall))
