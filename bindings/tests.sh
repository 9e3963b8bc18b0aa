# Sourced by the bindings' suites: the library and the command in WOTRUS_LIBRARY and WOTRUS_COMMAND, which are
# built if they are not given.
if [ -z "${WOTRUS_LIBRARY:-}" ]; then
    make all
    WOTRUS_LIBRARY=$PWD/target/release/libwotrus.so
    WOTRUS_COMMAND=$PWD/target/release/wotrus
fi
export WOTRUS_LIBRARY WOTRUS_COMMAND PYTHONDONTWRITEBYTECODE=1
bindings/generate/generate --library "$WOTRUS_LIBRARY"
