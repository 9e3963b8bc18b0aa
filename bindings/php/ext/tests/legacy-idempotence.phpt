--TEST--
The class for old PHP: a misspelt or misplaced idempotenceID, and a part of an order without Post, are refused before anything is sent
--FILE--
<?php
require __DIR__ . '/service.inc';
require __DIR__ . '/../../legacy/WotrusClient.php';
$client = new WotrusClient(array('token' => 'tk_1', 'base_url' => 'http://127.0.0.1:1', 'retries' => 0));
function attempt($call)
{
    try {
        $call();
    } catch (WotrusException $e) {
        echo $e->getKind(), ': ', $e->getMessage(), "\n";
    }
}
$order = order('a');
unset($order['orderinfoPost']['idempotenceID']);
foreach (array('idempotentID', 'IDEMPOTENCE_ID', 'idempotencyKey') as $name) {
    attempt(function () use ($client, $order, $name) {
        $order['orderinfoPost'][$name] = 'x';
        $client->createOrder($order);
    });
}
attempt(function () use ($client, $order) {
    $client->createOrder($order + array('idempotenceID' => 'x'));
});
attempt(function () use ($client, $order) {
    $order['documentsPost'] = array(array('documentType' => 2, 'fileType' => '.pdf', 'fileContent' => 'JVBERi0=', 'idempotenceID' => 'x'));
    $client->createOrder($order);
});
attempt(function () use ($client) {
    $client->reissueCertificate(array('orderID' => 'A1', 'reason' => 'x', 'csr' => 'x', 'idempotentID' => 'x'));
});
attempt(function () use ($client) {
    $client->revokeCertificate(array('orderID' => 'A1', 'reason' => 'x', 'fileType' => '.pdf', 'fileContent' => 'JVBERi0=', 'idempotenceID' => 'x'));
});
foreach (array('documents', 'orderInfo', 'Organization') as $name) {
    attempt(function () use ($client, $order, $name) {
        $client->createOrder($order + array($name => array()));
    });
}
/* The right name in another case is right; the call fails later. */
attempt(function () use ($client, $order) {
    $order['orderinfoPost']['IdempotenceID'] = 'x';
    $client->createOrder($order);
});
?>
--EXPECTF--
argument: idempotentID: looks like a misspelt idempotenceID: %s
argument: IDEMPOTENCE_ID: looks like a misspelt idempotenceID: %s
argument: idempotencyKey: looks like a misspelt idempotenceID: %s
argument: idempotenceID: is in the wrong place: %s
argument: idempotenceID: is in the wrong place: %s
argument: idempotentID: looks like a misspelt idempotenceID: %s
argument: idempotenceID: is in the wrong place: %s
argument: documentsPost: is named documents, which the service ignores
argument: orderinfoPost: is named %s, which the service ignores
argument: organizationPost: is named %s, which the service ignores
network: %s
