<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Exception\CallException;

/** A client's options as texts, which is how the library has them. */
final class Options
{
    /**
     * @param array<int|string, mixed> $options
     * @return array<string, string>
     */
    public static function texts(array $options): array
    {
        $texts = [];
        foreach (array_keys($options) as $name) {
            $name = (string) $name;
            $text = self::text($options, $name);
            if ($text !== null) {
                $texts[self::whole($name, $name)] = $text;
            }
        }
        return $texts;
    }

    /**
     * One of them, null if it is not given.
     *
     * @param array<int|string, mixed> $options
     */
    public static function text(array $options, string $name): ?string
    {
        $value = $options[$name] ?? null;
        if (is_float($value)) {
            // (string) would write a comma in some locales, before PHP 8.
            $value = rtrim(rtrim(sprintf('%.6F', $value), '0'), '.');
        }
        if ($value !== null && !is_string($value) && !is_int($value)) {
            throw CallException::config($name, 'is neither a text nor a number');
        }
        return $value === null ? null : self::whole($name, (string) $value);
    }

    /** A NUL would cut the text short on its way. */
    private static function whole(string $name, string $text): string
    {
        if (strpos($text, "\0") !== false) {
            throw CallException::config(str_replace("\0", '\0', $name), 'has a NUL in it');
        }
        return $text;
    }
}
