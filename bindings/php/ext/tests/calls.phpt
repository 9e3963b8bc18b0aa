--TEST--
The life cycle of an order, and every member of a reply
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--FILE--
<?php
require __DIR__ . '/service.inc';
$native = new Wotrus\Native(over_tls());
$order = order('沃通');
$reply = $native->call('create_order', json_encode($order));
foreach ($reply as $name => $value) {
    echo $name, ' ', gettype($value), "\n";
}
show($reply);
$id = $reply['order_id'];
$data = json_decode($reply['json'], true);
var_dump($data['data']['orderID'] === $id, $reply['idempotence_id'] === $order['orderinfoPost']['idempotenceID']);
var_dump($reply['json'] === $reply['body'], $reply['http_status'], $reply['attempts'], $reply['certificates']);

/* The same idempotenceID gives the same order. */
$again = $native->call('create_order', json_encode($order));
var_dump($again['order_id'] === $id);

$json = json_encode(array('orderID' => $id));
$reply = $native->call('query_order', $json);
$data = json_decode($reply['json'], true);
var_dump($data['data']['cn']);

$reply = $native->call('wait_for_certificate', json_encode(array('orderID' => $id, 'timeout' => 20)));
show($reply);
var_dump(array_keys($reply['certificates']), array_keys($reply['certificates']['RSA']));
$rsa = $reply['certificates']['RSA'];
$fetched = $native->call('retrieve_certificate', $json);
var_dump($fetched['certificates'] === $reply['certificates']);
$data = json_decode($reply['body'], true);
var_dump(count($rsa['chain']) === count($data['data']['chains_RSA']), count($rsa['chain']) > 0);
var_dump(strpos($rsa['full_chain'], trim($rsa['pem'])) === 0);
var_dump(trim($rsa['root']) === trim($rsa['chain'][0]));

show($native->call('notify_by_email', json_encode(array('orderID' => $id, 'collectUrl' => 'https://example.com/'))));
show($native->call('cancel_order', json_encode(array('orderID' => $id, 'reason' => 'x'))));

/* Any endpoint, with and without JSON; unknown operations. */
$reply = $native->call("GET /v1/Order/$id");
var_dump($reply['status'], strpos($reply['json'], $id) !== false);
show($native->call('GET /v1/Nothing', null));
show($native->call('query_order'));
show($native->call('query_order', '{'));
show($native->call('query_order', "{\"orderID\":\"\0\"}"));
show($native->call('order_query', '{}'));
show($native->call("query_order\0", $json));
show($native->call(''));
$wrong = new Wotrus\Native(options(array('token' => 'tk_wrong')));
$reply = $wrong->call('query_order', $json);
show($reply);
var_dump($reply['body'], strlen($reply['request_id']) > 0, $reply['retry_after_ms']);
?>
--EXPECTF--
status integer
kind string
cause string
delivery string
message string
http_status integer
request_id string
idempotence_id string
attempts integer
retry_after_ms NULL
order_id string
json string
body string
certificates array
0 ok none answered: %S
bool(true)
bool(true)
bool(true)
int(200)
int(1)
array(0) {
}
bool(true)
string(6) "沃通"
0 ok none answered: %S
array(1) {
  [0]=>
  string(3) "RSA"
}
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
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
0 ok none answered: %S
4 refused refused answered: %s
int(0)
bool(true)
8 protocol http_status answered: %s
1 argument invalid not_sent: orderID: is empty
1 argument invalid not_sent: json: is not a JSON object%S
1 argument invalid not_sent: %s
1 argument invalid not_sent: operation: %s
1 argument invalid not_sent: operation: contains a NUL
1 argument invalid not_sent: operation: %s
3 auth http_status answered: %s
NULL
bool(true)
NULL
