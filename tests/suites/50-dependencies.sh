#!/bin/sh
# The library has four dependencies, and a Rust user compiles no binding generator.
. "$(dirname "$0")/../lib.sh"
names=$(cargo tree --locked -p wotrus -e normal --depth 1 --prefix none | sed '1d;s/ .*//' | sort | tr '\n' ' ')
[ "$names" = "base64 serde serde_json ureq " ] || { echo "dependencies: $names" >&2; exit 1; }
if cargo tree --locked -p wotrus -e normal,build --prefix none | grep -E '^(cbindgen|syn|encoding_rs|openssl|aws-lc-sys) '; then
    echo "a plain Rust user would compile these" >&2
    exit 1
fi
echo "four dependencies: $names"
