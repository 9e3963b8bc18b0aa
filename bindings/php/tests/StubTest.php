<?php

declare(strict_types=1);

namespace Wotrus\Tests;

/** ext/wotrus.stub.php describes the classes of the extension. */
final class StubTest extends TestCase
{
    /**
     * The methods with parameters and types.
     *
     * @return string[]
     */
    private static function signatures(string $namespace): array
    {
        $lines = [];
        foreach (['Native', 'NativeReply'] as $name) {
            $class = new \ReflectionClass("$namespace\\$name");
            $lines[] = $name . ($class->isFinal() ? ' final' : '');
            foreach ($class->getMethods() as $method) {
                $parameters = array_map(static function (\ReflectionParameter $parameter): string {
                    return $parameter->getType() . ' ' . $parameter->getName() . ($parameter->isOptional() ? '?' : '');
                }, $method->getParameters());
                $line = ($method->isStatic() ? 'static ' : '') . $method->getName() . '(' . implode(', ', $parameters) . '): ' . $method->getReturnType();
                $lines[] = str_replace("$namespace\\", '', $line);
            }
        }
        return $lines;
    }

    public function testTheStubHasTheMethodsOfTheExtension(): void
    {
        if (getenv('WOTRUS_TEST_WAY') !== 'extension' || PHP_VERSION_ID < 80000) {
            // PHP 7 has no types of an extension's methods.
            self::assertFileExists(self::top('bindings/php/ext/wotrus.stub.php'));
            return;
        }
        // In another namespace, because the extension has these names.
        $stub = (string) file_get_contents(self::top('bindings/php/ext/wotrus.stub.php'));
        eval('?>' . str_replace('namespace Wotrus;', 'namespace Stub;', $stub));
        self::assertSame(self::signatures('Wotrus'), self::signatures('Stub'));
        self::assertCount(22, self::signatures('Stub'));
    }
}
