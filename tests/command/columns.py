"""Checks that the last column of the table on standard input starts at the same place in all rows."""
import re
import sys
import unicodedata


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


places, rows = set(), 0
for line in sys.stdin.read().splitlines():
    assert width(line) <= 80, line
    if not (cells := list(re.finditer(r"(?<=\S)  +(?=\S)", line))):
        continue
    rows += 1
    # In doctor's tables the third column is a right-aligned time.
    last = re.search(r" ms  ", line) or cells[0]
    places.add(width(line[: last.end()]))
assert rows > 3 and len(places) == 1, (rows, places)
