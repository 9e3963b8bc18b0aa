#!/bin/sh
# No import circle between source files, no file over 500 lines without a reason, and no name in the documents
# for maintainers that does not exist.
# needs: git python3
. "$(dirname "$0")/../lib.sh"
require git python3
python3 -B tools/test_tools.py
tools/circles.py
tools/long_files.py
tools/dead_names.py
