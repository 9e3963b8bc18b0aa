#!/bin/sh
# The sandbox with third-party clients: curl, OpenSSL and Python's requests.
# needs: curl openssl python3 python3-requests
. "$(dirname "$0")/../lib.sh"
require curl openssl python3
cargo build --locked -p wotrus-cli
# python3 of Debian, which has the package python3-requests.
WOTRUS="$PWD/target/debug/wotrus" PYTHONDONTWRITEBYTECODE=1 timeout 600 /usr/bin/python3 tests/sandbox/clients.py
