#!/bin/sh
# install.sh [PREFIX]: copies the files of this archive to where they belong, by default below /usr/local.
# It changes nothing else: no php.ini, no service.
#   PREFIX/share/wotrus-php   the package (Composer: type path; without Composer: its autoload.php)
#   PREFIX/lib, include       the library and its headers, for the extension and for other programs
#   PREFIX/bin                the command wotrus, which has the sandbox
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-/usr/local}
case $prefix in /*) ;; *) echo "install.sh: $prefix is not an absolute path" >&2 && exit 2 ;; esac
package=$prefix/share/wotrus-php

install -d "$prefix/lib" "$prefix/include" "$prefix/bin" "$prefix/share"
install -m 644 "$here"/include/*.h "$prefix/include"
install -m 755 "$here/lib/libwotrus.so.1" "$prefix/lib/libwotrus.so.1"
ln -sf libwotrus.so.1 "$prefix/lib/libwotrus.so"
install -m 755 "$here/bin/wotrus" "$prefix/bin/wotrus"
# A new folder replaces the old one at once: a request may be using it.
rm -rf "$package.new"
cp -R "$here" "$package.new"
chmod -R u=rwX,go=rX "$package.new"
rm -rf "$package.old"
[ ! -e "$package" ] || mv "$package" "$package.old"
mv "$package.new" "$package"
rm -rf "$package.old"
echo "installed: $package"
echo "next: php $package/bin/wotrus-doctor"
