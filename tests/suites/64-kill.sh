#!/bin/sh
# The ledger with many kills: each of the three parts takes about 7 minutes on two busy cores; docs/ledger.md says when
# they ran last.
# by: make test-kill
# needs: python3
. "$(dirname "$0")/../lib.sh"
require python3
cargo build --locked -p wotrus-cli
export WOTRUS="$PWD/target/debug/wotrus" PYTHONDONTWRITEBYTECODE=1
timeout 7200 python3 tests/ledger/kills.py --orders 1000 --kills 500
timeout 7200 python3 tests/ledger/kills.py --orders 1000 --kills 500 --policy refuse
timeout 7200 python3 tests/ledger/sync_kills.py --orders 1000 --kills 500
