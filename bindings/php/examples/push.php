<?php
// The page at your push URL. It reads the push, queries the order, and stores the result: here in the
// file PUSH_JOURNAL, in your system in its database.

declare(strict_types=1);

use Wotrus\Client;
use Wotrus\Exception\WotrusException;
use Wotrus\Push;

$options = require __DIR__ . '/options.php';

try {
    $push = Push::parse((string) file_get_contents('php://input'));
} catch (WotrusException $error) {
    http_response_code(400);
    exit($error->getMessage() . "\n");
}

if (!$push->isOrder()) {
    exit; // an unknown kind: HTTP 200, so that it is not sent again
}

try {
    // Anybody can send a push, so only the service's answer counts.
    $order = (new Client($options))->queryOrder($push->orderId());
    file_put_contents(getenv('PUSH_JOURNAL'), "$order->id $order->status\n", FILE_APPEND | LOCK_EX);
} catch (WotrusException $error) {
    error_log('push of ' . $push->orderId() . ': ' . $error->getMessage());
    // Without HTTP 200 the service sends the push again, three times in all.
    http_response_code($error->getDelivery() === WotrusException::ANSWERED ? 404 : 503);
}
