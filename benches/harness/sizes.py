"""What a program's library takes on disk, with everything it loads but the C library itself, which
is there anyway."""

import re
import subprocess
from pathlib import Path

from peers import BIN

LIBC = re.compile(r"/(libc|libm|ld-linux-x86-64|libpthread|libdl|librt|libresolv|libutil)[.-]")


def loaded(program):
    text = subprocess.run(["ldd", str(program)], check=True, stdout=subprocess.PIPE, text=True).stdout
    paths = re.findall(r"(/\S+) \(0x", text)
    return [path for path in paths if not LIBC.search(path)]


def on_disk(program):
    """In bytes, and how many files."""
    files = [Path(path).resolve() for path in loaded(program)]
    # A program in C is a few kB of ours; one in Rust holds its library.
    if program.parent != BIN:
        files.append(program)
    return sum(file.stat().st_size for file in files), len(files)
