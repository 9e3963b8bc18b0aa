<?php
// The examples' options: those of an ini file that WOTRUS_INI names, else of the environment. Yours
// belong into a file outside of the web server's folder, with the token readable by PHP alone.

declare(strict_types=1);

require __DIR__ . '/../autoload.php';

if (getenv('WOTRUS_INI')) {
    return parse_ini_file(getenv('WOTRUS_INI'));
}
$options = [];
foreach (['token', 'base_url', 'ca_file', 'library'] as $name) {
    // Null counts as not given.
    $options[$name] = getenv('WOTRUS_' . strtoupper($name)) ?: null;
}
return $options;
