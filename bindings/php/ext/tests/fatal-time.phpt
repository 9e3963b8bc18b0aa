--TEST--
After the time limit the clients of the request are freed, and kept clients still work
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--ENV--
WOTRUS_END=time
--FILE--
<?php
require __DIR__ . '/fatal.inc';
?>
--EXPECTF--
%AFatal error: Maximum execution time of 30 seconds exceeded in %A
the call was completed
after: refused
