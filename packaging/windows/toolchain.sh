# Sourced by build and by tests/windows, from the repository's folder, with arch set to x64 or x86: makes
# Debian's mingw and newest Rust the compilers for Windows 7 and later, and sets triple (Rust's name of the
# target), mingw (the prefix of mingw's tools) and from (the folder that is built into).
case $arch in
x64) mingw=x86_64-w64-mingw32 triple=x86_64-win7-windows-gnu ;;
x86) mingw=i686-w64-mingw32 triple=i686-win7-windows-gnu ;;
*) echo "no such architecture: $arch (x64 or x86)" >&2 && exit 2 ;;
esac
from=target/$triple/release

need() {
    missing=
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
            missing="$missing $package"
    done
    [ -z "$missing" ] && return
    [ "$(id -u)" -eq 0 ] || { echo "install them first: sudo apt-get install -y$missing" >&2 && exit 1; }
    echo "installing:$missing" >&2
    apt-get update -qq >&2
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends $missing >&2
}
need gcc-mingw-w64-x86-64 gcc-mingw-w64-i686 llvm-19 mono-mcs python3 zip dpkg-dev

. packaging/debian-rust
# Of a target without a standard library rustc also lacks the two objects that begin and end a program: only
# 32-bit programs need them, for unwinding.
if [ "$arch" = x86 ]; then
    objects=$rust/usr/lib/rustlib/$triple/lib
    mkdir -p "$objects"
    for object in rsbegin rsend; do
        [ -e "$objects/$object.o" ] || "$RUSTC" --target "$triple" --emit=obj -o "$objects/$object.o" \
            "$rust/usr/lib/rustlib/src/rust/library/rtstartup/$object.rs"
    done
fi

variable=$(echo "$triple" | tr - _)
export "CC_$variable=$mingw-gcc" "AR_$variable=$mingw-ar"
# The files must not tell where they were built.
RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo --remap-path-prefix=$PWD=libwotrus"
export RUSTFLAGS

# Windows 7 is 6.1.
subsystem=-Wl,--major-subsystem-version=6,--minor-subsystem-version=1

# version_resource FILE TYPE DESCRIPTION: prints the object file that tells FILE's version; TYPE is VFT_DLL or
# VFT_APP. The version's numbers are four, so a pre-release has those of its release.
version_resource() {
    version=$(packaging/version package)
    numbers=$(echo "${version%%[-+]*}" | tr . ,),0
    mkdir -p "$from"
    object=$PWD/$from/$1.version.o
    sed -e "s|@FILE@|$1|; s|@TYPE@|$2|; s|@DESCRIPTION@|$3|; s|@NUMBERS@|$numbers|; s|@VERSION@|$version|" \
        packaging/windows/version.rc.in | "$mingw-windres" --input-format=rc --output-format=coff -o "$object"
    echo "$object"
}
