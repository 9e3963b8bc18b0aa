dnl phpize && ./configure --with-wotrus=PREFIX: PREFIX is where make install put libwotrus.
PHP_ARG_WITH(wotrus, for libwotrus,
[  --with-wotrus[=PREFIX]    Orders, tracks and fetches WoTrus certificates by libwotrus])

if test "$PHP_WOTRUS" != no; then
  if test "$PHP_WOTRUS" = yes; then
    places="/usr/local /usr /opt/wotrus"
  else
    places=$PHP_WOTRUS
  fi
  WOTRUS_PREFIX=
  AC_MSG_CHECKING([for libwotrus])
  for place in $places; do
    if test -z "$WOTRUS_PREFIX" && test -f "$place/include/wotrus.h"; then
      WOTRUS_PREFIX=$place
    fi
  done
  if test -z "$WOTRUS_PREFIX"; then
    AC_MSG_ERROR([no include/wotrus.h in $places: say where libwotrus is installed with --with-wotrus=PREFIX])
  fi
  WOTRUS_LIBDIR=
  for folder in lib lib64 "lib/`$CC -print-multiarch 2>/dev/null`"; do
    if test -z "$WOTRUS_LIBDIR" && test -f "$WOTRUS_PREFIX/$folder/libwotrus.so"; then
      WOTRUS_LIBDIR=$WOTRUS_PREFIX/$folder
    fi
  done
  if test -z "$WOTRUS_LIBDIR"; then
    AC_MSG_ERROR([no libwotrus.so in $WOTRUS_PREFIX/lib or lib64])
  fi
  AC_MSG_RESULT([$WOTRUS_LIBDIR])

  PHP_CHECK_LIBRARY(wotrus, wotrus_call, [], [
    AC_MSG_ERROR([$WOTRUS_LIBDIR/libwotrus.so cannot be linked; config.log says why])
  ], [-L$WOTRUS_LIBDIR])
  PHP_ADD_INCLUDE($WOTRUS_PREFIX/include)
  PHP_ADD_LIBRARY_WITH_PATH(wotrus, $WOTRUS_LIBDIR, WOTRUS_SHARED_LIBADD)
  PHP_SUBST(WOTRUS_SHARED_LIBADD)
  PHP_NEW_EXTENSION(wotrus, wotrus.c native.c options.c kept.c reply.c values.c paths.c, $ext_shared)
fi
