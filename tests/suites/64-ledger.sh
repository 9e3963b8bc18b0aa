#!/bin/sh
# The ledger: imports that are killed at random moments, with both policies of the service, and system calls:
# an order is on disk before the first byte of its request. Also the units and the crontab of the READMEs.
# needs: python3 strace sqlite3 systemd
. "$(dirname "$0")/../lib.sh"
require python3 strace sqlite3 systemd-analyze
cargo build --locked -p wotrus-cli
export WOTRUS="$PWD/target/debug/wotrus" PYTHONDONTWRITEBYTECODE=1
python3 tests/ledger/write_ahead.py
WOTRUS_COMMAND=$WOTRUS packaging/with-sandbox --fault reset,when=after,on=create_order,count=1 -- tests/ledger/readme
timeout 900 python3 tests/ledger/kills.py --orders 1000 --kills 100
timeout 900 python3 tests/ledger/kills.py --orders 1000 --kills 100 --policy refuse
