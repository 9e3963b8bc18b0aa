# Sourced by the suites.
set -eu
cd "$(dirname "$0")/../.."

# require TOOL...: on Debian a missing tool is a failure, elsewhere a reason to skip.
require() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null && continue
        echo "$tool is not installed" >&2
        if command -v dpkg-query >/dev/null; then exit 1; else exit 77; fi
    done
}
