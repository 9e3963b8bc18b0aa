<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Exception\CallException;

/** Turns the options of a client into text, the only form that the library takes. */
final class Options
{
    /**
     * @param array<int|string, mixed> $options
     * @return array<string, string>
     */
    public static function texts(
        #[\SensitiveParameter]
        array $options
    ): array {
        $texts = [];
        foreach (array_keys($options) as $name) {
            $name = (string) $name;
            $text = self::text($options, $name);
            if ($text !== null) {
                $texts[self::withoutNul($name, $name)] = $text;
            }
        }
        return $texts;
    }

    /**
     * The value of one option; null if it is not set.
     *
     * @param array<int|string, mixed> $options
     */
    public static function text(
        #[\SensitiveParameter]
        array $options,
        string $name
    ): ?string {
        $value = $options[$name] ?? null;
        if (is_float($value)) {
            // (string) writes a comma in some locales before PHP 8.
            $value = rtrim(rtrim(sprintf('%.6F', $value), '0'), '.');
        }
        if ($value !== null && !is_string($value) && !is_int($value)) {
            throw CallException::config($name, 'is neither text nor a number');
        }
        return $value === null ? null : self::withoutNul($name, (string) $value);
    }

    /** C would read the text only up to the NUL. */
    private static function withoutNul(
        string $name,
        #[\SensitiveParameter]
        string $text
    ): string {
        if (strpos($text, "\0") !== false) {
            throw CallException::config(str_replace("\0", '\0', $name), 'contains a NUL');
        }
        return $text;
    }
}
