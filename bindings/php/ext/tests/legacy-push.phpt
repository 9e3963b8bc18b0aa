--TEST--
The class for old PHP: pushes of an attacker give an array or a WotrusException
--FILE--
<?php
require __DIR__ . '/../../legacy/WotrusClient.php';
set_error_handler(function ($level, $message) {
    throw new ErrorException($message);
});
$bom = "\xef\xbb\xbf";
$pushes = array(
    '{"dataAction":"order","orderID":"A1","note":"\ud800","text":"\\\\ud800 \ud83d\ude00"}',
    str_repeat($bom, 100000) . '{"dataAction":"order","orderID":"A1"}',
    str_repeat($bom, 100000),
    '{"dataAction":"order","orderID":"A1","isIssued":[],"isRevoked":{"a":1}}',
    '{"dataAction":"order","orderID":"A1","isIssued":1e999,"isRevoked":"TRUE"}',
    '{"dataAction":"order","orderID":"A1","n":' . str_repeat('[', 60) . str_repeat(']', 60) . '}',
    str_repeat('[', 100000),
    '{"dataAction":{"a":[]}}',
    '{"":{"":""}}',
    '{"Status":"a","dataAction":"x","ORDERID":"A1","status":"b"}',
    '{"dataAction":"order","orderID":"A' . str_repeat(' ', 200000) . 'B"}',
);
foreach ($pushes as $push) {
    try {
        $read = WotrusClient::readPush($push);
        echo json_encode(array_diff_key($read, array('n' => 1))), "\n";
    } catch (WotrusException $e) {
        echo $e->getKind(), ' ', $e->getField(), "\n";
    }
}
?>
--EXPECT--
{"dataAction":"order","orderID":"A1","note":"\ufffd","text":"\\ud800 \ud83d\ude00","isIssued":false,"isRevoked":false}
{"dataAction":"order","orderID":"A1","isIssued":false,"isRevoked":false}
argument push
{"dataAction":"order","orderID":"A1","isIssued":false,"isRevoked":false}
{"dataAction":"order","orderID":"A1","isIssued":false,"isRevoked":true}
{"dataAction":"order","orderID":"A1","isIssued":false,"isRevoked":false}
argument push
{"dataAction":{"a":[]}}
{"":{"":""}}
{"Status":"a","dataAction":"x","orderID":"A1","status":"b"}
argument orderID
