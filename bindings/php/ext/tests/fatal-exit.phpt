--TEST--
After exit the clients of the request are freed, and kept clients still work
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--ENV--
WOTRUS_END=exit
--FILE--
<?php
require __DIR__ . '/fatal.inc';
?>
--EXPECTF--
exit
after: refused
