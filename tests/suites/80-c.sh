#!/bin/sh
# The library in C and C++ programs: installed, linked dynamically and statically, loaded by dlopen, used
# after fork, and checked by valgrind and AddressSanitizer.
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
grep -qx '#define WOTRUS_ABI 1' "$prefix/include/wotrus.h"
grep -qx "#define WOTRUS_VERSION \"$(packaging/version package)\"" "$prefix/include/wotrus.h"
[ "$(pkg-config --modversion wotrus)" = "$(packaging/version package)" ]
# cargo-c takes the file's version from Cargo.toml, and the SONAME from its first number.
[ "$(readlink "$prefix/lib/libwotrus.so")" = libwotrus.so.1 ]
[ "$(readlink "$prefix/lib/libwotrus.so.1")" = "libwotrus.so.$(packaging/version library)" ]

echo "--- programs"
options="-std=gnu99 -g -O1 -Wall -Wextra -Werror -Wno-unused-function -Itests/c"
for program in api charset languages invalid_input threads_and_fork call_by_name canned_answers cancel no_resources \
    dlopen host_state handles; do
    # shellcheck disable=SC2046,SC2086
    gcc $options tests/c/$program.c -o "$out/$program" \
        $(pkg-config --cflags --libs wotrus) -Wl,-rpath,"$prefix/lib" -lpthread -ldl
done
# shellcheck disable=SC2046
g++ -std=c++98 -pedantic-errors -g -O1 -Wall -Wextra -Werror -Ibindings/c tests/c/wrapper.cpp \
    -o "$out/wrapper" $(pkg-config --cflags --libs wotrus) -Wl,-rpath,"$prefix/lib"
for readme in README.md README.zh-CN.md; do
    sed -n '/^```c$/,/^```$/p' $readme | sed '/^```/d' >"$out/readme.c"
    # shellcheck disable=SC2046
    gcc -std=c89 -pedantic-errors -Wall -Wextra -Werror "$out/readme.c" -o "$out/readme" \
        $(pkg-config --cflags --libs wotrus)
done
nm -u "$out/api" | sed -n 's/^ *U \(wotrus_[a-z0-9_]*\)$/\1/p' | sort >"$out/used"
diff "$out/declared" "$out/used"
make -C bindings/c OUT="$out" CFLAGS="-g -O1 -Werror" CXXFLAGS="-g -O1 -Werror"
make -C bindings/c OUT="$out/static" STATIC=1
for program in order push write_ahead order-cpp; do
    readelf -d "$out/$program" | grep -q 'NEEDED.*libwotrus'
    if readelf -d "$out/static/$program" | grep -q 'NEEDED.*libwotrus'; then exit 1; fi
done
# Only libraries that every Linux has are linked.
for file in "$library" "$out/static/order"; do
    readelf -d "$file" | grep NEEDED >"$out/needed"
    if grep -v '\[\(lib\(c\|m\|rt\|dl\|util\|pthread\|gcc_s\)\.so\|ld-linux\)' "$out/needed"; then exit 1; fi
done

echo "--- AddressSanitizer"
host=$(rustc -vV | sed -n 's/^host: //p')
# The compiler option is part of every toolchain, but not stable yet.
RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address cargo rustc --locked --lib --features capi \
    --crate-type staticlib --target "$host" --target-dir target/asan
archive=target/asan/$host/debug/libwotrus.a
nm "$archive" 2>/dev/null | grep -q ' U __asan_report_'
for program in api charset languages invalid_input handles use_after_free; do
    # shellcheck disable=SC2046,SC2086
    gcc $options -fsanitize=address -Iinclude tests/c/$program.c -o "$out/$program-asan" \
        "$archive" $(cat target/release/libwotrus.libs)
    nm "$out/$program-asan" | grep -q __asan_init
done
if "$out/use_after_free-asan" 2>"$out/use_after_free.log"; then exit 1; fi
grep -q 'AddressSanitizer: heap-use-after-free' "$out/use_after_free.log"

echo "--- run"
packaging/with-sandbox --delay 0 -- tests/c/run "$out" "$library"

echo "--- examples"
cat >"$out/examples.sh" <<'END'
set -eux
for kind in "$out" "$out/static"; do
    "$kind/order" tests/fixtures/example.csr cli/assets/licence.pdf "$out/fullchain.pem"
    "$kind/order-cpp" tests/fixtures/example.csr cli/assets/licence.pdf >"$out/fullchain-cpp.pem"
    sleep 1 # order.c derives its idempotenceID from the time in seconds
done
grep -c 'BEGIN CERTIFICATE' "$out/fullchain.pem" "$out/fullchain-cpp.pem"
push='{"dataAction":"order","orderID":"X-1","isIssued":true,"isRevoked":false}'
printf %s "$push" | CONTENT_LENGTH=${#push} "$out/push" 2>/dev/null | grep 'Status: 503'
push='{"dataAction":"news"}'
printf %s "$push" | CONTENT_LENGTH=${#push} "$out/push" | grep 'Status: 200'
END
export out
# The delay lets order.c cancel its reissued order before it is issued. The lost answer shows that a reissue can be
# sent again.
packaging/with-sandbox --delay 0.5 --fault reset,when=after,on=reissue_certificate,count=1 -- sh "$out/examples.sh"
packaging/with-sandbox --fault hang,when=after,on=create_order,count=1 -- tests/c/write_ahead "$out/write_ahead"
packaging/with-sandbox --fault reset,when=after,on=create_order,count=1 --policy idempotence=refuse -- \
    tests/c/write_ahead_refused "$out/write_ahead"
