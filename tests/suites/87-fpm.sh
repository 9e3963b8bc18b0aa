#!/bin/sh
# PHP under load: nginx and php-fpm with 8 workers, 2,000 requests by extension, preloaded FFI and FFI, every
# kind of fatal error, and a reload during the requests.
# needs: php-cli php-fpm php-dev nginx python3 gcc libc6-dev
. "$(dirname "$0")/../lib.sh"
PATH=$PATH:/usr/sbin
require php php-config nginx python3 make
fpm=php-fpm$(php -r 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;')
require "$fpm"
out=$PWD/target/fpm
prefix=$out/prefix
rm -rf "$out"
mkdir -p "$out/scope"
make all
make install PREFIX="$prefix" >/dev/null
WOTRUS_COMMAND=$prefix/bin/wotrus WOTRUS_TEST_LIBRARY=$prefix/lib/libwotrus.so.1
export WOTRUS_COMMAND WOTRUS_TEST_LIBRARY PYTHONDONTWRITEBYTECODE=1

cp -R bindings/php/ext "$out/ext"
(cd "$out/ext" && phpize && ./configure --with-wotrus="$prefix" && make) >"$out/ext.log" 2>&1 ||
    { cat "$out/ext.log"; exit 1; }
bindings/php/bin/wotrus-doctor preload --library="$WOTRUS_TEST_LIBRARY" --user="$(id -un)" "$out/scope/99-wotrus.ini"

python3 bindings/php/tests/fpm/doctor.py "$fpm"
load() { packaging/with-sandbox --delay 0 -- python3 bindings/php/tests/fpm/load.py "$@"; }
load extension "$fpm" "$out/ext/modules/wotrus.so"
load scope "$fpm" "$out/scope"
load ffi "$fpm"
