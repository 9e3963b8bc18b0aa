#!/bin/sh
# build.sh FOLDER: compiles Wotrus.dll and its documentation into FOLDER with Mono's compiler. The assembly refers to
# what .NET Framework 4.0 has, and runs on .NET Framework, Mono and .NET.
set -eu
cd "$(dirname "$0")"
mcs -nologo -langversion:6 -optimize+ -define:TRACE -warnaserror+ -target:library -out:"$1/Wotrus.dll" -doc:"$1/Wotrus.xml" \
    -r:System.Core.dll src/*.cs
