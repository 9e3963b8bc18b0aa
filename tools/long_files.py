#!/usr/bin/env python3
"""long_files.py [FOLDER]: finds source files over 500 lines that give no reason for it.

The reason stands in the comment before the first line of code, in a sentence with the words "over
500 lines". The files of include/ are generated and need none. FOLDER is a git work tree, by default
this one. Exits with 1 if a reason is missing.
"""
import re
import subprocess
import sys
from pathlib import Path

LIMIT = 500
SOURCES = {".rs", ".c", ".h", ".cpp", ".hpp", ".py", ".php", ".inc", ".sh", ".js", ".css", ".html"}
COMMENT = re.compile(r"""(?: \s+ | \#!?[^\n]* | //[^\n]* | /\*.*?\*/ | <!--.*?--> | <\?php | \"{3}.*?\"{3} )*""",
                     re.VERBOSE | re.DOTALL)


def sources(folder):
    """The source files that git knows or would add; scripts without a suffix begin with `#!`."""
    listed = subprocess.run(["git", "-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            check=True, capture_output=True, text=True).stdout
    for name in sorted(set(listed.split("\0")) - {""}):
        file = Path(folder, name)
        if name.startswith("include/") or not file.is_file():
            continue
        content = file.read_bytes()
        if file.suffix in SOURCES or not file.suffix and content.startswith(b"#!"):
            yield name, content.decode("utf-8", "replace")


def main(arguments):
    folder = arguments[0] if arguments else Path(__file__).resolve().parent.parent
    count = failed = 0
    for name, text in sources(folder):
        count += 1
        lines = text.count("\n")
        first_comment = re.sub(r"[\s/*#!]+", " ", COMMENT.match(text)[0])
        if lines > LIMIT and f"over {LIMIT} lines" not in first_comment.lower():
            failed += 1
            print(f"{name} has {lines} lines, and its first comment gives no reason (\"over {LIMIT} lines\")")
    print(f"{count} files, {failed} too long without a reason")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
