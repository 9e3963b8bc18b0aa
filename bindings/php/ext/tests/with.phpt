--TEST--
Options for some calls, and the charset
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--FILE--
<?php
require __DIR__ . '/service.inc';
$native = new Wotrus\Native(options());
$with = $native->with(array('request_id' => 'call-42'));
$json = '{"orderID":"no-such"}';
$reply = $with->call('query_order', $json);
var_dump($reply['request_id']);
unset($native); /* the copy stays */
$reply = $with->with(array('timeout' => 0.5))->call('query_order', $json);
var_dump($reply['request_id'], $reply['status']);

/* In GB18030 both ways; JSON comes out in ASCII. The second byte of the last character is 0x5C. */
$gbk = $with->with(array('charset' => 'GB18030', 'request_id' => '7'));
$name = "\xce\xd6\xcd\xa8\x81\x5c";
$create = '{"orderinfoPost":{"productID":"2C17C336-A772-42F8-B3DD-4F2591A5B116","commonName":"' . $name . '","month":12,'
    . '"idempotenceID":"gbk-' . getmypid() . '"},"organizationPost":{"OrgName":"' . $name . '"},"documentsPost":[]}';
$reply = $gbk->call('create_order', $create);
show($reply);
$reply = $gbk->call('query_order', '{"orderID":"' . $reply['order_id'] . '"}');
$data = json_decode($reply['json'], true);
var_dump(preg_match('/[\x80-\xff]/', $reply['json']), $data['data']['cn'] === "沃通乗");
var_dump(strpos($reply['body'], '沃通乗') !== false);
$reply = $gbk->call('query_order', $json);
var_dump(preg_match('//u', $reply['message']));
?>
--EXPECTF--
string(7) "call-42"
string(7) "call-42"
int(4)
0 ok none answered: %S
int(0)
bool(true)
bool(true)
bool(false)
