<?php
// The page at the push URL. It makes no call: it marks the order, and cron.php queries it. So the service
// gets its answer at once, and three pushes are one change.

declare(strict_types=1);

use Wotrus\Exception\WotrusException;
use Wotrus\Push;

$orders = require __DIR__ . '/setup.php';
try {
    $id = Push::parse((string) file_get_contents('php://input'))->orderId();
} catch (WotrusException $error) {
    http_response_code(400);
    exit;
}
// An order that is not ours (yet) is not an error: cron.php queries all open orders anyway.
if ($id !== null) {
    $orders->markForQuery($id);
}
