#!/bin/sh
# Unit tests execute every region of the retry decision and of the code that catches panics.
# needs: llvm-19
. "$(dirname "$0")/../lib.sh"
require llvm-profdata-19 llvm-cov-19
folder=$PWD/target/coverage
rm -rf "$folder"/*.profraw
mkdir -p "$folder"
program=$(RUSTFLAGS="-C instrument-coverage" LLVM_PROFILE_FILE="$folder/build-%p.profraw" \
    cargo test --locked -p wotrus --features capi --lib --no-run --target-dir "$folder" --message-format json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
rm -f "$folder"/*.profraw
LLVM_PROFILE_FILE="$folder/test-%p.profraw" "$program" --quiet
llvm-profdata-19 merge -sparse "$folder"/test-*.profraw -o "$folder/test.profdata"
report=$(llvm-cov-19 report "$program" -instr-profile="$folder/test.profdata" src/call/retry.rs src/ffi/panics.rs)
echo "$report"
# The third column is the number of missed regions.
echo "$report" | awk '/^(call\/retry|retry|ffi\/panics)\.rs/ { files++; missed += $3 } END { exit !(files == 2 && missed == 0) }'
