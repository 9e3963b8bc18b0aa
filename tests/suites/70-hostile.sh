#!/bin/sh
# Misbehaving servers, with the Rust API and with the shared library. docs/reliability.md and
# tests/hostile/CATALOGUE.md must be up to date.
# needs: gcc libc6-dev
. "$(dirname "$0")/../lib.sh"
require gcc
built=$(cargo rustc --locked --lib --features capi --crate-type cdylib --message-format json |
    sed -n 's/.*"\([^"]*libwotrus\.so\)".*/\1/p' | tail -1)
folder=target/hostile
rm -rf "$folder"
mkdir -p "$folder"
# Copied, because other builds overwrite or leave an old library there.
cp "$built" "$folder/libwotrus.so.1"
ln -s libwotrus.so.1 "$folder/libwotrus.so"
gcc -std=c99 -pedantic -Wall -Wextra -Werror -O1 -Iinclude tests/hostile/call.c \
    -o "$folder/call" -L"$folder" -lwotrus -Wl,-rpath,"$PWD/$folder"
gcc -Wall -Wextra -Werror -shared -fPIC tests/hostile/slow_dns.c -o "$folder/slow_dns.so" -ldl
WOTRUS_CALL="$PWD/$folder/call" WOTRUS_SLOW_DNS="$PWD/$folder/slow_dns.so" \
    cargo test --locked --features capi --test hostile
