#!/bin/sh
. "$(dirname "$0")/../lib.sh"
cargo clippy --locked --workspace --all-targets --all-features -- -D warnings
# With the default features, as Rust programs use it.
cargo clippy --locked -p wotrus -- -D warnings
