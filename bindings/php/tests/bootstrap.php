<?php
// The tests need a sandbox (WOTRUS_BASE_URL, WOTRUS_TOKEN, WOTRUS_CA_FILE), the backend to test
// (WOTRUS_TEST_WAY) and the library (WOTRUS_TEST_LIBRARY). The script tests/run sets them.

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
