#!/bin/sh
# Everybody that libwotrus is compared with builds, reads the same and sends the same, and a table
# comes out. How fast anybody is, is not tested: on a machine like this it would fail by chance.
# needs: gcc libc6-dev libcurl4-openssl-dev libcjson-dev libssl-dev nginx-light openssl ca-certificates valgrind strace php-cli php-curl php-dev python3 python3-requests
. "$(dirname "$0")/../lib.sh"
require gcc make nginx openssl valgrind strace php phpize python3
mkdir -p target
log=target/bench.log
make bench ROUNDS=1 QUICK=1 >"$log" 2>&1 || { cat "$log"; exit 1; }
cat "$log"
for peer in "libcurl + cJSON" "PHP, curl" "ureq" "libwotrus, C" "libwotrus, Rust" "libwotrus, PHP by extension" \
    "libwotrus, PHP by FFI" "Rust, no HTTP library"; do
    # Once in each of the three tables of peers.
    [ "$(grep -c "^| $peer |" "$log")" -eq 3 ] || { echo "no figures of $peer" >&2; exit 1; }
done

# What lies outside the workspace: its form, and every inner bench once.
manifest=benches/rust/Cargo.toml
cargo fmt --manifest-path $manifest --check
cargo test --locked --target-dir target/bench-rust --manifest-path $manifest --features inner --bench inner
