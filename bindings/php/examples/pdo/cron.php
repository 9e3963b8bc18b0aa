<?php
// Follows open orders. crontab: * * * * * php cron.php --marked; 0 * * * * php cron.php
// With --marked it queries only new orders and those that a push has marked.

declare(strict_types=1);

$orders = require __DIR__ . '/setup.php';
$onlyMarked = in_array('--marked', $argv, true);
$lock = fopen(__FILE__, 'r');
// One run at a time. A run of --marked leaves the rest to the next one a minute later; the hourly run, which
// starts at the same minute, waits for its turn.
if ($lock === false || !flock($lock, $onlyMarked ? LOCK_EX | LOCK_NB : LOCK_EX)) {
    exit;
}
$orders->follow(static function (string $key, string $status): void {
    echo "$key is $status\n"; // tell the customer here
}, $onlyMarked);
