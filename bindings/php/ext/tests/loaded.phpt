--TEST--
The extension reports its versions and has one final class
--FILE--
<?php
var_dump(extension_loaded('wotrus'));
var_dump(Wotrus\Native::version() === phpversion('wotrus'));
var_dump(Wotrus\Native::abi());
$class = new ReflectionClass('Wotrus\Native');
var_dump($class->isFinal(), $class->isInternal(), $class->getConstants(), $class->getProperties());
foreach ($class->getMethods() as $method) {
    $names = array();
    foreach ($method->getParameters() as $parameter) {
        $names[] = $parameter->getName() . ($parameter->isOptional() ? '?' : '');
    }
    echo $method->isStatic() ? 'static ' : '', $method->getName(), '(', implode(', ', $names), ")\n";
}
var_dump(ini_get_all('wotrus') ?: 'no setting');
phpinfo(INFO_MODULES);
?>
--EXPECTF--
bool(true)
bool(true)
int(1)
bool(true)
bool(true)
array(0) {
}
array(0) {
}
__construct(options)
with(options)
call(operation, json?)
request(operation, json?)
check()
static version()
static abi()
%Astring(10) "no setting"
%A
wotrus

WoTrus certificates => enabled
libwotrus, running => %d.%d.%d
libwotrus, compiled with => %d.%d.%d
libwotrus ABI => 1
Clients kept by this worker => 0 (of 16 at most)
%A
