#!/bin/sh
# The jar: its declarations against the header, the scenario, its tests, and the code of the example and the README,
# from the jar alone.
# needs: default-jdk-headless libjna-java libgoogle-gson-java gcc libc6-dev python3 binutils unzip
. "$(dirname "$0")/../lib.sh"
. bindings/tests.sh
require java javac gcc python3 nm unzip
out=$PWD/target/bindings/java
rm -rf "$out"
mkdir -p "$out/classes" "$out/readme"

bindings/generate/generate --check java
bindings/java/package "$out" "$(uname -m)=$WOTRUS_LIBRARY"
jar=$out/wotrus-$(packaging/version package).jar
[ -s "${jar%.jar}.pom" ]
unzip -q "${jar%.jar}-sources.jar" -d "$out/sources"
class_path=$jar:/usr/share/java/jna.jar:/usr/share/java/gson.jar:$out/classes
javac --release 8 -Xlint:all,-options -Werror -encoding UTF-8 -cp "$class_path" -d "$out/classes" \
    bindings/java/tests/*.java "$out"/sources/examples/*.java

echo "--- scenario"
bindings/scenario/run --without gbk -- java -cp "$class_path" Scenario
# Texts do not depend on the charset of the system, which is GBK on Chinese Windows.
bindings/scenario/run --without gbk -- java -Dfile.encoding=GBK -cp "$class_path" Scenario

echo "--- another library of the system"
mkdir "$out/older"
echo 'int wotrus_abi(void) { return 1; }' >"$out/older/older.c"
gcc -shared -fPIC -o "$out/older/libwotrus.so" "$out/older/older.c"
# The jar's library is taken in spite of it, and is no file any more while it is in use.
[ "$(LD_LIBRARY_PATH=$out/older java -cp "$class_path" Version)" = "$(packaging/version package) 0" ]
# One that was asked for is refused at once if it lacks a function.
if java "-Djna.library.path=$out/older" -cp "$class_path" Version >"$out/older/log" 2>&1; then exit 1; fi
grep -q "UnsatisfiedLinkError.*'wotrus_[a-z_]*'" "$out/older/log"

echo "--- tests"
packaging/with-sandbox --delay 0 --policy missing_csr=wait --fault delay=20,on=create_order,request_id=slow- -- \
    env MALLOC_ARENA_MAX=1 java -Xmx64m -Xms64m -XX:+AlwaysPreTouch -XX:+UseSerialGC -cp "$class_path" Tests

echo "--- examples"
# The lost answer shows that a reissue can be sent again.
packaging/with-sandbox --delay 0.5 --fault reset,when=after,on=reissue_certificate,count=1 -- \
    java -cp "$class_path" OrderExample tests/fixtures/example.csr cli/assets/licence.pdf "$out/fullchain.pem"
grep -q 'BEGIN CERTIFICATE' "$out/fullchain.pem"
cp cli/assets/example.csr cli/assets/licence.pdf "$out/readme"
for readme in README.md README.zh-CN.md; do
    python3 bindings/java/tests/readme.py "$out/sources/$readme" >"$out/readme/FirstOrder.java"
    javac -encoding UTF-8 -cp "$class_path" -d "$out/readme" "$out/readme/FirstOrder.java"
    status=$(packaging/with-sandbox --delay 0.5 -- \
        sh -c 'cd "$1" && java -cp "$2:." FirstOrder' sh "$out/readme" "$class_path")
    [ "$status" = issued ]
    grep -q 'BEGIN CERTIFICATE' "$out/readme/fullchain.pem"
    rm "$out/readme/fullchain.pem"
done
