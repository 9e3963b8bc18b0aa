#!/bin/sh
# The C# assembly: its declarations against the header, the scenario and its tests on Mono and on .NET, the NuGet
# package, and the code of the example and the README from the package alone.
# needs: mono-mcs mono-runtime libmono-i18n-cjk4.0-cil python3 python3-venv binutils unzip
. "$(dirname "$0")/../lib.sh"
. bindings/tests.sh
require mcs mono python3 nm unzip
out=$PWD/target/bindings/csharp
rm -rf "$out"
mkdir -p "$out"

bindings/generate/generate --check csharp
bindings/csharp/package "$out" "$(uname -m)=$WOTRUS_LIBRARY"
unzip -q "$out"/Wotrus.*.nupkg -d "$out/package"

# Everything below uses what is in the package.
mkdir "$out/run"
cp "$out/package/lib/net40/Wotrus.dll" "$out"/package/runtimes/*/native/libwotrus.so "$out/run"
compile() {
    program=$out/run/$1.exe
    shift
    mcs -nologo -langversion:6 -warnaserror+ "-out:$program" "-r:$out/run/Wotrus.dll" -r:System.Core.dll "$@"
}
compile Scenario bindings/csharp/tests/Json.cs bindings/csharp/tests/Scenario.cs
compile Tests bindings/csharp/tests/Tests.cs
compile Order "$out/package/examples/Order.cs"

# .NET comes from PyPI. It finds the library beside the program, and Mono by the system's path.
runtimes=mono
export LD_LIBRARY_PATH="$out/run"
if [ "$(uname -m)" = x86_64 ]; then
    net=target/bindings/net
    [ -x $net/bin/pip ] || python3 -m venv $net
    $net/bin/pip install --quiet --disable-pip-version-check dotnetcore2==3.1.23
    cat >"$out/net" <<DOTNET
#!/bin/sh
dotnet=\$(echo $PWD/$net/lib/python3*/site-packages/dotnetcore2/bin/dotnet)
unset LD_LIBRARY_PATH
exec "\$dotnet" "\$@"
DOTNET
    chmod +x "$out/net" $net/lib/python3*/site-packages/dotnetcore2/bin/dotnet
    for program in Scenario Tests; do
        cp bindings/csharp/tests/runtimeconfig.json "$out/run/$program.runtimeconfig.json"
    done
    runtimes="mono $out/net"
fi
for runtime in $runtimes; do
    echo "--- $runtime"
    bindings/scenario/run --without gbk -- "$runtime" "$out/run/Scenario.exe"
    packaging/with-sandbox --delay 0 --policy missing_csr=wait --fault delay=20,on=create_order,request_id=slow- -- \
        "$runtime" "$out/run/Tests.exe"
done

echo "--- examples"
# The lost answer shows that a reissue can be sent again.
packaging/with-sandbox --delay 0.5 --fault reset,when=after,on=reissue_certificate,count=1 -- \
    mono "$out/run/Order.exe" tests/fixtures/example.csr cli/assets/licence.pdf "$out/fullchain.pem"
grep -q 'BEGIN CERTIFICATE' "$out/fullchain.pem"
mkdir "$out/readme"
cp cli/assets/example.csr cli/assets/licence.pdf "$out/readme"
for readme in README.md README.zh-CN.md; do
    python3 bindings/csharp/tests/readme.py "$out/package/$readme" >"$out/Readme.cs"
    compile Readme "$out/Readme.cs"
    [ "$(packaging/with-sandbox --delay 0.5 -- sh -c 'cd "$1" && mono ../run/Readme.exe' sh "$out/readme")" = issued ]
    grep -q 'BEGIN CERTIFICATE' "$out/readme/fullchain.pem"
    rm "$out/readme/fullchain.pem"
done
