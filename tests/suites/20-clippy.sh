#!/bin/sh
. "$(dirname "$0")/../lib.sh"
cargo clippy --locked --workspace --all-targets --all-features -- -D warnings
# As a Rust user takes it.
cargo clippy --locked -p wotrus -- -D warnings
