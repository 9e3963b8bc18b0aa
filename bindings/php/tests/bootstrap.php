<?php
// The tests want a sandbox in WOTRUS_BASE_URL, WOTRUS_TOKEN and WOTRUS_CA_FILE, and the way to the
// library in WOTRUS_TEST_WAY and WOTRUS_TEST_LIBRARY; tests/run has them set.

declare(strict_types=1);

require dirname(__DIR__) . '/autoload.php';
require __DIR__ . '/TestCase.php';
require __DIR__ . '/Service.php';
require __DIR__ . '/Logger.php';

foreach (['WOTRUS_BASE_URL', 'WOTRUS_TOKEN', 'WOTRUS_CA_FILE', 'WOTRUS_TEST_WAY', 'WOTRUS_TEST_LIBRARY'] as $name) {
    if ((string) getenv($name) === '') {
        fwrite(STDERR, "$name is not set: start the tests by bindings/php/tests/run\n");
        exit(1);
    }
}
