--TEST--
A request that ends by the time limit frees its clients, and those that are kept work on
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
the call came to its end
after: refused
