#!/bin/sh
. "$(dirname "$0")/../lib.sh"
cargo test --locked --workspace --all-features
