#!/bin/sh
# PHP under load, as in production: nginx and php-fpm with 8 workers, 2,000 requests with each backend,
# fatal errors of each kind, a reload in between.
# needs: php-cli php-fpm php-dev nginx python3 gcc libc6-dev
. "$(dirname "$0")/../lib.sh"
PATH=$PATH:/usr/sbin
require php php-config nginx python3 make
fpm=php-fpm$(php -r 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;')
require "$fpm"
out=$PWD/target/fpm
prefix=$out/prefix
rm -rf "$out"
mkdir -p "$out"
make all
make install PREFIX="$prefix" >/dev/null
WOTRUS_COMMAND=$prefix/bin/wotrus WOTRUS_TEST_LIBRARY=$prefix/lib/libwotrus.so.1
export WOTRUS_COMMAND WOTRUS_TEST_LIBRARY PYTHONDONTWRITEBYTECODE=1

cp -R bindings/php/ext "$out/ext"
(cd "$out/ext" && phpize && ./configure --with-wotrus="$prefix" && make) >"$out/ext.log" 2>&1 ||
    { cat "$out/ext.log"; exit 1; }

python3 bindings/php/tests/fpm/doctor.py "$fpm"
load() { packaging/with-sandbox --delay 0 -- python3 bindings/php/tests/fpm/load.py "$@"; }
load extension "$fpm" "$out/ext/modules/wotrus.so"
load ffi "$fpm"
