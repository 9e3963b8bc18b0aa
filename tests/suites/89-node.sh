#!/bin/sh
# The Node package: its declarations against the header, and the package as npm installs it: the scenario, its tests,
# and the README's and the example's code. npm fetches koffi.
# needs: nodejs binutils python3
# by: make test-bindings
. "$(dirname "$0")/../lib.sh"
. bindings/tests.sh
# Some packages of nodejs contain npm; Debian's does not.
if ! command -v npm >/dev/null && [ "$(id -u)" -eq 0 ]; then
    apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends npm
fi
require node npm python3 nm
WOTRUS_COMMAND=$(realpath "${WOTRUS_COMMAND:-target/release/wotrus}")
root=$PWD
out=$PWD/target/bindings/node
rm -rf "$out"
mkdir -p "$out/user"
export WOTRUS_ROOT="$root"

bindings/generate/generate --check node
package=$(bindings/node/package "$out" "$(uname -m)=$WOTRUS_LIBRARY")
[ "$(node -p 'require("./bindings/node/package.json").version')" = "$(packaging/version package)" ]
cd "$out/user"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund "$out/$package"
cp "$root"/bindings/node/test/*.js .
# The library is the one inside the package.
node -e 'require("wotrus").version(); require("assert")(process.report.getReport().sharedObjects.some(
    (file) => file.includes("/node_modules/wotrus/natives/")))'

echo "--- scenario"
UV_THREADPOOL_SIZE=16 "$root/bindings/scenario/run" --without gbk -- node scenario.js

echo "--- tests"
# V8's young generation would grow during the test for leaks.
"$root/packaging/with-sandbox" --delay 0 --policy missing_csr=wait \
    --fault delay=20,on=create_order,request_id=slow- -- \
    node --expose-gc --max-semi-space-size=1 client.test.js >"$out/tests.log" || {
    cat "$out/tests.log"
    exit 1
}
grep '^# \(tests\|pass\|fail\)' "$out/tests.log"

echo "--- examples"
# The lost answer shows that a reissue can be sent again.
"$root/packaging/with-sandbox" --delay 0.5 --fault reset,when=after,on=reissue_certificate,count=1 -- \
    node node_modules/wotrus/examples/order.js \
    "$root/tests/fixtures/example.csr" "$root/cli/assets/licence.pdf" "$out/fullchain.pem"
grep -q 'BEGIN CERTIFICATE' "$out/fullchain.pem"
cp "$root/cli/assets/example.csr" "$root/cli/assets/licence.pdf" .
for readme in README.md README.zh-CN.md; do
    rm -f fullchain.pem
    # block NUMBER: the README's code of this number.
    block() { awk -v number="$1" '/^```js$/ { n++; next } /^```$/ { if (n == number) exit; next } n == number' \
        "node_modules/wotrus/$readme"; }
    {
        options="baseUrl: process.env.WOTRUS_BASE_URL, caFile: process.env.WOTRUS_CA_FILE,"
        block 1 | sed -e 's|/etc/wotrus/token|token|' -e "s|wotrus.Client({|& $options|"
        echo "const order = { fields: {} };"
        block 2
        echo "const requestBody = Buffer.from(JSON.stringify({ dataAction: 'order', orderID: orderId, isIssued: true }));"
        echo "{"
        block 3
        echo "}"
    } >readme.mjs
    # shellcheck disable=SC2016
    "$root/packaging/with-sandbox" --delay 0.5 -- sh -c 'echo "$WOTRUS_TOKEN" >token && node readme.mjs' >readme.log
    grep -q ' issued$' readme.log
    [ "$(grep -c 'BEGIN CERTIFICATE' fullchain.pem)" = 2 ]
done
