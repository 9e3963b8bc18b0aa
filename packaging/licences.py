"""licences.py TRIPLE: prints the licences of all packages that are linked into the library and the command."""
import pathlib
import sys

from linked import Linked

NAMES = ("LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")

print("Linked into libwotrus and the wotrus command, besides Rust's standard library")
print("(MIT OR Apache-2.0, https://www.rust-lang.org; its own notices are in a file beside this one):")
for package in Linked(sys.argv[1]).foreign():
    licence = package["license"] or f"see {package['license_file']}"
    print(f"\n{'=' * 78}\n{package['name']} {package['version']}: {licence}\n{package['repository'] or ''}")
    folder = pathlib.Path(package["manifest_path"]).parent
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name.upper().startswith(NAMES):
            print(f"\n--- {file.name}\n{file.read_text(encoding='utf-8', errors='replace').strip()}")
