<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Backend\Ffi;
use Wotrus\Backend\FfiHandle;
use Wotrus\Client;

/** The FFI object is reachable by no public method, and the backend cannot be made by unserialize(). */
final class FfiTest extends TestCase
{
    public function testNoPublicMethodReturnsTheFfiObject(): void
    {
        $files = array_merge((array) glob(dirname(__DIR__) . '/src/*.php'), (array) glob(dirname(__DIR__) . '/src/*/*.php'));
        self::assertGreaterThan(20, count($files));
        $checked = 0;
        foreach ($files as $file) {
            $class = 'Wotrus\\' . strtr(substr((string) $file, strlen(dirname(__DIR__) . '/src/'), -4), '/', '\\');
            if (!class_exists($class) && !interface_exists($class) && !trait_exists($class)) {
                self::fail("$file has no $class");
            }
            $reflection = new \ReflectionClass($class);
            foreach ($reflection->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                $type = $method->getReturnType();
                self::assertNotSame('FFI', $type instanceof \ReflectionNamedType ? $type->getName() : '', "$class::{$method->getName()}");
                $checked++;
            }
            foreach ($reflection->getProperties(\ReflectionProperty::IS_PUBLIC) as $property) {
                self::assertStringNotContainsString('FFI', (string) $property->getDocComment(), "$class::{$property->getName()}");
            }
        }
        self::assertGreaterThan(50, $checked);
    }

    public function testDumpsShowNoFfiObject(): void
    {
        ob_start();
        var_dump(self::client());
        $output = (string) ob_get_clean();
        self::assertStringNotContainsString('object(FFI', $output);
        self::assertStringNotContainsString('FFI\CData', $output);
    }

    public function testAnUnserializedBackendCallsNothing(): void
    {
        $target = new class {
            /** @var string[] */
            public $called = [];

            /** @param mixed[] $arguments */
            public function __call(string $name, array $arguments): void
            {
                $this->called[] = $name;
            }
        };
        $class = Ffi::class;
        $names = ["\0*\0library", "\0" . FfiHandle::class . "\0pointer"];
        $members = '';
        foreach ($names as $name) {
            $members .= 's:' . strlen($name) . ":\"$name\";O:8:\"stdClass\":0:{}";
        }
        $text = 'O:' . strlen($class) . ":\"$class\":2:{" . $members . '}';
        $made = null;
        try {
            $made = unserialize($text);
        } catch (\LogicException $error) {
            self::assertStringContainsString('cannot be unserialized', $error->getMessage());
        }
        self::assertNull($made);

        // Even an object that got into this state does not call through it.
        $reflection = new \ReflectionClass($class);
        $object = $reflection->newInstanceWithoutConstructor();
        foreach (['library', 'pointer'] as $name) {
            $property = new \ReflectionProperty(FfiHandle::class, $name);
            $property->setAccessible(true);
            $property->setValue($object, $target);
        }
        unset($object);
        self::assertSame([], $target->called);
    }

    public function testClientsAreNeitherSerializedNorUnserialized(): void
    {
        try {
            serialize(self::client());
            self::fail('a client was serialized');
        } catch (\Exception $error) {
            self::assertStringNotContainsString((string) getenv('WOTRUS_TOKEN'), $error->getMessage());
        }
        $this->expectException(\LogicException::class);
        unserialize('O:' . strlen(Client::class) . ':"' . Client::class . '":0:{}');
    }
}
