"""Prints the licences of all packages that are linked into the library and the command."""
import json
import pathlib
import subprocess

metadata = json.loads(subprocess.run(
    ["cargo", "metadata", "--locked", "--format-version", "1", "--all-features",
     "--filter-platform", "x86_64-unknown-linux-gnu"],
    check=True, capture_output=True, text=True).stdout)
packages = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
own = set(metadata["workspace_members"])

linked, waiting = set(), list(own)
while waiting:
    name = waiting.pop()
    if name in linked:
        continue
    linked.add(name)
    for dependency in nodes[name]["deps"]:
        # Kind null is a normal dependency; the others are needed to build or test only.
        if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
            waiting.append(dependency["pkg"])

print("Linked into libwotrus and the wotrus command, besides Rust's standard library")
print("(MIT OR Apache-2.0, https://www.rust-lang.org; its notices are in the file beside this one):")
for package in sorted((packages[name] for name in linked - own), key=lambda p: p["name"]):
    licence = package["license"] or f"see {package['license_file']}"
    print(f"\n{'=' * 78}\n{package['name']} {package['version']}: {licence}\n{package['repository'] or ''}")
    folder = pathlib.Path(package["manifest_path"]).parent
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")):
            print(f"\n--- {file.name}\n{file.read_text(encoding='utf-8', errors='replace').strip()}")
