#!/bin/sh
# install.sh [PREFIX]: installs what is in this archive into PREFIX, by default /usr/local: bin, lib,
# include and share. DESTDIR is put before PREFIX. Without it the archive works in place too.
set -eu
prefix=${1:-/usr/local}
case $prefix in
/*) ;;
*) echo "usage: $0 [PREFIX], an absolute path" >&2 && exit 2 ;;
esac
cd "$(dirname "$0")"
root=${DESTDIR:-}$prefix
umask 022

# A file is replaced in one step, so that programs that use the old one keep it.
place() {
    mkdir -p "$(dirname "$2")"
    cp -P "$1" "$2.new"
    mv -f "$2.new" "$2"
}
for folder in bin lib include share; do
    [ ! -d "$folder" ] || find "$folder" -type f -o -type l | while IFS= read -r file; do place "$file" "$root/$file"; done
done
for file in *.md *.txt *.html *.json LICENSE-*; do
    [ ! -e "$file" ] || place "$file" "$root/share/doc/libwotrus/$file"
done

echo "installed into $root"
if [ -z "${DESTDIR:-}" ] && [ "$(id -u)" -eq 0 ] && command -v ldconfig >/dev/null; then
    ldconfig
fi
