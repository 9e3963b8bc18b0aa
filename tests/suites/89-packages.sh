#!/bin/sh
# The packages of all languages with the libraries of all platforms: their names, tags and folders.
# needs: python3 python3-pip mono-mcs default-jdk-headless libjna-java binutils
# by: make test-bindings
. "$(dirname "$0")/../lib.sh"
. bindings/tests.sh
require python3 mcs javac nm
# The target of a library is read from the file; other files are refused.
[ "$(packaging/native-target "$WOTRUS_LIBRARY")" = "$(uname -m)" ]
if packaging/native-target Cargo.toml 2>/dev/null; then exit 1; fi
for target in aarch64 x86_64-musl windows-x64; do
    [ "$(uname -m)" != "$target" ] || continue
    if packaging/dist-bindings "$target=$WOTRUS_LIBRARY" 2>/dev/null; then exit 1; fi
done
if packaging/dist-bindings x86_64=/no/such/library 2>/dev/null; then exit 1; fi
python3 bindings/test_package_files.py
python3 bindings/test_packages.py
