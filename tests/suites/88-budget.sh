#!/bin/sh
# The instructions and allocations of a call stay within tests/budget/budget: over HTTPS, by the C interface,
# with all defaults. The library stays below 2.2 MB.
# needs: gcc libc6-dev binutils valgrind openssl python3
. "$(dirname "$0")/../lib.sh"
require gcc strip valgrind openssl python3
# The budget is for this architecture.
[ "$(uname -m)" = x86_64 ] || exit 77
# The shipped library, but with symbols, by which the ciphers are recognised.
built=$(cargo rustc --release --locked --lib --features capi --crate-type cdylib \
    --message-format json -- -C strip=none | sed -n 's/.*"\([^"]*libwotrus\.so\)".*/\1/p' | tail -1)
folder=target/budget
rm -rf "$folder"
mkdir -p "$folder"
cp "$built" "$folder/libwotrus.so.1"
ln -s libwotrus.so.1 "$folder/libwotrus.so"
strip -o "$folder/stripped.so" "$folder/libwotrus.so.1"
size=$(stat -c %s "$folder/stripped.so")
echo "libwotrus.so: $size bytes (limit 2200000)"
[ "$size" -lt 2200000 ]
gcc -Wall -Wextra -Werror -O1 -Iinclude tests/budget/work.c -o "$folder/work" \
    -L"$folder" -lwotrus -Wl,-rpath,"$PWD/$folder"
python3 tests/budget/count.py "$folder/work" tests/budget/budget tests/fixtures/example.csr
