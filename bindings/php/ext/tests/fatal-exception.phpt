--TEST--
A request that ends by an exception frees its clients, and those that are kept work on
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--ENV--
WOTRUS_END=exception
--FILE--
<?php
require __DIR__ . '/fatal.inc';
?>
--EXPECTF--
%AFatal error: Uncaught %san exception%A
after: refused
