<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Exception\CallException;

/** Owns an object of the C library, and frees it once. */
abstract class FfiHandle
{
    /** @var array<int, \WeakReference<self>>|null all handles, by object id */
    private static ?array $all = null;

    /** @var \FFI the functions of src/wotrus.ffi.h */
    protected $library;
    /** @var \FFI\CData|null */
    private $pointer;

    protected function __construct(\FFI $library, \FFI\CData $pointer)
    {
        $this->library = $library;
        $this->pointer = $pointer;
        if (self::$all === null) {
            self::$all = [];
            register_shutdown_function([self::class, 'shutDown']);
        }
        self::$all[spl_object_id($this)] = \WeakReference::create($this);
    }

    public function __destruct()
    {
        unset(self::$all[spl_object_id($this)]);
        $this->free();
    }

    /** Calls the C function that frees the object. */
    abstract protected function release(\FFI\CData $pointer): void;

    private function free(): void
    {
        $pointer = $this->pointer;
        $this->pointer = null;
        // unserialize() can make an object that never passed the constructor.
        if ($this->library instanceof \FFI && $pointer instanceof \FFI\CData) {
            $this->release($pointer);
        }
    }

    /** The C object. It has been freed at the very end of a request that a fatal error ended. */
    final protected function pointer(): \FFI\CData
    {
        if ($this->pointer === null) {
            throw CallException::config('client', 'has been freed because a fatal error ended the request');
        }
        return $this->pointer;
    }

    /**
     * PHP calls no destructors after a fatal error (memory limit, time limit), so the process would
     * keep the objects and their connections. It does call shutdown functions.
     *
     * @internal
     */
    final public static function shutDown(): void
    {
        $fatal = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_RECOVERABLE_ERROR | E_USER_ERROR;
        if (((error_get_last()['type'] ?? 0) & $fatal) !== 0) {
            // Registered now, so that it runs after the shutdown functions that may still use a client.
            register_shutdown_function(static function (): void {
                foreach (self::$all ?? [] as $reference) {
                    $handle = $reference->get();
                    if ($handle !== null) {
                        $handle->free();
                    }
                }
            });
        }
    }

    private function __clone()
    {
        // Two objects would free one C object.
    }

    /**
     * @return array<string, mixed>
     */
    final public function __serialize(): array
    {
        throw new \LogicException(static::class . ' cannot be serialized');
    }

    /**
     * @param array<string, mixed> $data
     */
    final public function __unserialize(array $data): void
    {
        throw new \LogicException(static::class . ' cannot be unserialized');
    }

    /**
     * @return array<string, string> what var_dump() shows
     */
    final public function __debugInfo(): array
    {
        return [];
    }
}
