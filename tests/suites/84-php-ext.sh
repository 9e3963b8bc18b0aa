#!/bin/sh
# The PHP extension and the class for old PHP, with Debian's PHP: phpt, then valgrind.
# needs: gcc libc6-dev make php-cli php-dev php-mbstring valgrind
. "$(dirname "$0")/../lib.sh"
require gcc make php php-config phpize valgrind
out=$PWD/target/php-ext
export out
rm -rf "$out"
make all
make install PREFIX="$out/prefix"

cat >"$out/run.sh" <<'END'
set -eu
CFLAGS="-g -O1 -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers" \
    bindings/php/ext/try "$out/prefix" php-config "$out"
[ "$(grep -c '^PASS' "$out/ext/test.log")" -eq "$(ls bindings/php/ext/tests/*.phpt | wc -l)" ]

cd "$out/ext"
# Valgrind reports the assembly code of the ciphers, so plain HTTP from here on.
export WOTRUS_BASE_URL="$WOTRUS_HTTP_URL"
echo "--- memory, with PHP's own test runner and valgrind"
NO_INTERACTION=1 REPORT_EXIT_STATUS=1 make test \
    TESTS="-d extension=$(php-config --extension-dir)/iconv.so -m \
        tests/calls.phpt tests/kept.phpt tests/open_basedir.phpt tests/options.phpt tests/reply.phpt tests/with.phpt" \
    >memory.log 2>&1 || { cat memory.log tests/*.mem; exit 1; }
grep -q 'VALGRIND *: valgrind' memory.log
grep '^Tests passed' memory.log

for end in none exit exception error memory time; do
    echo "--- memory after a request that ends with: $end"
    # After a longjmp PHP frees its own memory only as a whole, with its own heap.
    case $end in memory | time) own=1 ;; *) own=0 ;; esac
    WOTRUS_END=$end USE_ZEND_ALLOC=$own ZEND_DONT_UNLOAD_MODULES=1 \
        valgrind --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
        --show-leak-kinds=definite --log-file=leaks.log php -n -d extension_dir=modules \
        -d extension=wotrus.so tests/fatal.inc >fatal.log 2>&1 || [ $? -eq 255 ] ||
        { cat fatal.log leaks.log; exit 1; }
    grep -qx 'after: refused' fatal.log
    grep 'definitely lost: 0 bytes\|no leaks are possible' leaks.log
    grep 'ERROR SUMMARY: 0 errors' leaks.log >/dev/null
done
END
packaging/with-sandbox -- sh "$out/run.sh"
