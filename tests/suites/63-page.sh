#!/bin/sh
# The sandbox's management page in Chromium.
# needs: chromium chromium-driver python3
. "$(dirname "$0")/../lib.sh"
require chromium chromedriver python3
cargo build --locked -p wotrus-cli
WOTRUS="$PWD/target/debug/wotrus" PYTHONDONTWRITEBYTECODE=1 timeout 600 python3 tests/sandbox/page.py
