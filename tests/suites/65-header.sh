#!/bin/sh
# The committed C headers are the generated ones, and compile in each C and C++ standard, also when they
# are included twice.
# needs: gcc g++ clang libc6-dev
. "$(dirname "$0")/../lib.sh"
require gcc g++ clang
mkdir -p target/header
cp include/wotrus.h include/wotrus.ffi.h target/header
# Makes the build script run, which writes the headers.
touch build.rs
cargo build --locked -p wotrus --features capi
cmp include/wotrus.h target/header/wotrus.h
cmp include/wotrus.ffi.h target/header/wotrus.ffi.h
cat >target/header/twice.c <<'END'
#include "wotrus.h"
#include "wotrus.h"
int main(void) { return wotrus_abi() == WOTRUS_ABI; }
END
(echo 'typedef unsigned long size_t;' && cat include/wotrus.ffi.h && cat include/wotrus.ffi.h | sed '/^enum/,/^};/d' &&
    echo 'int main(void) { return wotrus_abi(); }') >target/header/ffi.c
strict="-pedantic-errors -Wall -Wextra -Werror -Iinclude -c -o target/header/out.o"
for compiler in gcc clang; do
    for standard in c89 c99 c17; do
        # shellcheck disable=SC2086
        $compiler -std=$standard $strict target/header/twice.c
    done
    $compiler -std=c17 -pedantic-errors -Wall -Wextra -Werror -c -o target/header/out.o target/header/ffi.c
    for standard in c++98 c++17; do
        # shellcheck disable=SC2086
        $compiler -x c++ -std=$standard $strict target/header/twice.c
    done
done
