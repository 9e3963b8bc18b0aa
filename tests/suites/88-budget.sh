#!/bin/sh
# What a call costs, counted in instructions and allocations against tests/budget/budget: over HTTPS,
# through the C face, with the deadline and retries as shipped.
# needs: gcc libc6-dev valgrind openssl python3
. "$(dirname "$0")/../lib.sh"
require gcc valgrind openssl python3
# Another processor's instructions are other numbers.
[ "$(uname -m)" = x86_64 ] || exit 77
# The library as it is shipped, but for the names in it, by which the ciphers are told apart.
built=$(cargo rustc --release --locked --lib --features capi --crate-type cdylib \
    --message-format json -- -C strip=none | sed -n 's/.*"\([^"]*libwotrus\.so\)".*/\1/p' | tail -1)
folder=target/budget
rm -rf "$folder"
mkdir -p "$folder"
cp "$built" "$folder/libwotrus.so.1"
ln -s libwotrus.so.1 "$folder/libwotrus.so"
gcc -Wall -Wextra -Werror -O1 -Iinclude tests/budget/work.c -o "$folder/work" \
    -L"$folder" -lwotrus -Wl,-rpath,"$PWD/$folder"
python3 tests/budget/count.py "$folder/work" tests/budget/budget tests/fixtures/example.csr
