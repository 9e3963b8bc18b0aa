#!/bin/sh
# The sandbox, served to clients that nobody here wrote.
# needs: curl openssl python3 python3-requests
. "$(dirname "$0")/../lib.sh"
require curl openssl python3
cargo build --locked -p wotrus-cli
# Debian's own python3, which has Debian's requests.
WOTRUS="$PWD/target/debug/wotrus" PYTHONDONTWRITEBYTECODE=1 timeout 600 /usr/bin/python3 tests/sandbox/clients.py
