# Sourced by every suite: enters the repository's folder, and stops at the first error.
set -eu
cd "$(dirname "$0")/../.."

# require TOOL...: a missing tool fails the suite on Debian, and skips it elsewhere.
require() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null && continue
        echo "$tool is not installed" >&2
        if command -v dpkg-query >/dev/null; then exit 1; else exit 77; fi
    done
}
