--TEST--
Stack traces show neither options nor orders
--SKIPIF--
<?php PHP_VERSION_ID >= 80200 or die('skip PHP hides arguments since 8.2');
--INI--
zend.exception_ignore_args=0
--FILE--
<?php
try {
    new Wotrus\Native('tk_secret');
} catch (TypeError $e) {
    echo get_class($e->getTrace()[0]['args'][0]), "\n";
}
$native = new Wotrus\Native(['token' => 'tk_1']);
try {
    $native->call([], '{"uKeyPassword":"secret"}');
} catch (TypeError $e) {
    var_dump(strpos(print_r($e, true), 'secret'));
    echo get_class($e->getTrace()[0]['args'][1]), "\n";
}
try {
    $native->with('tk_secret');
} catch (TypeError $e) {
    echo get_class($e->getTrace()[0]['args'][0]), "\n";
}
?>
--EXPECT--
SensitiveParameterValue
bool(false)
SensitiveParameterValue
SensitiveParameterValue
