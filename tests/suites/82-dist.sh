#!/bin/sh
# The archive and the Debian packages for x86_64: the checksums, the SBOM, what is exported, and what a user
# does with them: unpack, install, compile with pkg-config and CMake, and all of it in Debian 11 too.
# needs: gcc g++ libc6-dev make python3 python3-venv binutils pkg-config cmake openssl debootstrap dpkg-dev lintian
. "$(dirname "$0")/../lib.sh"
require gcc g++ make python3 pkg-config cmake readelf nm openssl
make dist DIST=x86_64
repository=$PWD
(cd dist && sha256sum --check --quiet SHA256SUMS)
[ "$(wc -l <dist/SHA256SUMS)" -ge 4 ]
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
version=$(packaging/version package)
tar -C "$folder" -xzf "dist/libwotrus-$version-linux-x86_64.tar.gz"
# An archive unpacks into one folder.
[ "$(ls "$folder")" = "libwotrus-$version-linux-x86_64" ]
cd "$folder/libwotrus-$version-linux-x86_64"

echo "--- content"
for file in lib/libwotrus.a include/wotrus.ffi.h LICENSE-MIT README.zh-CN.md docs/platforms.md; do [ -s "$file" ]; done
grep -q '^rustls ' THIRD-PARTY-LICENCES.txt
[ -n "$(find . -name 'RUST-STANDARD-LIBRARY-LICENCES.*' -size +1k)" ]
readelf -d lib/libwotrus.so | grep -q 'SONAME.*\[libwotrus\.so\.1\]'
readelf -d lib/libwotrus.so | grep -q 'NODELETE'
sed -n 's/^.*[ *]\(wotrus_[a-z0-9_]*\)(.*/\1/p' include/wotrus.ffi.h | sort >"$folder/declared"
nm -D --defined-only lib/libwotrus.so | awk '{ print $3 }' | sort | diff "$folder/declared" -
if grep -aq "${CARGO_HOME:-$HOME/.cargo}\|$repository" lib/libwotrus.so lib/libwotrus.a bin/wotrus; then exit 1; fi
bin/wotrus --version
python3 - "$repository/Cargo.lock" <<'PYTHON'
import json, sys, tomllib
bom = json.load(open("sbom.cdx.json", encoding="utf-8"))
assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.5")
products = bom["metadata"]["component"]["components"]
components = {c["bom-ref"]: c for c in bom["components"] + products}
known = set(components) | {"libwotrus"}
assert all(ref in known for d in bom["dependencies"] for ref in [d["ref"], *d["dependsOn"]])
# Every package of others has its licence and the checksum of Cargo.lock.
locked = {(p["name"], p["version"]): p.get("checksum") for p in tomllib.load(open(sys.argv[1], "rb"))["package"]}
foreign = [c for c in bom["components"] if not c["name"].startswith(("wotrus", "rust-standard-library"))]
assert len(foreign) > 50
for c in foreign:
    assert c["licenses"] and c["hashes"][0]["content"] == locked[c["name"], c["version"]], c
# The library's own part is reachable, and nothing that only builds or tests is in it.
names = {c["name"] for c in components.values()}
assert {"wotrus", "wotrus-cli", "ureq", "rustls", "encoding_rs"} <= names, names
assert not {"cbindgen", "syn", "proptest", "rcgen"} & names, names
PYTHON

echo "--- in place, by pkg-config"
PKG_CONFIG_PATH=$PWD/lib/pkgconfig
export PKG_CONFIG_PATH
make -C examples
mkdir examples/static
make -C examples STATIC=1 OUT=static
run_order() {
    WOTRUS_COMMAND=$PWD/bin/wotrus "$repository/packaging/with-sandbox" --delay 0.5 -- \
        "$1" examples/example.csr examples/licence.pdf fullchain.pem
    sleep 1 # order.c names its order by the second
    openssl x509 -in fullchain.pem -noout -subject
    rm fullchain.pem
}
run_order examples/order
run_order examples/static/order

echo "--- installed by install.sh, by CMake"
./install.sh "$folder/prefix"
[ "$(readlink "$folder/prefix/lib/libwotrus.so")" = libwotrus.so.1 ]
for file in bin/wotrus share/man/man1/wotrus.1 share/doc/libwotrus/LICENSE-MIT; do
    cmp "$folder/prefix/$file" "$(find . -path "*${file#share/doc/libwotrus/}" | head -1)"
done
# Nothing is put elsewhere, and a file that is in use is replaced, not overwritten.
[ "$(ls "$folder/prefix" | tr '\n' ' ')" = "bin include lib share " ]
if find "$folder/prefix" -name '*.new' | grep .; then exit 1; fi
before=$(stat -c %i "$folder/prefix/lib/libwotrus.so.1.0.0")
DESTDIR=$folder ./install.sh /prefix
[ "$(stat -c %i "$folder/prefix/lib/libwotrus.so.1.0.0")" != "$before" ]
if ./install.sh relative 2>"$folder/usage"; then exit 1; fi
grep -q 'absolute path' "$folder/usage"
mkdir "$folder/cmake"
cat >"$folder/cmake/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.5)
project(order C)
find_package(wotrus 0.1 REQUIRED)
add_executable(shared ${EXAMPLES}/order.c)
target_link_libraries(shared wotrus::wotrus)
add_executable(static ${EXAMPLES}/order.c)
target_link_libraries(static wotrus::static)
CMAKE
# It is found where it was moved to, too.
mv "$folder/prefix" "$folder/moved"
cmake -S "$folder/cmake" -B "$folder/cmake/build" -DCMAKE_PREFIX_PATH="$folder/moved" -DEXAMPLES="$PWD/examples" >"$folder/log"
cmake --build "$folder/cmake/build" >>"$folder/log" || { cat "$folder/log" && exit 1; }
readelf -d "$folder/cmake/build/shared" | grep -q 'NEEDED.*\[libwotrus\.so\.1\]'
if readelf -d "$folder/cmake/build/static" | grep 'NEEDED.*libwotrus'; then exit 1; fi
run_order "$folder/cmake/build/shared"
run_order "$folder/cmake/build/static"
sed 's/wotrus 0\.1/wotrus 99/' "$folder/cmake/CMakeLists.txt" >"$folder/later" && mv "$folder/later" "$folder/cmake/CMakeLists.txt"
if cmake -S "$folder/cmake" -B "$folder/cmake/later" -DCMAKE_PREFIX_PATH="$folder/moved" >"$folder/log" 2>&1; then exit 1; fi
grep -q 'wotrus-config.cmake, version: ' "$folder/log"

echo "--- Debian packages"
cd "$repository"
for package in libwotrus1 wotrus; do
    dpkg-deb --contents "dist/${package}_${version}_amd64.deb" >"$folder/contents"
    grep -q "/$package/third-party\.gz$" "$folder/contents"
    grep -q "/$package/rust-standard-library\.[a-z]*\.gz$" "$folder/contents"
done
lintian --fail-on error,warning dist/*_"$version"_amd64.deb

echo "--- Debian 11"
[ "$(id -u)" -eq 0 ] || { echo "only root can unpack Debian 11" >&2 && exit 1; }
old=$PWD/target/dist/debian-11
tests/dist/debian-11 "$old"
rm -rf "$old/dist"
mkdir "$old/dist"
cp "dist/libwotrus-$version-linux-x86_64.tar.gz" dist/*_"$version"_amd64.deb packaging/with-sandbox tests/dist/old-system "$old/dist"
chroot "$old" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 /dist/old-system
