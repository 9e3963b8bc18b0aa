--TEST--
A request that ends by the memory limit frees its clients, and those that are kept work on
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--ENV--
WOTRUS_END=memory
--FILE--
<?php
require __DIR__ . '/fatal.inc';
?>
--EXPECTF--
%AFatal error: Allowed memory size of %d bytes exhausted (tried to allocate %d bytes%A
after: refused
