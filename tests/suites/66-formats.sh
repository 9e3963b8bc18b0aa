#!/bin/sh
# Keys, requests, PFX, P7B and DER: the command, OpenSSL, Java's keytool and Mono read each other's files. strace shows
# that the key of an order is on disk before the order is sent.
# needs: openssl default-jdk-headless mono-mcs mono-runtime strace
. "$(dirname "$0")/../lib.sh"
require openssl keytool mcs mono strace
cargo build --locked -p wotrus-cli
export PATH="$PWD/target/debug:$PATH" LC_ALL=C.UTF-8
export WOTRUS_COMMAND="$PWD/target/debug/wotrus"
timeout 300 tests/command/formats
timeout 60 packaging/with-sandbox -- tests/command/new-key
