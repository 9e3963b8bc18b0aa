#!/bin/sh
# The archive for old systems: nothing newer than glibc 2.17 in it, and what a stranger does with it
# in an empty folder.
# needs: gcc g++ libc6-dev python3 python3-venv binutils pkg-config openssl
. "$(dirname "$0")/../lib.sh"
require gcc g++ make python3 pkg-config objdump readelf nm openssl
make dist
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tar -C "$folder" -xzf dist/libwotrus-*-linux-x86_64.tar.gz
cd "$folder"/libwotrus-*
for file in lib/libwotrus.a include/wotrus.ffi.h LICENSE-MIT THIRD-PARTY-LICENCES.txt; do [ -s "$file" ]; done
grep -q '^rustls ' THIRD-PARTY-LICENCES.txt
readelf -d lib/libwotrus.so | grep -q 'SONAME.*\[libwotrus\.so\.1\]'
readelf -d lib/libwotrus.so | grep -q 'NODELETE'
sed -n 's/^.*[ *]\(wotrus_[a-z0-9_]*\)(.*/\1/p' include/wotrus.ffi.h | sort >declared
nm -D --defined-only lib/libwotrus.so | awk '{ print $3 }' | sort | diff declared -
if grep -aq "${CARGO_HOME:-$HOME/.cargo}\|$OLDPWD" lib/libwotrus.so lib/libwotrus.a bin/wotrus; then exit 1; fi
bin/wotrus --version
PKG_CONFIG_PATH=$PWD/lib/pkgconfig
export PKG_CONFIG_PATH
make -C examples
mkdir examples/static
make -C examples STATIC=1 OUT=static
for program in examples/order examples/static/order; do
    WOTRUS_COMMAND=$PWD/bin/wotrus "$OLDPWD/packaging/with-sandbox" --delay 0.5 -- \
        "$program" examples/example.csr examples/licence.pdf fullchain.pem
    sleep 1
    openssl x509 -in fullchain.pem -noout -subject
    rm fullchain.pem
done
