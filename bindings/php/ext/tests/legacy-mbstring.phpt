--TEST--
The class for old PHP: GBK text with mbstring
--SKIPIF--
<?php
getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
function_exists('mb_convert_encoding') or die('skip needs mbstring');
--INI--
disable_functions=iconv
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
