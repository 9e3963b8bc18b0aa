#!/bin/sh
# Every fuzz target builds, passes its kept inputs, and finds nothing new in a few seconds. Longer runs:
# make fuzz MINUTES=10.
# needs: g++ libc6-dev
. "$(dirname "$0")/../lib.sh"
require g++
# AddressSanitizer's runtime for Rust is part of the toolchain on this platform.
[ "$(uname -sm)" = "Linux x86_64" ] || exit 77
cargo fmt --manifest-path fuzz/Cargo.toml --check
fuzz/run --seconds 3
