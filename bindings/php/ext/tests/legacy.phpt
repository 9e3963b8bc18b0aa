--TEST--
The class for old PHP: the life cycle of an order
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--FILE--
<?php
require __DIR__ . '/service.inc';
require __DIR__ . '/../../legacy/WotrusClient.php';
$client = new WotrusClient(over_tls());
$order = order('沃通');
$created = $client->with(array('request_id' => 'r-1'))->createOrder($order);
var_dump(array_keys($created), $created['orderID'] === $created['order_id'], $created['request_id'], $created['attempts']);
$id = $created['order_id'];
$queried = $client->queryOrder($id);
var_dump($queried['cn'], $queried['org']['orgName']);
$certificates = $client->waitForCertificate($id, 20);
var_dump(array_keys($certificates['certificates']['RSA']));
$fetched = $client->retrieveCertificate($id);
$queried = $client->queryOrder($id);
var_dump($queried['status'], $queried['id'] === $id);
var_dump($fetched['certificates'] === $certificates['certificates'], $fetched['pem_RSA'] === $certificates['pem_RSA']);
var_dump(is_array($fetched['chains_RSA']));
$sent = $client->notifyByEmail($id, 'https://example.com/');
var_dump($sent['sentResult']);
$proof = __DIR__ . '/legacy.pdf';
file_put_contents($proof, '%PDF-1.4');
$reissue = array('orderID' => $id, 'reason' => 'lost', 'path' => $proof, 'idempotenceID' => 'reissue-' . getmypid());
try {
    $client->reissueCertificate($reissue);
} catch (WotrusException $e) {
    var_dump($e->getKind(), $e->getField());
}
$revoked = $client->revokeCertificate(array('orderID' => $id, 'reason' => 'lost', 'path' => $proof));
var_dump($revoked['revokeStatus'], $revoked['revoked']);
$second = $client->createOrder(order('另一个'));
$cancelled = $client->cancelOrder($second['order_id'], '不要了');
var_dump($cancelled['cancelResult']);
$whole = $client->call('GET /v1/Order/' . $id);
var_dump($whole['isSuccess'], $whole['data']['id'] === $id);
$whole = $client->call('POST /v1/Notification/email', array('orderID' => $id, 'collectUrl' => 'https://example.com/'));
var_dump($whole['data']['sentResult']);

$push = WotrusClient::readPush('{"dataaction":"order","ORDERID":"X-1","isIssued":"true"}');
ksort($push);
var_dump($push);
var_dump(WotrusClient::readPush("\xef\xbb\xbf{\"dataAction\":\"news\",\"text\":\"新\"}"));
?>
--CLEAN--
<?php @unlink(__DIR__ . '/legacy.pdf');
--EXPECT--
array(5) {
  [0]=>
  string(7) "orderID"
  [1]=>
  string(11) "orderID_RSA"
  [2]=>
  string(8) "order_id"
  [3]=>
  string(10) "request_id"
  [4]=>
  string(8) "attempts"
}
bool(true)
string(3) "r-1"
int(1)
string(6) "沃通"
string(6) "沃通"
array(4) {
  [0]=>
  string(3) "pem"
  [1]=>
  string(5) "chain"
  [2]=>
  string(10) "full_chain"
  [3]=>
  string(4) "root"
}
string(6) "issued"
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
string(8) "argument"
string(3) "csr"
string(12) "pendingAudit"
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
array(4) {
  ["dataAction"]=>
  string(5) "order"
  ["isIssued"]=>
  bool(true)
  ["isRevoked"]=>
  bool(false)
  ["orderID"]=>
  string(3) "X-1"
}
array(2) {
  ["dataAction"]=>
  string(4) "news"
  ["text"]=>
  string(3) "新"
}
