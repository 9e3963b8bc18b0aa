<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Backend;
use Wotrus\Exception\UnavailableException;

/**
 * The ways to the library, best first: the extension, a preloaded scope of FFI, FFI as it is. The
 * first that can be taken is; a way that cannot says why by name, for "unable to find the library"
 * costs people hours when a setting is what is wrong.
 */
final class Finder
{
    public const WAYS = ['extension', 'scope', 'ffi'];

    /**
     * @param array<string, string> $options
     * @param string|null           $way     the only one to try
     * @param string|null           $library path of libwotrus.so.1, for FFI
     */
    public static function open(array $options, ?string $way, ?string $library): Backend
    {
        $refusals = [];
        foreach ($way === null ? self::WAYS : [$way] as $one) {
            try {
                return self::take($one, $options, $library);
            } catch (Refusal $refusal) {
                $refusals[] = $refusal->of($one);
            }
        }
        throw UnavailableException::because($refusals);
    }

    /**
     * @param array<string, string> $options
     * @throws Refusal
     */
    public static function take(string $way, array $options, ?string $library): Backend
    {
        switch ($way) {
            case 'extension':
                return Extension::open($options);
            case 'scope':
                return Ffi::open(self::scope(), $options, $way);
            default:
                return Ffi::open(self::ffi($library), $options, $way);
        }
    }

    private static function ffi(?string $library): \FFI
    {
        self::needFfi();
        if (self::enabled() === 'preload' && PHP_SAPI !== 'cli') {
            throw new Refusal(
                'ffi.enable=preload allows FFI on the command line only, and this is the SAPI ' . PHP_SAPI,
                'set ffi.enable=1 in php.ini or php_admin_value[ffi.enable]=1 for the FPM pool (.user.ini,'
                    . ' .htaccess and ini_set have no effect), or load the extension, or preload (wotrus-doctor preload)'
            );
        }
        return Library::load($library);
    }

    private static function scope(): \FFI
    {
        self::needFfi();
        try {
            return Scope::get();
        } catch (\FFI\Exception $error) {
            $header = (string) ini_get('ffi.preload');
            $script = (string) ini_get('opcache.preload');
            $reason = 'no scope is preloaded (ffi.preload=' . $header . ', opcache.preload=' . $script . ')';
            if ($header !== '' && $script !== '') {
                $reason .= ': ' . $error->getMessage();
            }
            throw new Refusal($reason, 'it takes both settings; wotrus-doctor preload tries and prints them');
        }
    }

    private static function needFfi(): void
    {
        if (!extension_loaded('ffi')) {
            throw new Refusal(
                'the extension FFI is not loaded into this PHP (' . PHP_VERSION . ', ' . PHP_SAPI . ')',
                'install it: php-ffi or php-common by your distribution, docker-php-ext-install ffi in Docker'
            );
        }
        if (self::enabled() === 'off') {
            throw new Refusal('ffi.enable is off', 'set ffi.enable=preload or 1 in php.ini');
        }
    }

    /** "on", "off" or "preload". */
    private static function enabled(): string
    {
        $value = strtolower((string) ini_get('ffi.enable'));
        if ($value === 'preload') {
            return $value;
        }
        return in_array($value, ['1', 'on', 'yes', 'true'], true) ? 'on' : 'off';
    }
}
