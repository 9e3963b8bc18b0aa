"""The size on disk of a program's libraries, with everything they load except the C library."""

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
    """The size in bytes, and the number of files."""
    files = [Path(path).resolve() for path in loaded(program)]
    # A Rust program contains its libraries; a C program is a few kB and not counted.
    if program.parent != BIN:
        files.append(program)
    return sum(file.stat().st_size for file in files), len(files)
