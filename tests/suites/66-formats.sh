#!/bin/sh
# Keys, requests, PFX, P7B and DER: the command, OpenSSL, Java's keytool and Mono read each other's files.
# needs: openssl default-jdk-headless mono-mcs mono-runtime
. "$(dirname "$0")/../lib.sh"
require openssl keytool mcs mono
cargo build --locked -p wotrus-cli
export PATH="$PWD/target/debug:$PATH" LC_ALL=C.UTF-8
timeout 300 tests/command/formats
