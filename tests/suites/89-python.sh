#!/bin/sh
# The Python package: its declarations against the header, the scenario, its tests, and the wheel in a new
# environment with the README's and the example's code.
# needs: python3 python3-venv binutils
. "$(dirname "$0")/../lib.sh"
. bindings/tests.sh
require python3 nm
out=$PWD/target/bindings/python
rm -rf "$out"
mkdir -p "$out"

python3 bindings/generate/test_generate.py
python3 bindings/vb/test_generate.py
python3 bindings/test_package_files.py
bindings/generate/generate --check python
bindings/python/package "$out" "$(uname -m)=$WOTRUS_LIBRARY"
python3 -m venv "$out/venv"
"$out/venv/bin/pip" install --quiet --no-index --disable-pip-version-check "$out"/wotrus-*-manylinux*.whl
# The version of the package is the library's.
"$out/venv/bin/python" -c '
import importlib.metadata, wotrus
assert importlib.metadata.version("wotrus") == wotrus.version(), wotrus.version()'
"$out/venv/bin/pip" check --disable-pip-version-check
"$out/venv/bin/pip" show --files wotrus | grep -q 'py\.typed'

echo "--- scenario"
bindings/scenario/run -- "$out/venv/bin/python" bindings/python/tests/scenario.py

echo "--- tests"
for tests in test_wotrus test_processes; do
    packaging/with-sandbox --delay 0 --policy missing_csr=wait --fault delay=20,on=create_order,request_id=slow- -- \
        "$out/venv/bin/python" bindings/python/tests/$tests.py
done

echo "--- examples"
# The lost answer shows that a reissue can be sent again.
example() {
    packaging/with-sandbox --delay 0.5 --fault reset,when=after,on=reissue_certificate,count=1 -- \
        "$out/venv/bin/python" "$@"
}
# They are those of the wheel.
pages=$out/venv/share/doc/wotrus
example "$pages/examples/order.py" tests/fixtures/example.csr cli/assets/licence.pdf "$out/fullchain.pem"
grep -q 'BEGIN CERTIFICATE' "$out/fullchain.pem"
for readme in README.md README.zh-CN.md; do
    example bindings/python/tests/readme.py "$pages/$readme" "$out"
done

echo "--- from source, with the system's library"
"$out/venv/bin/pip" install --quiet --no-index --no-build-isolation --disable-pip-version-check --force-reinstall \
    ./bindings/python
[ ! -e "$("$out/venv/bin/python" -c 'import wotrus; print(wotrus.__path__[0])')/libwotrus.so" ]
mkdir "$out/system"
cp "$WOTRUS_LIBRARY" "$out/system/libwotrus.so.1"
LD_LIBRARY_PATH=$out/system "$out/venv/bin/python" -c 'import wotrus; wotrus.version()'
"$out/venv/bin/python" -c "import wotrus; wotrus.load_library('$out/system/libwotrus.so.1')"
