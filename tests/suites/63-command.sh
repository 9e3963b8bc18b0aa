#!/bin/sh
# The command as users see it: output at a terminal of 80 columns, shell completions, manual pages, and
# certificates compared with OpenSSL's reading of them.
# needs: tmux zsh fish bash man-db groff mandoc openssl faketime python3
. "$(dirname "$0")/../lib.sh"
require tmux zsh fish bash man groff mandoc openssl faketime python3
cargo build --locked -p wotrus-cli
export WOTRUS_COMMAND="$PWD/target/debug/wotrus"
export PATH="$PWD/target/debug:$PATH" LC_ALL=C.UTF-8
tests/command/manual
tests/command/completions
tests/command/keys
tests/command/pushes
packaging/with-sandbox --delay 3 -- tests/command/terminal
