<?php

declare(strict_types=1);

namespace Wotrus\Backend;

/** Applies PHP's open_basedir to the files that the library opens. FFI itself ignores the setting. */
final class OpenBasedir
{
    public const PROBLEM = 'is outside PHP\'s open_basedir';

    public static function isSet(): bool
    {
        return (string) ini_get('open_basedir') !== '';
    }

    /**
     * The path as the library may open it; null if open_basedir forbids it.
     *
     * Where the setting is on, the result is absolute: PHP then reads no stream wrapper out of it
     * (file://, php://), and the library opens the file that was checked.
     */
    public static function allowed(string $path): ?string
    {
        if ($path === '' || !self::isSet()) {
            return $path;
        }
        if ($path[0] !== '/') {
            $path = getcwd() . '/' . $path;
        }
        $allowed = true;
        // PHP checks the setting before it looks at the file, and says so in a warning.
        set_error_handler(static function (int $level, string $message) use (&$allowed): bool {
            $allowed = $allowed && strpos($message, 'open_basedir') === false;
            return true;
        });
        try {
            file_exists($path);
        } finally {
            restore_error_handler();
        }
        return $allowed ? $path : null;
    }
}
