<?php
// The page of the load test: one call, and the request's own id in what comes back. With "fatal" it
// ends badly instead, with clients in its hands.

declare(strict_types=1);

require dirname(__DIR__, 2) . '/autoload.php';

use Wotrus\Client;
use Wotrus\Exception\WotrusException;

$id = (string) $_GET['id'];
$options = json_decode((string) getenv('WOTRUS_TEST_OPTIONS'), true);
$client = new Client($options);

/** The call, and what a body is checked by. */
$call = static function () use ($client, $id): array {
    $told = ['id' => $id, 'pid' => getmypid(), 'way' => $client->backend()];
    try {
        $order = $client->with(['request_id' => "load-$id"])->queryOrder((string) $_GET['order']);
        return $told + ['order' => $order['id'], 'org' => $order['org']['orgName'], 'request_id' => $order['request_id']];
    } catch (WotrusException $error) {
        return $told + ['kind' => $error->getKind(), 'request_id' => $error->getRequestId(), 'message' => $error->getMessage()];
    }
};

if (!isset($_GET['fatal'])) {
    header('Content-Type: application/json');
    echo json_encode($call());
    exit;
}

$call();
// A fatal error leaves no body, but the headers.
header('X-Worker: ' . getmypid());
$held = [];
for ($i = 0; $i < 50; $i++) {
    $held[] = $client->with(['request_id' => "held-$i"]);
}
switch ($_GET['fatal']) {
    case 'memory':
        ini_set('memory_limit', '8M');
        $text = 'x';
        while (true) {
            $text .= $text;
        }
    case 'time':
        set_time_limit(1);
        while (true) {
            $held[0]->backend();
        }
    case 'exception':
        throw new RuntimeException('nobody catches this');
    default:
        exit('exit');
}
