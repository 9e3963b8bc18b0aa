#!/bin/sh
# The Pascal unit with Free Pascal: its declarations against the header, the scenario, its tests with both kinds of
# strings, and the package as its user has it, with the README's and the example's code.
# needs: fp-compiler fp-units-base fp-units-fcl fp-units-rtl binutils python3
# by: make test-bindings
. "$(dirname "$0")/../lib.sh"
. bindings/tests.sh
require fpc python3 nm
out=$PWD/target/bindings/pascal
rm -rf "$out"
mkdir -p "$out/lib" "$out/ansi" "$out/unicode"
cp "$WOTRUS_LIBRARY" "$out/lib/libwotrus.so.1"
ln -s libwotrus.so.1 "$out/lib/libwotrus.so"
export LD_LIBRARY_PATH="$out/lib"

# compile FOLDER OPTION...: with warnings as errors. FOLDER gets the units and the program.
compile() {
    folder=$1
    shift
    fpc -l- -v0we -Sew -gl "-Fl$out/lib" "-FU$folder" "-FE$folder" "$@"
}

bindings/generate/generate --check pascal
compile "$out/ansi" -Fubindings/pascal -Fubindings/pascal/test bindings/pascal/test/scenario.pas
compile "$out/ansi" -Fubindings/pascal bindings/pascal/test/tests.pas
compile "$out/unicode" -Fubindings/pascal -dWOTRUS_UNICODE bindings/pascal/test/tests.pas

echo "--- scenario"
bindings/scenario/run -- "$out/ansi/scenario"

echo "--- tests"
for kind in ansi unicode; do
    packaging/with-sandbox --delay 0 --policy missing_csr=wait -- "$out/$kind/tests"
done

echo "--- the package"
tar -C "$out" -xzf "$out/$(bindings/pascal/package "$out")"
unit=$out/wotrus-pascal
# as_told README: the options of the command in the README.
as_told() { sed -n 's|^.*`fpc \(.*\)-Fu… first\.pas`.*$|\1|p' "$unit/$1"; }
[ -n "$(as_told README.md)" ]
# shellcheck disable=SC2046
compile "$out" $(as_told README.md) "-Fu$unit" "$unit/examples/order.dpr"
# The lost answer shows that a reissue can be sent again.
packaging/with-sandbox --delay 0.5 --fault reset,when=after,on=reissue_certificate,count=1 -- \
    "$out/order" tests/fixtures/example.csr cli/assets/licence.pdf "$out/fullchain.pem"
grep -q 'BEGIN CERTIFICATE' "$out/fullchain.pem"
for readme in README.md README.zh-CN.md; do
    user=$out/user-$readme
    mkdir "$user"
    cp cli/assets/example.csr cli/assets/licence.pdf "$user"
    # block NUMBER: the README's code of this number.
    block() { awk -v number="$1" '/^```pascal$/ { n++; next } /^```$/ { if (n == number) exit; next } n == number' \
        "$unit/$readme"; }
    block 1 | sed -e 's|/etc/wotrus/token|token|' -e "s|^  Client := |  Options['base_url'] := \
GetEnvironmentVariable('WOTRUS_BASE_URL'); Options['ca_file'] := GetEnvironmentVariable('WOTRUS_CA_FILE'); &|" \
        >"$user/first.pas"
    {
        echo "{\$mode delphi} unit snippets; interface uses Wotrus; implementation procedure Postpone; begin end;"
        echo "procedure Report(const Delivery, Message: string); begin end;"
        echo "procedure Errors(Client: TWotrusClient; Order: TWotrusOrder); begin"
        block 2
        echo "end; procedure Pushed(Client: TWotrusClient; const RequestBody: TWotrusBytes);"
        echo "var Push: IWotrusReply; Status: string; begin"
        block 3
        echo "Report(Status, ''); end; end."
    } >"$user/snippets.pas"
    compile "$user" "-Fu$unit" "$user/snippets.pas"
    # shellcheck disable=SC2046
    compile "$user" $(as_told "$readme") "-Fu$unit" "$user/first.pas"
    # shellcheck disable=SC2016
    packaging/with-sandbox --delay 0.5 -- sh -c 'cd "$1" && echo "$WOTRUS_TOKEN" >token && ./first' - "$user"
    [ "$(grep -c 'BEGIN CERTIFICATE' "$user/fullchain.pem")" = 2 ]
done
