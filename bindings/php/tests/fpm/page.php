<?php
// The page of the load test: makes one call and returns its result with the id of the request. With
// the parameter "fatal" it ends with a fatal error while it holds clients.

declare(strict_types=1);

require dirname(__DIR__, 2) . '/autoload.php';

use Wotrus\Client;
use Wotrus\Exception\WotrusException;

$id = (string) $_GET['id'];
$options = json_decode((string) getenv('WOTRUS_TEST_OPTIONS'), true);
$client = new Client($options);

/** Makes the call; returns what the test compares. */
$call = static function () use ($client, $id): array {
    $result = ['id' => $id, 'pid' => getmypid(), 'way' => $client->backend()];
    try {
        $order = $client->with(['request_id' => "load-$id"])->queryOrder((string) $_GET['order']);
        return $result + ['order' => $order['id'], 'org' => $order['org']['orgName'], 'request_id' => $order['request_id']];
    } catch (WotrusException $error) {
        return $result + ['kind' => $error->getKind(), 'request_id' => $error->getRequestId(), 'message' => $error->getMessage()];
    }
};

if (!isset($_GET['fatal'])) {
    header('Content-Type: application/json');
    echo json_encode($call());
    exit;
}

$call();
// After a fatal error the body is empty, but the headers are sent.
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
        throw new RuntimeException('an uncaught exception');
    default:
        exit('exit');
}
