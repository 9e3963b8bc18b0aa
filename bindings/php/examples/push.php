<?php
// The page of your push URL. It takes what the service sends, asks the service what is true, and
// writes that down: here into the file PUSH_JOURNAL, in your system into its database.

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
    exit; // a kind that is not described: 200, or it would be sent again
}

try {
    // Anybody can send a push: it says that there is news, and the service says which.
    $order = (new Client($options))->queryOrder($push->orderId());
    file_put_contents(getenv('PUSH_JOURNAL'), "$order[id] $order[status]\n", FILE_APPEND | LOCK_EX);
} catch (WotrusException $error) {
    error_log('push of ' . $push->orderId() . ': ' . $error->getMessage());
    // Not 200: the service sends it again, three times in all.
    http_response_code($error->getDelivery() === WotrusException::ANSWERED ? 404 : 503);
}
