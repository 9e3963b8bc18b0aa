#!/bin/sh
# The DLL for 64-bit Windows: built by mingw, its names, and the programs in C, C++, Pascal and C# in wine. The first run
# takes about 10 minutes; later ones build only what changed. make test-windows runs the rest.
# needs: gcc-mingw-w64-x86-64 gcc-mingw-w64-i686 g++-mingw-w64-x86-64 g++-mingw-w64-i686 llvm-19 lld-19 clang zip wine64 libwine-dev mono-mcs fp-compiler fpc-source python3 dpkg-dev
. "$(dirname "$0")/../lib.sh"
require x86_64-w64-mingw32-gcc python3
tests/windows/run x64
