#!/bin/sh
# The Go package: its functions against the header, the scenario, its tests, and the package as its user has it,
# with the README's and the example's code.
# needs: golang-go gcc libc6-dev binutils python3
# by: make test-bindings
. "$(dirname "$0")/../lib.sh"
. bindings/tests.sh
require go gofmt gcc python3 nm
WOTRUS_COMMAND=$(realpath "${WOTRUS_COMMAND:-target/release/wotrus}")
root=$PWD
out=$PWD/target/bindings/go
rm -rf "$out"
mkdir -p "$out/lib"
cp "$WOTRUS_LIBRARY" "$out/lib/libwotrus.so.1"
ln -s libwotrus.so.1 "$out/lib/libwotrus.so"
export CGO_CFLAGS="-I$root/include -Wall -Werror" CGO_LDFLAGS="-L$out/lib" LD_LIBRARY_PATH="$out/lib" GOFLAGS=-mod=mod
export GOPROXY=off GOTOOLCHAIN=local

bindings/generate/generate --check go
cd bindings/go
if gofmt -l . | grep .; then exit 1; fi
go vet ./...
go build -o "$out/scenario" ./test/scenario
go test -c -o "$out/tests" .
cd "$root"

echo "--- scenario"
bindings/scenario/run --without gbk -- "$out/scenario"

echo "--- tests"
cd bindings/go
# The arenas of glibc, one for each of Go's threads, would grow during the test for leaks.
MALLOC_ARENA_MAX=1 "$root/packaging/with-sandbox" --delay 0 \
    --policy missing_csr=wait --fault delay=20,on=create_order,request_id=slow- -- "$out/tests"
cd "$root"

echo "--- the package, from a new module"
tar -C "$out" -xzf "$out/$(bindings/go/package "$out")"
(cd "$out/wotrus-go" && go build -o "$out/order" ./examples/order)
# The lost answer shows that a reissue can be sent again.
packaging/with-sandbox --delay 0.5 --fault reset,when=after,on=reissue_certificate,count=1 -- \
    "$out/order" tests/fixtures/example.csr cli/assets/licence.pdf "$out/fullchain.pem"
grep -q 'BEGIN CERTIFICATE' "$out/fullchain.pem"
for readme in README.md README.zh-CN.md; do
    user=$out/user-$readme
    mkdir "$user"
    cp cli/assets/example.csr cli/assets/licence.pdf "$user"
    # block NUMBER: the README's Go code of this number.
    block() { awk -v number="$1" '/^```go$/ { n++; next } /^```$/ { if (n == number) exit; next } n == number' \
        "$out/wotrus-go/$readme"; }
    options='BaseURL: os.Getenv("WOTRUS_BASE_URL"), CAFile: os.Getenv("WOTRUS_CA_FILE"),'
    block 1 | sed -e 's|/etc/wotrus/token|token|' -e "s|wotrus\.Options{|& $options|" >"$user/main.go"
    {
        printf 'package main\nimport ("context"; "errors"; "log"; "wotrus")\nfunc readErrors(err error) {\n'
        block 2
        printf '}\nfunc readPush(ctx context.Context, client *wotrus.Client, requestBody []byte) error {\n'
        block 3
        printf 'return nil\n}\nvar _, _ = readErrors, readPush\n'
    } >"$user/snippets.go"
    # shellcheck disable=SC2016
    (cd "$user" && go mod init example.com/user 2>/dev/null &&
        go mod edit -require=wotrus@v0.0.0 -replace=wotrus=../wotrus-go && go vet . && go build -o user . &&
        "$root/packaging/with-sandbox" --delay 0.5 -- \
            sh -c 'echo "$WOTRUS_TOKEN" >token && ./user')
    [ "$(grep -c 'BEGIN CERTIFICATE' "$user/fullchain.pem")" = 2 ]
done
