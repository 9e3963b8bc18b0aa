--TEST--
A push is read without the service
--FILE--
<?php
require __DIR__ . '/service.inc';
$native = new Wotrus\Native(array('token' => 'tk_1', 'charset' => 'GB18030'));
$push = '{"dataAction":"order","orderID":"X-1","isIssued":true,"isRevoked":false}';
$reply = $native->call('read_push', $push);
show($reply);
var_dump($reply['order_id'], $reply['json'] === $push, $reply['body'] === $push, $reply['http_status'], $reply['attempts']);
show($native->call('read_push', '{"dataAction":"news","text":"新"}'));
show($native->call('read_push', '<html>'));
show($native->call('read_push', "\xce\xd6"));
show($native->call('read_push'));
?>
--EXPECTF--
0 ok none not_sent: 
string(3) "X-1"
bool(true)
bool(true)
NULL
int(0)
0 ok none not_sent: 
1 argument invalid not_sent: push: is not a JSON object%S
1 argument invalid not_sent: push: is not UTF-8
1 argument invalid not_sent: push: is NULL
