--TEST--
Clients are kept by configuration, at most 16, and only valid ones
--SKIPIF--
<?php getenv('WOTRUS_CA_FILE') or die('skip needs a service: packaging/with-sandbox -- make test');
--FILE--
<?php
require __DIR__ . '/service.inc';
function good($token, array $more = array())
{
    return new Wotrus\Native($more + array('token' => $token, 'base_url' => 'http://127.0.0.1:1', 'retries' => 0));
}
echo kept(), "\n";
good('tk_1');
good('tk_1');
$native = good('tk_1');
echo "the same: ", kept(), "\n";
good('tk_2');
good('tk_1', array('retries' => 1));
echo "others: ", kept(), "\n";

/* An invalid client is not kept, so that a corrected file is noticed. */
new Wotrus\Native(array());
new Wotrus\Native(array('token' => "\0"));
$file = __DIR__ . '/kept.pem';
@unlink($file);
$missing = new Wotrus\Native(array('token' => 'tk_1', 'ca_file' => $file));
show($missing->call('query_order', '{"orderID":"X"}'));
echo "bad: ", kept(), "\n";

/* A changed CA file is another configuration. */
$pem = file_get_contents(getenv('WOTRUS_CA_FILE'));
file_put_contents($file, $pem);
new Wotrus\Native(array('token' => 'tk_1', 'ca_file' => $file));
new Wotrus\Native(array('token' => 'tk_1', 'ca_file' => $file));
chdir(__DIR__);
new Wotrus\Native(array('token' => 'tk_1', 'ca_file' => 'kept.pem'));
echo "CA: ", kept() - 3, "\n";
file_put_contents($file, "$pem$pem");
new Wotrus\Native(array('token' => 'tk_1', 'ca_file' => $file));
echo "changed CA: ", kept() - 3, "\n";
unlink($file);

/* At most 16; a client that is replaced while an object holds it still works. */
for ($i = 0; $i < 40; $i++) {
    good("tk_many_$i");
}
echo "many: ", kept(), "\n";
show($native->call('query_order', '{"orderID":"X"}'));
?>
--CLEAN--
<?php @unlink(__DIR__ . '/kept.pem');
--EXPECTF--
0
the same: 1
others: 3
2 config invalid not_sent: ca_file: %s
bad: 3
CA: 1
changed CA: 2
many: 16
7 network connect not_sent: %s
