--TEST--
The class for old PHP: GBK text with iconv
--SKIPIF--
<?php
getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
function_exists('iconv') or die('skip needs iconv');
--INI--
disable_functions=mb_convert_encoding
--FILE--
<?php
require __DIR__ . '/legacy-gbk.inc';
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
