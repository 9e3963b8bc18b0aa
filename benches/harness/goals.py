"""The goals of libwotrus, for its C interface with all defaults, and the measured values."""

from peers import BARE, CURL, OURS


def goals(samples, counted, shared):
    """The table of goals, without values that a quick run does not count."""
    lines = []

    def goal(what, limit, found, least=False, form="{:.0f}"):
        if found is None:
            return
        reached = found >= limit if least else found <= limit
        sign = "≥" if least else "≤"
        lines.append(f"| {what} | {sign} {limit:,} | {form.format(found)} | {'yes' if reached else '**no**'} |\n")

    def thousand(work):
        value = counted.get((OURS, "instructions", work))
        return None if value is None else value / 1000

    def ratio(reference, figure, kind, other=None):
        return samples.ratio(OURS, reference, figure, kind, other)

    goal("GET, five fields: thousand instructions", 60, thousand("query"))
    goal("GET: system calls, https", 4, counted.get((OURS, "syscalls", "https")))
    goal("GET: allocations", 30, counted.get((OURS, "allocations")))
    goal(f"GET: CPU by that of {BARE}", 1.25, ratio(BARE, "query", "cpu"), form="{:.2f}")
    goal("POST: thousand instructions", 70, thousand("create"))
    goal("POST: writes", 1, counted.get((OURS, "writes", "create")))
    goal("POST: TLS records", 1, counted.get((OURS, "records", "create")))
    goal("certificates, 12 kB, all read: thousand instructions", 330, thousand("fetch"))
    goal(f"one call in a process: wall time by that of {CURL} with the system's CAs", 0.08,
         ratio(CURL, "once https", "wall", "once, bundle"), form="{:.3f}")
    goal(f"20 MB document: CPU by that of {CURL}", 0.2, ratio(CURL, "upload", "cpu"), form="{:.2f}")
    goal("20 MB document: peak MB, all in all", 5, samples.value(OURS, "upload", "memory") / 1024,
         form="{:.1f}")
    goal(f"two threads, one client: calls by those of {CURL} with a handle a thread", 1.4,
         ratio(CURL, "threads", "rate"), least=True, form="{:.2f}")
    goal("libwotrus.so: bytes", 2_200_000, shared.stat().st_size, form="{:,}")
    goal("idle client: PSS MB, the process included", 3, samples.value(OURS, "idle", "memory") / 1024,
         form="{:.1f}")
    return "| | goal | here | reached |\n| --- | --: | --: | --- |\n" + "".join(lines)
