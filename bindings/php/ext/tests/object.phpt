--TEST--
An object is never serialized or constructed twice, and dumps show nothing
--FILE--
<?php
$native = new Wotrus\Native(array('token' => 'tk_secret', 'base_url' => 'http://127.0.0.1:1'));
var_dump($native);
print_r($native);
var_export((array) $native);
echo json_encode($native), "\n";

function attempt($name, $attempt)
{
    try {
        $attempt();
        echo "$name: went through\n";
    } catch (Exception $e) {
        echo "$name: ", get_class($e), ': ', $e->getMessage(), "\n";
        echo strpos(print_r($e, true), 'secret') ? "the token shows\n" : '';
    } catch (Error $e) {
        echo "$name: ", get_class($e), ': ', $e->getMessage(), "\n";
        echo strpos(print_r($e, true), 'secret') ? "the token shows\n" : '';
    }
}

attempt('serialize', function () use ($native) {
    serialize($native);
});
attempt('again', function () use ($native) {
    $native->__construct(array('token' => 'tk'));
});
attempt('without', function () {
    $class = new ReflectionClass('Wotrus\Native');
    $class->newInstanceWithoutConstructor();
});
attempt('type', function () {
    new Wotrus\Native('tk');
});
/* PHP 5 and 7 warn and return false, 8.1 throws. */
$read = null;
try {
    $read = @unserialize('O:13:"Wotrus\Native":0:{}');
} catch (Exception $e) {
}
var_dump(is_object($read));
?>
--EXPECTREGEX--
object\(Wotrus\\Native\)#\d+ \(0\) \{
\}
Wotrus\\Native Object
\(
\)
array ?\(
\)\{\}
serialize: Exception: Serialization of 'Wotrus\\Native' is not allowed
again: LogicException: Wotrus\\Native is constructed once
without: ReflectionException: Class Wotrus\\Native is an internal class marked as final that cannot be instantiated without invoking its constructor
type: (TypeError|InvalidArgumentException): Wotrus\\Native::__construct\(\).* array, string given
bool\(false\)
