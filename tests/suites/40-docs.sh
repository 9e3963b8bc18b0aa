#!/bin/sh
# Every public item is documented, without a warning.
. "$(dirname "$0")/../lib.sh"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
