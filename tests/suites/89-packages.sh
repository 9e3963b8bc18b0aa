#!/bin/sh
# The packages of all languages with the libraries of all platforms: their names, tags and folders.
# needs: python3 python3-pip mono-mcs default-jdk-headless libjna-java gcc-mingw-w64-base mingw-w64-common binutils
# by: make test-bindings
. "$(dirname "$0")/../lib.sh"
. bindings/tests.sh
require python3 mcs javac nm
# The target of a library is read from the file; other files are refused.
[ "$(packaging/native-target "$WOTRUS_LIBRARY")" = "$(uname -m)" ]
if packaging/native-target Cargo.toml 2>/dev/null; then exit 1; fi
for target in aarch64 x86_64-musl windows-x64; do
    [ "$(uname -m)" != "$target" ] || continue
    if packaging/dist-bindings "$target=$WOTRUS_LIBRARY" 2>/dev/null; then exit 1; fi
done
if packaging/dist-bindings x86_64=/no/such/library 2>/dev/null; then exit 1; fi
# The notices of a package are complete, or there is no package.
notices=target/bindings/notices-test
rm -rf $notices
mkdir -p $notices/toolchain
packaging/notices $notices x86_64-unknown-linux-gnu
packaging/notices $notices x86_64-pc-windows-gnu -WINDOWS
for file in LICENSE-MIT LICENSE-APACHE THIRD-PARTY-LICENCES.txt THIRD-PARTY-LICENCES-WINDOWS.txt \
    RUNTIME-LICENCES-WINDOWS.txt; do [ -s "$notices/$file" ]; done
grep -q 'MinGW-w64' $notices/RUNTIME-LICENCES-WINDOWS.txt
[ -n "$(find $notices -name 'RUST-STANDARD-LIBRARY-LICENCES.*' -size +1k)" ]
printf '#!/bin/sh\necho %s\n' "$PWD/$notices" >$notices/toolchain/rustc
chmod +x $notices/toolchain/rustc
if RUSTC=$PWD/$notices/toolchain/rustc packaging/notices $notices/toolchain x86_64-unknown-linux-gnu 2>$notices/error
then exit 1; fi
grep -q "Rust's standard library" $notices/error
rm -r $notices
python3 bindings/test_package_files.py
python3 bindings/test_packages.py
