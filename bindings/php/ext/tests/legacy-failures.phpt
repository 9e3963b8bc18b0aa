--TEST--
The class for old PHP: exceptions have all details and no secrets
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--FILE--
<?php
require __DIR__ . '/service.inc';
require __DIR__ . '/../../legacy/WotrusClient.php';
function attempt($attempt)
{
    try {
        $attempt();
        echo "went through\n";
    } catch (WotrusException $e) {
        echo $e->getCode(), ' ', $e->getKind(), ' ', $e->getCause(), ' ', $e->getDelivery(), ': ', $e->getMessage(), "\n  ";
        echo json_encode(array($e->getHttpStatus(), $e->getAttempts(), $e->getField(), $e->getIdempotenceId(),
            $e->getRetryAfter(), $e->getServiceMessage(), $e->getRequestId())), "\n";
        foreach ($e->getTrace() as $frame) {
            echo isset($frame['args']) ? "arguments show\n" : '';
        }
        echo strpos(print_r($e, true), 'tk_secret') ? "the token shows\n" : '';
    }
}
$client = new WotrusClient(options());
$asked = $client->with(array('request_id' => 'r-2'));
attempt(function () use ($asked) {
    $asked->queryOrder('none');
});
attempt(function () use ($asked) {
    $asked->retrieveCertificate('');
});
attempt(function () use ($asked) {
    $asked->createOrder(array('orderinfoPost' => array('commonName' => "\xce\xd6"), 'organizationPost' => array()));
});
attempt(function () use ($asked) {
    $asked->createOrder(array('organizationPost' => array("OrgName\n" => "\xff")));
});
attempt(function () use ($asked) {
    $asked->createOrder(array('documentsPost' => array(array('path' => fopen('php://memory', 'r')))));
});
attempt(function () use ($asked) {
    $asked->createOrder(array());
});
attempt(function () use ($asked) {
    $asked->call('GET /v1/x', 'text');
});
attempt(function () use ($asked) {
    $asked->call("GET /v1/x\0");
});
attempt(function () use ($asked) {
    $asked->revokeCertificate(array('orderID' => 'x', 'reason' => 'y', 'path' => __DIR__ . '/no-such.pdf'));
});
attempt(function () {
    $client = new WotrusClient(options(array('token' => 'tk_secret')));
    $client->with(array('request_id' => 'r-3'))->queryOrder('x');
});
attempt(function () {
    $client = new WotrusClient(array('token' => 'tk_secret', 'base_url' => 'http://127.0.0.1:1', 'retries' => 0, 'request_id' => 'r-4'));
    $client->createOrder(order('a') + array());
});
attempt(function () {
    $client = new WotrusClient(array('token' => "tk_secret\0"));
    $client->queryOrder('x');
});
attempt(function () {
    WotrusClient::readPush('<html>');
});
?>
--EXPECTF--
4 refused refused answered: %s
  [200,1,null,null,null,"%s","r-2"]
1 argument invalid not_sent: orderID: is empty
  [null,0,"orderID",null,null,null,%s]
1 argument invalid not_sent: commonName: is not UTF-8
  [null,0,"commonName",null,null,null,null]
1 argument invalid not_sent: organizationPost: is not UTF-8
  [null,0,"organizationPost",null,null,null,null]
1 argument invalid not_sent: path: is neither text, a number, a boolean, null nor an array of these
  [null,0,"path",null,null,null,null]
1 argument invalid not_sent: productID: is required in orderinfoPost, but missing or empty
  [null,0,"productID",null,null,null,null]
1 argument invalid not_sent: body: is neither an array nor null
  [null,0,"body",null,null,null,null]
1 argument invalid not_sent: operation: contains a NUL
  [null,0,"operation",null,null,null,null]
9 file file_read not_sent: %s
  [null,0,%s,null,null,null,%s]
3 auth http_status answered: %s
  [401,1,null,null,null,%s,"r-3"]
7 network connect not_sent: %s
  [null,1,null,"phpt-%s",null,null,"r-4"]
2 config invalid not_sent: token: contains a NUL
  [null,0,"token",null,null,null,null]
1 argument invalid not_sent: push: is not a JSON object%S
  [null,0,"push",null,null,null,null]
