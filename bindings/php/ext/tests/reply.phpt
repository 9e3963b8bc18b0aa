--TEST--
request() returns an object that reads a part of the reply when it is asked for
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--FILE--
<?php
require __DIR__ . '/service.inc';
$native = new Wotrus\Native(options());
$created = $native->request('create_order', json_encode(order('沃通')));
$json = json_encode(array('orderID' => $created->orderId()));
$waited = json_encode(array('orderID' => $created->orderId(), 'timeout' => 20));
$reply = $native->request('wait_for_certificate', $waited);
$old = $native->call('retrieve_certificate', $json);
$rsa = $old['certificates']['RSA'];
var_dump($reply->status(), $reply->orderId() === $old['order_id'], strlen($reply->requestId()) > 0, $reply->attempts() > 0);
var_dump($reply->pem('RSA') === $rsa['pem'], $reply->chain('RSA') === $rsa['chain']);
var_dump($reply->fullChain('RSA') === $rsa['full_chain'], $reply->root('RSA') === $rsa['root']);
var_dump($reply->pem('Sign'), $reply->chain('Sign'), $reply->fullChain('none'), $reply->root("RSA\0"));
var_dump($reply->get('chains_RSA.0') === $rsa['chain'][0], $reply->get('nothing'));
var_dump($reply->values() === json_decode($reply->json(), true), $reply->json() === $reply->body(), array_keys($reply->facts()) === array_slice(array_keys($old), 0, 11));
var_dump($reply);

/* A mistake that the extension finds itself, and one that the library finds. */
$broken = $native->request("query_order\0");
var_dump($broken->status(), $broken->facts(), $broken->json(), $broken->body(), $broken->pem('RSA'), $broken->orderId());
var_dump($broken->values());
$reply = $native->request('query_order', '{"orderID":""}');
$values = $reply->values();
var_dump($values['error']['field'], $native->check()->status());
$wrong = new Wotrus\Native(options(array('timeout' => 'soon')));
$values = $wrong->check()->values();
var_dump($values['error']['kind']);
/* Names get the document's spelling. An integer with too many digits is text. */
$push = $native->request('read_push', '{"DATAACTION":"x","IsIssued":{},"isissued":[true,-1,2.5,null,{"7":"\u0000"}],"other":"沃"}');
echo json_encode($push->values()), "\n";
/* Of several spellings the document's wins, wherever it is, or else the last one. */
$spellings = function ($json) use ($native) {
    return $native->request('read_push', '{"dataAction":"x",' . $json . '}')->values();
};
$values = $spellings('"STATUS":"a","Status":"b"');
$both = $spellings('"status":"a","Status":"b"');
unset($both['dataAction']);
echo json_encode(array($values['status'], $native->request('read_push', '{"dataAction":"x","STATUS":"a","Status":"b"}')->get('status'), $both,
    $spellings('"Status":"a","status":"b"'))), "\n";
/* Whatever the members between and below are. */
$values = $spellings('"Status":[1,{"a":1.5}],"STATUS":null,"x":{"y":[[]],"status":0},"org":{"CN":true,"cn":"b","Cn":{}},"status":"c"');
unset($values['dataAction']);
echo json_encode($values), "\n";
echo json_encode($native->request('read_push', '{"n":12345678901234567890123,"m":1e30}')->values()), "\n";
var_dump($reply->status(), $reply->get('error.field'));

/* It outlives the client, and is not serialized. */
$reply = $native->request('query_order', $json);
unset($native);
var_dump(strlen($reply->json()) > 100);
try {
    serialize($reply);
} catch (Exception $e) {
    echo get_class($e), "\n";
}
?>
--EXPECTF--
int(0)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
NULL
array(0) {
}
NULL
NULL
bool(true)
NULL
bool(true)
bool(true)
bool(true)
object(Wotrus\NativeReply)#%d (0) {
}
int(1)
array(11) {
  ["status"]=>
  int(1)
  ["kind"]=>
  string(8) "argument"
  ["cause"]=>
  string(7) "invalid"
  ["delivery"]=>
  string(8) "not_sent"
  ["message"]=>
  string(25) "operation: contains a NUL"
  ["http_status"]=>
  NULL
  ["request_id"]=>
  NULL
  ["idempotence_id"]=>
  NULL
  ["attempts"]=>
  int(0)
  ["retry_after_ms"]=>
  NULL
  ["order_id"]=>
  NULL
}
string(%d) "{"error":{"kind":"argument","cause":"invalid","delivery":"not_sent","message":"operation: contains a NUL","request_id":null,"attempts":0,"http_status":null,"retry_after":null,"idempotence_id":null,"field":"operation","service_message":null}}"
NULL
NULL
NULL
NULL
string(7) "orderID"
int(0)
string(6) "config"
{"dataAction":"x","isIssued":[true,-1,2.5,null,{"7":"\u0000"}],"other":"\u6c83"}
["b","b",{"status":"a","Status":"b"},{"dataAction":"x","Status":"a","status":"b"}]
{"Status":[1,{"a":1.5}],"STATUS":null,"x":{"y":[[]],"status":0},"org":{"CN":true,"cn":"b","Cn":[]},"status":"c"}
{"n":"12345678901234567890123","m":1.0e+30}
int(1)
string(7) "orderID"
bool(true)
Exception
