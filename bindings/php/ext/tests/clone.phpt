--TEST--
Cloning is refused
--FILE--
<?php
/* A fatal error in PHP 5, an Error since 7. */
$native = new Wotrus\Native(array('token' => 'tk'));
clone $native;
?>
--EXPECTF--
%AFatal error: %STrying to clone an uncloneable object of class Wotrus\Native%A
