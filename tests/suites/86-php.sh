#!/bin/sh
# The PHP package: PHPUnit with the extension and with FFI, the examples with a push to a web page,
# Composer, the doctor, and the syntax of PHP 7.4.
# needs: php-cli php-dev php-mbstring php-sqlite3 php-laravel-framework phpunit composer gcc libc6-dev openssl
. "$(dirname "$0")/../lib.sh"
require php php-config phpunit composer gcc make openssl
# Without it the test of the Laravel recipe would check nothing.
php -r 'require "Illuminate/autoload.php";'
out=$PWD/target/php
prefix=$out/prefix
rm -rf "$out"
mkdir -p "$out"
make all
make install PREFIX="$prefix" >/dev/null
WOTRUS_PREFIX=$prefix WOTRUS_COMMAND=$prefix/bin/wotrus WOTRUS_LIBRARY=$prefix/lib/libwotrus.so.1
export WOTRUS_PREFIX WOTRUS_COMMAND WOTRUS_LIBRARY

echo "--- PHP 7.4's syntax"
find bindings/php -path bindings/php/ext -prune -o -path bindings/php/legacy -prune -o \
    \( -name '*.php' -o -name wotrus-doctor \) -print >"$out/files"
[ "$(wc -l <"$out/files")" -gt 40 ]
xargs -n 1 php -l <"$out/files" >"$out/lint"
xargs php bindings/php/tests/syntax.php <"$out/files"
# The check itself must find later syntax.
echo '<?php class A { public function __construct(private int|string $b) { $b?->c(d: 1); } }' >"$out/late.php"
if php bindings/php/tests/syntax.php "$out/late.php" >"$out/late.log"; then exit 1; fi
[ "$(wc -l <"$out/late.log")" -eq 4 ]

bindings/php/tests/run php-config
extension=$(ls "$out"/*/ext/modules/wotrus.so)

echo "--- examples"
for options in "" "-d extension=$extension"; do
    # shellcheck disable=SC2086
    FULLCHAIN=$out/fullchain.pem bindings/php/examples/try $options >"$out/try.log"
    cat "$out/try.log"
    [ "$(grep -c 'BEGIN CERTIFICATE' "$out/fullchain.pem")" -eq 2 ]
    grep -q '^revoke: pendingAudit$' "$out/try.log"
    tail -1 "$out/try.log" | grep -q ' issued$'
    rm "$out/fullchain.pem"
done

echo "--- the first order of the READMEs"
cp cli/assets/example.csr cli/assets/licence.pdf "$out"
for readme in README.md README.zh-CN.md; do
    {
        echo "<?php require '$PWD/bindings/php/autoload.php';"
        echo "\$options = require '$PWD/bindings/php/examples/options.php';"
        sed -n '/^## The first order\|^## 第一张订单/,/^## Errors\|^## 错误处理/{/^```php/,/^```$/{/^```/d;p}}' \
            "bindings/php/$readme" | sed 's/Client(\[.token. => .*\]);/Client($options);/'
    } >"$out/readme.php"
    grep -qF 'Client($options)' "$out/readme.php"
    packaging/with-sandbox --delay 0.1 -- sh -c "cd '$out' && php readme.php"
    [ "$(grep -c 'BEGIN CERTIFICATE' "$out/fullchain.pem")" -eq 2 ]
    rm "$out/fullchain.pem"
done

echo "--- the archive, in an empty folder"
packaging/php-archive "$prefix"
mkdir "$out/archive"
(
    unset WOTRUS_COMMAND WOTRUS_LIBRARY WOTRUS_PREFIX
    cd "$out/archive"
    tar -xzf "$OLDPWD"/dist/wotrus-php-*.tar.gz
    cd wotrus-php-*/
    # The archive has the library and the command, so it must have the licences of all that is linked into them.
    for notice in LICENSE-MIT LICENSE-APACHE THIRD-PARTY-LICENCES.txt RUST-STANDARD-LIBRARY-LICENCES.*; do [ -s "$notice" ]; done
    ./install.sh "$out/archive/usr"
    cd "$out/archive"
    php usr/share/wotrus-php/bin/wotrus-doctor | grep 'Client uses: ffi'
    usr/share/wotrus-php/examples/try | tail -1 | grep ' issued$'
    openssl x509 -in fullchain.pem -noout -subject
    # The extension by the commands of the texts, in the unpacked folder: the installed one is root's.
    cd wotrus-php-*/
    for readme in ext/README.md README.zh-CN.md; do
        sed -n 's/^ *//; /^cd .*ext/,/^```$/{/^```$/d; p}' "$readme" |
            sed "s|--with-wotrus=/usr/local|--with-wotrus='$out/archive/usr'|; s| && sudo make install||" >"$out/commands"
        sh -e "$out/commands" >"$out/archive.log" 2>&1 || { cat "$out/archive.log"; exit 1; }
        php -n -d extension="$PWD/ext/modules/wotrus.so" --ri wotrus | grep 'libwotrus, running'
        make -s -C ext clean >"$out/archive.log"
    done
)

echo "--- Composer"
export COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_DISABLE_NETWORK=1 COMPOSER_HOME="$out/composer"
composer validate --strict --no-check-lock --no-interaction bindings/php/composer.json
for symlink in true false; do
    shop=$out/shop-$symlink
    mkdir "$shop"
    cat >"$shop/composer.json" <<END
{"repositories": [
    {"type": "path", "url": "$PWD/bindings/php", "options": {"symlink": $symlink}},
    {"packagist.org": false}],
 "require": {"wotrus/wotrus": "*@dev"}}
END
    (cd "$shop" && composer install --no-interaction --quiet)
    cat >"$shop/first.php" <<'END'
<?php
require __DIR__ . '/vendor/autoload.php';
$client = new Wotrus\Client(['token' => getenv('WOTRUS_TOKEN'), 'base_url' => getenv('WOTRUS_BASE_URL'),
    'ca_file' => getenv('WOTRUS_CA_FILE'), 'library' => getenv('WOTRUS_LIBRARY')]);
try {
    $client->queryOrder('no-such-order');
} catch (Wotrus\Exception\RefusedException $error) {
    echo $error->getMessage(), "\n";
}
END
    packaging/with-sandbox -- php "$shop/first.php" | grep '订单不存在'
    "$shop/vendor/bin/wotrus-doctor" --library="$WOTRUS_LIBRARY" | grep 'Client uses: ffi'
done

echo "--- the commands of the READMEs, on a site with open_basedir"
for readme in README.md README.zh-CN.md archive/README.zh-CN.md; do
    site=$out/site-$(echo "$readme" | tr / -)
    mkdir "$site"
    echo '{"repositories": [{"packagist.org": false}]}' >"$site/composer.json"
    grep '^ *composer ' "bindings/php/$readme" |
        sed "s|\"url\": \"[^\"]*\"|\"url\": \"$PWD/bindings/php\"|; s/composer require/& --quiet --no-interaction/" >"$site/commands"
    [ "$(wc -l <"$site/commands")" -eq 2 ]
    (cd "$site" && sh -e commands)
    sed "s|'ca_file' => getenv('WOTRUS_CA_FILE'), ||; s|getenv('WOTRUS_BASE_URL')|getenv('WOTRUS_HTTP_URL')|" \
        "$out/shop-true/first.php" >"$site/first.php"
    packaging/with-sandbox -- php -d open_basedir="$site" "$site/first.php" | grep '订单不存在'
    packaging/with-sandbox -- php -d extension="$extension" -d open_basedir="$site" "$site/first.php" | grep '订单不存在'
done
