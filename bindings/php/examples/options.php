<?php
// The options of the examples, from the ini file WOTRUS_INI or else from the environment. In your
// system keep them in a file outside the web server's folder that only PHP can read.

declare(strict_types=1);

require __DIR__ . '/../autoload.php';

if (getenv('WOTRUS_INI')) {
    return parse_ini_file(getenv('WOTRUS_INI'));
}
$options = [];
foreach (['token', 'base_url', 'ca_file', 'library'] as $name) {
    // Null means that an option is not set.
    $options[$name] = getenv('WOTRUS_' . strtoupper($name)) ?: null;
}
return $options;
