--TEST--
After the memory limit the clients of the request are freed, and kept clients still work
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
