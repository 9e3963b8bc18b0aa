--TEST--
The class for old sites: GBK in, GBK out
--SKIPIF--
<?php
getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
function_exists('iconv') || function_exists('mb_convert_encoding') or die('skip needs iconv or mbstring');
--FILE--
<?php
require __DIR__ . '/service.inc';
require __DIR__ . '/../../legacy/WotrusClient.php';
$client = new WotrusClient(options(array('charset' => 'GB18030')));
/* The last character's second byte is a backslash, and then a quote follows. */
$name = "\xce\xd6\xcd\xa8\x81\x5c\"";
$order = order($name);
$order['organizationPost']['OtherName'] = "\x81\x30\x8a\x30"; /* one of four bytes */
$created = $client->createOrder($order);
$queried = $client->queryOrder($created['order_id']);
var_dump($queried['cn'] === $name, bin2hex($queried['org']['orgName']));
try {
    $client->queryOrder('none');
} catch (WotrusException $e) {
    /* 订单不存在, the service's words, in GBK. */
    var_dump(strpos($e->getMessage(), "\xb6\xa9\xb5\xa5\xb2\xbb\xb4\xe6\xd4\xda") !== false);
    var_dump($e->getServiceMessage() === "\xb6\xa9\xb5\xa5\xb2\xbb\xb4\xe6\xd4\xda");
}
foreach (array("\xff\xff", "abc\x81", "\xe6\xb2\x83\xff") as $text) {
    $order['organizationPost']['OrgName'] = $text;
    try {
        $client->createOrder($order);
    } catch (WotrusException $e) {
        var_dump($e->getMessage());
    }
}
/* The same words in UTF-8 by another view of the client. */
$utf8 = $client->with(array('charset' => 'UTF-8'))->queryOrder($created['order_id']);
var_dump($utf8['cn']);
?>
--EXPECT--
bool(true)
string(14) "ced6cda8815c22"
bool(true)
bool(true)
string(23) "OrgName: is not GB18030"
string(23) "OrgName: is not GB18030"
string(23) "OrgName: is not GB18030"
string(10) "沃通乗""
