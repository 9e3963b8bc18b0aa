#!/bin/sh
# The library as C and C++ programs meet it: installed, linked both ways, loaded, forked, and watched
# by valgrind and AddressSanitizer.
# needs: gcc g++ libc6-dev valgrind pkg-config binutils php-cli python3 python3-cffi
. "$(dirname "$0")/../lib.sh"
require gcc g++ make valgrind pkg-config readelf nm php
out=$PWD/target/c
prefix=$out/prefix
library=$prefix/lib/libwotrus.so.1
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
rm -rf "$out"
mkdir -p "$out/static"

make all
make install PREFIX=/opt/wotrus DESTDIR="$out/staged"
[ -L "$out/staged/opt/wotrus/lib/libwotrus.so" ]
for file in man/man1/wotrus.1 man/zh_CN/man1/wotrus.1 bash-completion/completions/wotrus; do
    [ -s "$out/staged/opt/wotrus/share/$file" ]
done
grep -qx 'prefix=/opt/wotrus' "$out/staged/opt/wotrus/lib/pkgconfig/wotrus.pc"
make install PREFIX="$prefix"

echo "--- names"
sed -n 's/^.*[ *]\(wotrus_[a-z0-9_]*\)(.*/\1/p' include/wotrus.ffi.h | sort >"$out/declared"
[ "$(wc -l <"$out/declared")" -gt 40 ]
nm -D --defined-only "$library" | awk '{ print $3 }' | sort >"$out/exported"
diff "$out/declared" "$out/exported"
readelf -d "$library" | grep -q 'SONAME.*\[libwotrus\.so\.1\]'
readelf -d "$library" | grep -q 'NODELETE'
[ "$(readlink "$prefix/lib/libwotrus.so.1")" = "libwotrus.so.$(packaging/version library)" ]

echo "--- programs"
options="-std=gnu99 -g -O1 -Wall -Wextra -Werror -Wno-unused-function -Itests/c"
for program in whole together loaded alone; do
    # shellcheck disable=SC2046,SC2086
    gcc $options tests/c/$program.c -o "$out/$program" \
        $(pkg-config --cflags --libs wotrus) -Wl,-rpath,"$prefix/lib" -lpthread -ldl
done
nm -u "$out/whole" | sed -n 's/^ *U \(wotrus_[a-z0-9_]*\)$/\1/p' | sort >"$out/called"
diff "$out/declared" "$out/called"
make -C bindings/c OUT="$out" CFLAGS="-g -O1 -Werror" CXXFLAGS="-g -O1 -Werror"
make -C bindings/c OUT="$out/static" STATIC=1
for program in order push order-cpp; do
    readelf -d "$out/$program" | grep -q 'NEEDED.*libwotrus'
    if readelf -d "$out/static/$program" | grep -q 'NEEDED.*libwotrus'; then exit 1; fi
done

echo "--- AddressSanitizer"
host=$(rustc -vV | sed -n 's/^host: //p')
# The switch is the compiler's own; only its name is not promised yet.
RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address cargo rustc --locked --lib --features capi \
    --crate-type staticlib --target "$host" --target-dir target/asan
archive=target/asan/$host/debug/libwotrus.a
nm "$archive" 2>/dev/null | grep -q ' U __asan_report_'
for program in whole overrun; do
    # shellcheck disable=SC2046,SC2086
    gcc $options -fsanitize=address -Iinclude tests/c/$program.c -o "$out/$program-asan" \
        "$archive" $(cat target/release/libwotrus.libs)
    nm "$out/$program-asan" | grep -q __asan_init
done
if "$out/overrun-asan" 2>"$out/overrun.log"; then exit 1; fi
grep -q 'AddressSanitizer: heap-use-after-free' "$out/overrun.log"

cat >"$out/run.sh" <<'END'
set -eux
csr=tests/fixtures/example.csr licence=cli/assets/licence.pdf
"$out/whole" $csr $licence
"$out/whole-asan" $csr $licence
valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
    --track-fds=yes "$out/whole" $csr $licence 2>"$out/valgrind.log" || { cat "$out/valgrind.log"; exit 1; }
if grep -i 'lost\|invalid' "$out/valgrind.log"; then exit 1; fi
"$out/together"
"$out/loaded" "$library"
"$out/alone" >"$out/alone.log" 2>&1
[ ! -s "$out/alone.log" ]
for kind in "$out" "$out/static"; do
    "$kind/order" $csr $licence "$out/fullchain.pem"
    "$kind/order-cpp" $csr $licence >"$out/fullchain-cpp.pem"
    sleep 1
done
grep -c 'BEGIN CERTIFICATE' "$out/fullchain.pem" "$out/fullchain-cpp.pem"
push='{"dataAction":"order","data":{"orderID":"X-1","isIssued":true}}'
printf %s "$push" | CONTENT_LENGTH=${#push} "$out/push" 2>/dev/null | grep 'Status: 503'
push='{"dataAction":"news"}'
printf %s "$push" | CONTENT_LENGTH=${#push} "$out/push" | grep 'Status: 200'
php -d ffi.enable=1 tests/c/cdef.php include/wotrus.ffi.h "$library"
/usr/bin/python3 tests/c/cdef.py include/wotrus.ffi.h "$library"
END
export out library
packaging/with-sandbox --delay 0 -- sh "$out/run.sh"
