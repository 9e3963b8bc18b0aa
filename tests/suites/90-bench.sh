#!/bin/sh
# Every program that libwotrus is compared with builds, reads the same values and sends the same
# requests, and the report is complete. Speed is not tested: on a busy machine such a test would fail
# at random.
# needs: gcc libc6-dev libcurl4-openssl-dev libcjson-dev libssl-dev nginx-light openssl ca-certificates valgrind strace php-cli php-curl php-dev python3 python3-requests
. "$(dirname "$0")/../lib.sh"
require gcc make nginx openssl valgrind strace php phpize python3
mkdir -p target
log=target/bench.log
make bench ROUNDS=1 QUICK=1 >"$log" 2>&1 || { cat "$log"; exit 1; }
cat "$log"
for peer in "libcurl + cJSON" "ureq" "libwotrus, C" "libwotrus, Rust" "Rust, no HTTP library"; do
    # One row in each of the three tables.
    [ "$(grep -c "^| $peer |" "$log")" -eq 3 ] || { echo "no figures of $peer" >&2; exit 1; }
done
for peer in "PHP, curl" "libwotrus, PHP by extension" "libwotrus, PHP by FFI"; do
    # One more, whose cells all have a count or a ratio. A ratio of so few calls may be below zero, because
    # the start of a process is subtracted.
    [ "$(grep -c "^| $peer |" "$log")" -eq 4 ] || { echo "no figures of $peer" >&2; exit 1; }
    [ "$(grep -cE "^\| $peer( \| [0-9,]+ \(-?[0-9.]+\)){1}( \| ([0-9,]+ )?\(-?[0-9.]+\)){3} \|$" "$log")" -eq 1 ] ||
        { echo "the table of PHP lacks figures of $peer" >&2; exit 1; }
done

# The package is outside the workspace, so 10-format does not check it.
cargo fmt --manifest-path benches/rust/Cargo.toml --check
