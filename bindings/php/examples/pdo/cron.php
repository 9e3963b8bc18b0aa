<?php
// Follows open orders. crontab: * * * * * php cron.php --marked; 0 * * * * php cron.php
// With --marked it queries only new orders and those that a push has marked.

declare(strict_types=1);

$orders = require __DIR__ . '/setup.php';
$lock = fopen(__FILE__, 'r');
if ($lock === false || !flock($lock, LOCK_EX | LOCK_NB)) {
    exit; // the previous run is not finished
}
$orders->follow(static function (string $key, string $status): void {
    echo "$key is $status\n"; // tell the customer here
}, in_array('--marked', $argv, true));
