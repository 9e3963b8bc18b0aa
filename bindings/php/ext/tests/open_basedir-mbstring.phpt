--TEST--
open_basedir applies to JSON in GB18030 with mbstring instead of iconv, and without both
--SKIPIF--
<?php
function_exists('mb_convert_encoding') or die('skip needs mbstring');
--INI--
disable_functions=iconv
--FILE--
<?php
require __DIR__ . '/service.inc';
$php = other_php();
ini_set('open_basedir', __DIR__);
$native = new Wotrus\Native(array('token' => 'tk', 'base_url' => 'http://127.0.0.1:1', 'retries' => 0, 'charset' => 'GB18030'));
foreach (array("\xce\xd6", "\x81\x5c", "\xff\xff", 'a') as $text) {
    $json = '{"orderID":"x","reason":"' . $text . '","path":"/etc/hostname"}';
    $reply = $native->call('revoke_certificate', $json);
    echo $reply['kind'], ' ', $reply['message'], "\n";
}
$code = '$n = new Wotrus\Native(array("token" => "tk", "charset" => "GB18030")); ini_set("open_basedir", "/nowhere");'
    . '$r = $n->call("revoke_certificate", base64_decode($argv[1])); echo $r["kind"], " ", $r["message"], "\n";';
foreach (array('iconv,mb_convert_encoding', 'json_decode', 'json_encode') as $disabled) {
    $json = '{"orderID":"x","reason":"' . ($disabled[0] === 'i' ? "\xce\xd6" : 'a') . '"}';
    echo shell_exec("$php -d disable_functions=$disabled -r " . escapeshellarg($code) . ' -- ' . base64_encode($json));
}
?>
--EXPECT--
file path: is outside PHP's open_basedir
file path: is outside PHP's open_basedir
argument json: is not GB18030
file path: is outside PHP's open_basedir
argument json: is not GB18030
argument json: is not a JSON object
argument json: is not a JSON object
