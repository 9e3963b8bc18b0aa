--TEST--
The class for old PHP: without the extension the exception says what to do and shows no token
--FILE--
<?php
$code = 'require $argv[1]; try { new WotrusClient(array("token" => "tk_secret")); }'
    . ' catch (WotrusException $e) { echo $e->getMessage(), "\n", $e->getKind(), "\n"; print_r($e->getTrace()); }';
echo shell_exec(escapeshellarg(PHP_BINARY) . ' -n -d zend.exception_ignore_args=0 -r ' . escapeshellarg($code) . ' -- '
    . escapeshellarg(__DIR__ . '/../../legacy/WotrusClient.php'));
?>
--EXPECTREGEX--
extension: wotrus is not loaded into this PHP \(\d[^ ]*, cli\): build it in the folder ext, and add extension=wotrus\.so to php\.ini
config
Array
\((?:(?!tk_secret)[\s\S])*\)
