"""licences.py TRIPLE: prints the licences of all packages that are linked into the library and the command."""
import pathlib
import sys

from linked import Linked

NAMES = ("LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")

print("Linked into libwotrus and the wotrus command, besides Rust's standard library")
print("(MIT OR Apache-2.0, https://www.rust-lang.org; its own notices are in a file beside this one):")
# Most packages have the same text of the Apache licence, which is printed once.
printed = {}
for package in Linked(sys.argv[1]).foreign():
    name = f"{package['name']} {package['version']}"
    licence = package["license"] or f"see {package['license_file']}"
    print(f"\n{'=' * 78}\n{name}: {licence}\n{package['repository'] or ''}")
    folder = pathlib.Path(package["manifest_path"]).parent
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name.upper().startswith(NAMES):
            text = file.read_text(encoding="utf-8", errors="replace").strip()
            first = printed.setdefault(" ".join(text.split()), f"{file.name} of {name}")
            if first == f"{file.name} of {name}":
                print(f"\n--- {file.name}\n{text}")
            else:
                print(f"\n--- {file.name}: the same text as {first}")
