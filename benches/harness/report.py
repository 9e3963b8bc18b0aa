"""The tables as Markdown."""

from goals import goals
from peers import CURL, OURS, PHP_CURL
from service import ROOT
from sizes import on_disk

BEGIN, END = "<!-- written by benches/run --write -->\n", "<!-- end -->\n"


def table(heads, rows):
    aligned = ["---"] + ["--:"] * (len(heads) - 1)
    return "".join("| " + " | ".join(cells) + " |\n" for cells in [heads, aligned, *rows])


def ratio(value):
    return f"{value:.2f}" if value >= 0.095 else f"{value:.3f}"


def report(peers, samples, counted, shared, facts, quick):
    return "".join([
        "A quick run to test the harness: its times mean nothing.\n\n" if quick else "",
        "### Against the goals\n\n", goals(samples, counted, shared),
        "\n### Calls on a kept connection: counts\n\n", counts(peers, counted),
        "\n### Calls on a kept connection: time\n\n", times(peers, samples),
        "\n### PHP\n\n", php([peer for peer in peers if peer.php], samples, counted),
        "\n### Whole processes\n\n", processes(peers, samples),
        "\n### The machine\n\n", *(f"- {fact}\n" for fact in facts),
    ])


def counts(peers, counted):
    def number(peer, *key, scale=1, form=",.0f"):
        value = counted.get((peer.name, *key))
        return "" if value is None else format(value / scale, form)

    heads = ["", "GET: instructions, k", "POST", "certificates", "GET: system calls, http", "https",
             "POST: writes", "TLS records", "GET: allocations"]
    return table(heads, [[
        peer.name, *(number(peer, "instructions", work, scale=1000) for work in ("query", "create", "fetch")),
        number(peer, "syscalls", "http"), number(peer, "syscalls", "https"),
        number(peer, "writes", "create"), number(peer, "records", "create"),
        number(peer, "allocations"),
    ] for peer in peers])


def beside(samples, peer, figure, kind, scale=1, form=".1f"):
    """A median, and in parentheses the ratio to the reference."""
    value = samples.value(peer.name, figure, kind) / scale
    return f"{format(value, form)} ({ratio(samples.ratio(peer.name, CURL, figure, kind))})"


def times(peers, samples):
    heads = ["", "GET, http: CPU µs (×)", "GET, https", "POST, https", "certificates, https",
             "GET, https: wall µs (×)"]
    return table(heads, [[
        peer.name,
        *(beside(samples, peer, figure, "cpu") for figure in ("query http", "query", "create", "fetch")),
        beside(samples, peer, "query", "wall"),
    ] for peer in peers]) + (
        f"\nMedians of the rounds, and (×) medians of the ratios to {CURL} in the same round.\n")


def php(peers, samples, counted):
    """Each work beside PHP's own curl and json."""
    def cell(peer, work):
        instructions = counted.get((peer.name, "instructions", work))
        shown = "" if instructions is None else f"{instructions / 1000:,.0f} "
        return f"{shown}({ratio(samples.ratio(peer.name, PHP_CURL, work, 'cpu'))})"

    heads = ["", "GET: instructions, k (CPU ×)", "POST", "certificates, all read", "only the full chain read"]
    works = ["query", "create", "fetch", "chain"]
    return table(heads, [[peer.name, *(cell(peer, work) for work in works)] for peer in peers]) + (
        f"\nIn parentheses: medians of the ratios of CPU time to {PHP_CURL} in the same round, https.\n")


def processes(peers, samples):
    def rate(peer):
        if not samples.has(peer.name, "threads"):
            return ""
        return beside(samples, peer, "threads", "rate", form=",.0f")

    def disk(peer):
        if peer.disk is None:
            return ""
        size, files = on_disk(peer.disk)
        return f"{size / 1e6:.1f} in {files}"

    heads = ["", "one call, one CA: wall ms (×)", "with the system's CAs", "20 MB document: CPU ms (×)",
             "peak MB", "two threads: calls a second (×)", "idle client: PSS MB",
             "on disk: MB in files"]
    refused = samples.value(OURS, "once, built in", "wall") / 1000
    by = ratio(samples.ratio(OURS, CURL, "once, built in", "wall", "once, bundle"))
    return table(heads, [[
        peer.name,
        beside(samples, peer, "once https", "wall", 1000), beside(samples, peer, "once, bundle", "wall", 1000),
        beside(samples, peer, "upload", "cpu", 1000),
        f"{samples.value(peer.name, 'upload', 'memory') / 1024:.1f}", rate(peer),
        f"{samples.value(peer.name, 'idle', 'memory') / 1024:.1f}", disk(peer),
    ] for peer in peers]) + (
        f"\n{OURS} with its built-in roots, until it refuses the CA of this run: {refused:.1f} ms,"
        f" {by} × one call of {CURL} with the system's CAs.\n")


def write(text):
    path = ROOT / "docs/performance.md"
    before, rest = path.read_text("utf-8").split(BEGIN)
    _, after = rest.split(END)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")
