#!/bin/sh
# rustdoc gives no warning: every public item is documented, and every link works.
. "$(dirname "$0")/../lib.sh"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
