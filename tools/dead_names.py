#!/usr/bin/env python3
"""dead_names.py [FOLDER]: finds names in the documents for maintainers that no longer exist.

A name in backquotes that is a path (`src/call/`, `retry.rs`) must be the end of the path of a file or a
folder, and a word (`decide`, `WOTRUS_`) must occur in a source file. FOLDER is a git work tree, by default
this one. Exits with 1 if a name is dead.
"""
import re
import subprocess
import sys
from pathlib import Path

DOCUMENTS = ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/decisions/*.md"]
SOURCES = {".rs", ".py", ".php", ".toml", ".sh", ".h", ".txt"}
NAME = re.compile(r"`([^`\s]+)`")
PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/|[\w-]+(/[\w.-]+)+|[\w./-]+\.(rs|md|py|php|txt|sh|h|html|toml|lock)")
WORD = re.compile(r"\w+(::\w+)*!?")


def listed(folder):
    names = subprocess.run(["git", "-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           check=True, capture_output=True, text=True).stdout
    return [name for name in names.split("\0") if name and Path(folder, name).is_file()]


def main(arguments):
    folder = arguments[0] if arguments else Path(__file__).resolve().parent.parent
    files = listed(folder)
    paths = {f"/{path}" for file in files for path in [file, *(f"{p}/" for p in Path(file).parents)]}
    text = "\n".join(Path(folder, file).read_text(encoding="utf-8", errors="replace")
                     for file in files if Path(file).suffix in SOURCES)
    words = set(re.findall(r"\w+", text))

    def is_alive(name):
        if PATH.fullmatch(name):
            return any(path.endswith(f"/{name}") for path in paths)
        if WORD.fullmatch(name):
            parts = name.rstrip("!").split("::")
            return all(part in words or part.endswith("_") and part in text for part in parts)
        return True

    count = dead = 0
    for document in [path for pattern in DOCUMENTS for path in sorted(Path(folder).glob(pattern))]:
        for number, line in enumerate(document.read_text(encoding="utf-8").split("\n"), 1):
            for name in NAME.findall(line):
                count += 1
                if not is_alive(name):
                    dead += 1
                    print(f"{document.relative_to(folder)}:{number}: `{name}` does not exist")
    print(f"{count} names, {dead} dead")
    return 1 if dead or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
