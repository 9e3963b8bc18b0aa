#!/bin/sh
# The library has the direct dependencies listed here; Rust programs compile neither cbindgen nor encoding_rs for it; and each
# package states the Rust version that its dependencies need.
# needs: python3
. "$(dirname "$0")/../lib.sh"
names=$(cargo tree --locked -p wotrus -e normal --depth 1 --prefix none | sed '1d;s/ .*//' | sort | tr '\n' ' ')
[ "$names" = "base64 httparse libc memchr ring rustls-pki-types serde serde_json ureq zeroize " ] || { echo "dependencies: $names" >&2; exit 1; }
if cargo tree --locked -p wotrus -e normal,build --prefix none | grep -E '^(cbindgen|syn|encoding_rs|openssl|aws-lc-sys) '; then
    echo "a Rust program would compile these" >&2
    exit 1
fi
echo "dependencies: $names"
cargo metadata --locked --format-version 1 | python3 -c '
import json, sys
metadata = json.load(sys.stdin)
packages = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node["deps"] for node in metadata["resolve"]["nodes"]}
def rust(package):
    return tuple(int(part) for part in (package["rust_version"] or "0").split("."))[:2]
for member in metadata["workspace_members"]:
    found, left = set(), [member]
    while left:
        package = left.pop()
        if package not in found:
            found.add(package)
            left += [d["pkg"] for d in nodes[package] if any(k["kind"] != "dev" for k in d["dep_kinds"])]
    late = [packages[p]["name"] for p in found if rust(packages[p]) > rust(packages[member])]
    name, version = packages[member]["name"], packages[member]["rust_version"]
    if late:
        sys.exit(f"{name} states Rust {version}, but these need a later one: " + ", ".join(late))
    print(f"{name}: Rust {version}")
'
