#!/bin/sh
# The committed C headers are the ones that the source gives, and a C89 compiler reads them, twice.
. "$(dirname "$0")/../lib.sh"
require gcc
cp include/wotrus.h target/committed.h
cp include/wotrus.ffi.h target/committed.ffi.h
# The headers are written by the build script, which must run anew.
touch build.rs
cargo build --locked -p wotrus --features capi
cmp include/wotrus.h target/committed.h
cmp include/wotrus.ffi.h target/committed.ffi.h
printf '#include "wotrus.h"\n#include "wotrus.h"\nint main(void) { return 0; }\n' >target/header.c
gcc -std=c89 -pedantic-errors -Wall -Wextra -Werror -Iinclude -c target/header.c -o target/header.o
g++ -x c++ -std=c++98 -pedantic-errors -Wall -Wextra -Werror -Iinclude -c target/header.c -o target/header.o
