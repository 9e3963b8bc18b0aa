"""The figures as Markdown."""

from goals import goals
from peers import CURL
from service import ROOT
from sizes import on_disk

BEGIN, END = "<!-- written by benches/run --write -->\n", "<!-- end -->\n"


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def table(heads, rows):
    aligned = ["---"] + ["--:"] * (len(heads) - 1)
    return row(*heads) + row(*aligned) + "".join(row(*cells) for cells in rows)


def ratio(value):
    return f"{value:.2f}" if value >= 0.095 else f"{value:.3f}"


def thousands(value):
    """Instructions in thousands."""
    return f"{value / 1000:,.0f}" if value >= 10_000 else f"{value / 1000:.1f}"


def report(peers, samples, counted, shared, facts):
    parts = [
        "### Against the goals\n\n", goals(samples, counted, shared), "\n",
        "### Calls on a kept connection\n\n", kept(peers, samples, counted), "\n",
        "### Whole processes\n\n", processes(peers, samples), "\n",
        "### The machine\n\n", "".join(f"- {fact}\n" for fact in facts),
    ]
    return "".join(parts)


def kept(peers, samples, counted):
    def instructions(peer, work):
        value = counted.get((peer.name, "instructions", work))
        return "" if value is None else thousands(value)

    def number(*key):
        value = counted.get(key)
        return "" if value is None else f"{value:.0f}"

    def times(peer, figure, kind="cpu"):
        return ratio(samples.ratio(peer.name, CURL, figure, kind))

    heads = ["", "GET: thousand instructions", "CPU ×, http", "CPU ×, https", "wall ×, https",
             "system calls, http", "https", "allocations", "POST: thousand instructions", "CPU ×",
             "writes", "certificates: thousand instructions", "CPU ×"]
    rows = [[
        peer.name, instructions(peer, "query"), times(peer, "query http"), times(peer, "query"),
        times(peer, "query", "wall"), number(peer.name, "syscalls", "http"),
        number(peer.name, "syscalls", "https"), number(peer.name, "allocations"),
        instructions(peer, "create"), times(peer, "create"), number(peer.name, "writes", "create"),
        instructions(peer, "fetch"), times(peer, "fetch"),
    ] for peer in peers]
    reference = [f"{samples.value(CURL, figure, 'cpu'):.0f} µs" for figure in
                 ("query http", "query", "create", "fetch")]
    return table(heads, rows) + (
        f"\n× is the CPU time (or wall time) by that of {CURL}, in the same round; the median of all"
        f" rounds. Its own, here: GET {reference[0]} by http and {reference[1]} by https, POST"
        f" {reference[2]}, certificates {reference[3]} of CPU a call.\n")


def processes(peers, samples):
    def milliseconds(peer, figure, kind):
        return f"{samples.value(peer.name, figure, kind) / 1000:.1f}"

    def rate(peer):
        if not samples.has(peer.name, "threads"):
            return ["", ""]
        value = samples.value(peer.name, "threads", "rate")
        return [f"{value:,.0f}", ratio(samples.ratio(peer.name, CURL, "threads", "rate"))]

    def disk(peer):
        if peer.disk is None:
            return ""
        size, files = on_disk(peer.disk)
        return f"{size / 1e6:.1f} in {files}"

    heads = ["", "one call, own CA: ms", "×", "one call, system's CAs: ms", "×", "20 MB document: CPU ms",
             "CPU ×", "peak MB", "two threads: calls a second", "×", "idle client: PSS MB",
             "on disk: MB, files"]
    rows = [[
        peer.name,
        milliseconds(peer, "once", "wall"), ratio(samples.ratio(peer.name, CURL, "once", "wall")),
        milliseconds(peer, "once, bundle", "wall"),
        ratio(samples.ratio(peer.name, CURL, "once, bundle", "wall")),
        milliseconds(peer, "upload", "cpu"), ratio(samples.ratio(peer.name, CURL, "upload", "cpu")),
        f"{samples.value(peer.name, 'upload', 'memory') / 1024:.1f}", *rate(peer),
        f"{samples.value(peer.name, 'idle', 'memory') / 1024:.1f}", disk(peer),
    ] for peer in peers]
    return table(heads, rows)


def write(text):
    path = ROOT / "docs/performance.md"
    page = path.read_text("utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")
