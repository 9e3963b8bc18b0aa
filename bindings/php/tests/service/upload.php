<?php
// upload.php DATA SMALL LARGE: prints by how many bytes the memory grows for an order with a large
// document instead of a small one.

declare(strict_types=1);

require dirname(__DIR__, 2) . '/autoload.php';

['options' => $options, 'order' => $order] = json_decode((string) file_get_contents($argv[1]), true);
$client = new Wotrus\Client($options + ['timeout' => 120]);
$height = static function (): int {
    preg_match('/^VmHWM:\s+(\d+)/m', (string) file_get_contents('/proc/self/status'), $match);
    return $match[1] * 1024;
};
$create = static function (string $path, string $key) use ($client, $order): void {
    $order['documentsPost'] = [['documentType' => 1, 'path' => $path]];
    $order['orderinfoPost']['idempotenceID'] .= $key;
    $client->createOrder($order);
};
$create($argv[2], 'a');
$create($argv[2], 'b');
$before = [memory_get_peak_usage(true), $height()];
$create($argv[3], 'c');
echo json_encode(['php' => memory_get_peak_usage(true) - $before[0], 'process' => $height() - $before[1]]);
