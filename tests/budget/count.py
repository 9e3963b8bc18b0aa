"""count.py PROGRAM BUDGET CSR: counts the instructions and allocations of a call, by callgrind.

A line of BUDGET has a task, its instructions a call and its allocations a call. Time is not measured, so the
load of the machine has no influence. The ciphers in ring are excluded, because they choose their
instructions by processor. WOTRUS_HOT=40 also prints the 40 most expensive functions.
"""
import os
import re
import sys

from shared import MARGIN, callgrind, lines, print_hot, service, verdict

CALLS = 24
FIRST = 4  # as in work.c
CIPHERS = re.compile(r"ring_core_|ring::aead|_aesni_|gcm_|ghash")


def count(program, url, certificate, work, csr, folder):
    command = [program, url, certificate, work, str(CALLS), csr]
    costs, allocations = callgrind(command, os.path.join(folder, work), "--instr-atstart=no")
    calls = CALLS - FIRST
    return {name: cost / calls for name, cost in costs.items()}, allocations / calls


def main(program, budget, csr):
    failed = False
    with service() as (url, certificate, folder):
        for work, most, most_allocations in lines(budget):
            costs, allocations = count(program, url, certificate, work, csr, folder)
            ciphers = sum(cost for name, cost in costs.items() if CIPHERS.search(name))
            ours = sum(costs.values()) - ciphers
            over = ours > int(most) * MARGIN or allocations > int(most_allocations) + 0.5
            print(
                f"{work:9} {ours:.0f} instructions (budget {most}) and {ciphers:.0f} of ciphers, "
                f"{allocations:.1f} allocations (budget {most_allocations})" + (": OVER" if over else "")
            )
            print_hot(costs, over)
            failed |= over
    return verdict(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
