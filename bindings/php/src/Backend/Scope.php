<?php

declare(strict_types=1);

namespace Wotrus\Backend;

/**
 * The library as ffi.preload has loaded it. Where ffi.enable is "preload", only code that
 * opcache.preload has loaded may ask for it: this class, which preload.php loads and which therefore
 * needs no other.
 */
final class Scope
{
    public const NAME = 'wotrus';

    public static function get(): \FFI
    {
        return \FFI::scope(self::NAME);
    }
}
