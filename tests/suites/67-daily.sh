#!/bin/sh
# The daily work around a ledger: sync, killed at random moments, and 400 days of sync and due with a renewal
# whose answer is lost.
# needs: python3
. "$(dirname "$0")/../lib.sh"
require python3
cargo build --locked -p wotrus-cli
export WOTRUS="$PWD/target/debug/wotrus" PYTHONDONTWRITEBYTECODE=1
timeout 400 python3 tests/ledger/sync_kills.py --kills 100
timeout 200 python3 tests/ledger/year.py
