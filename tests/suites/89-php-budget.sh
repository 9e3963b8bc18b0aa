#!/bin/sh
# Counts the instructions of a call in PHP with both backends and compares them with tests/budget/php.
# needs: php-cli php-dev php-curl gcc libc6-dev valgrind openssl python3
. "$(dirname "$0")/../lib.sh"
require php phpize gcc make valgrind openssl python3
# Another processor's instructions are other numbers.
[ "$(uname -m)" = x86_64 ] || exit 77
out=$PWD/target/php-budget
rm -rf "$out"
make all
make install PREFIX="$out/prefix" >/dev/null
cp -R bindings/php/ext "$out/ext"
(cd "$out/ext" && phpize && ./configure --with-wotrus="$out/prefix" CFLAGS=-O2 && make) >"$out/ext.log" 2>&1 ||
    { cat "$out/ext.log"; exit 1; }
PYTHONDONTWRITEBYTECODE=1 python3 tests/budget/php.py tests/budget/php "$PWD/tests/fixtures/example.csr" \
    "$out/prefix/lib/libwotrus.so.1" "$out/ext/modules/wotrus.so"
