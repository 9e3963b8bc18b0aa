--TEST--
The class for old PHP: a misspelt or misplaced idempotenceID is refused before anything is sent
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
    $order['documentsPost'] = array(array('idempotenceID' => 'x'));
    $client->createOrder($order);
});
attempt(function () use ($client) {
    $client->reissueCertificate(array('orderID' => 'A1', 'idempotentID' => 'x'));
});
attempt(function () use ($client) {
    $client->revokeCertificate(array('orderID' => 'A1', 'idempotenceID' => 'x'));
});
/* The right name in another case is right; the call fails later. */
attempt(function () use ($client, $order) {
    $order['orderinfoPost']['IdempotenceID'] = 'x';
    $client->createOrder($order);
});
?>
--EXPECTF--
argument: idempotenceID: found as orderinfoPost.idempotentID; its place is orderinfoPost.idempotenceID
argument: idempotenceID: found as orderinfoPost.IDEMPOTENCE_ID; its place is orderinfoPost.idempotenceID
argument: idempotenceID: found as orderinfoPost.idempotencyKey; its place is orderinfoPost.idempotenceID
argument: idempotenceID: found as idempotenceID; its place is orderinfoPost.idempotenceID
argument: idempotenceID: found as documentsPost.0.idempotenceID; its place is orderinfoPost.idempotenceID
argument: idempotenceID: found as idempotentID; its place is idempotenceID at the top level
argument: idempotenceID: found as idempotenceID; only createOrder and reissueCertificate take one
network: %s
