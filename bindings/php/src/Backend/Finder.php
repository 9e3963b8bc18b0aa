<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Backend;
use Wotrus\Exception\CallException;
use Wotrus\Exception\UnavailableException;

/**
 * Chooses the backend: the extension first, then FFI. If none can be used, the exception says why
 * for each one, naming the setting, file or architecture at fault.
 */
final class Finder
{
    public const WAYS = ['extension', 'ffi'];

    /**
     * @param array<string, string> $options
     * @param string|null           $way     the only backend to try
     * @param string|null           $library path of libwotrus.so.1, for FFI
     */
    public static function open(
        #[\SensitiveParameter]
        array $options,
        ?string $way,
        ?string $library
    ): Backend {
        $refusals = [];
        foreach (self::ways($way) as $one) {
            try {
                return self::take($one, $options, $library);
            } catch (Refusal $refusal) {
                $refusals[] = $refusal->of($one);
            }
        }
        throw UnavailableException::because($refusals);
    }

    /**
     * The backends to try for the option backend.
     *
     * @return string[]
     */
    private static function ways(?string $way): array
    {
        if ($way === null) {
            return self::WAYS;
        }
        // "scope" was FFI by a preloaded header, up to version 0.1.
        $way = $way === 'scope' ? 'ffi' : $way;
        if (!in_array($way, self::WAYS, true)) {
            throw CallException::config('backend', 'is none of %s', implode(', ', self::WAYS));
        }
        return [$way];
    }

    /**
     * @param array<string, string> $options
     * @throws Refusal
     */
    public static function take(
        string $way,
        #[\SensitiveParameter]
        array $options,
        ?string $library
    ): Backend {
        return $way === 'extension' ? Extension::open($options) : Ffi::open($options, $library);
    }
}
