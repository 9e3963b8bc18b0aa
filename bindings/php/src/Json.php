<?php

declare(strict_types=1);

namespace Wotrus;

/** Reads JSON. */
final class Json
{
    /** The library accepts no deeper nesting. */
    private const MAX_DEPTH = 128;

    /**
     * The value as arrays; null if PHP cannot read it. A number with too many digits for an int is
     * text, so that an id keeps its digits.
     *
     * @return mixed
     */
    public static function read(string $json)
    {
        $value = json_decode($json, true, self::MAX_DEPTH, JSON_BIGINT_AS_STRING);
        if (json_last_error() === JSON_ERROR_UTF16) {
            $value = json_decode(self::replaceUnpairedSurrogates($json), true, self::MAX_DEPTH, JSON_BIGINT_AS_STRING);
        }
        return $value;
    }

    /**
     * An answer or a push as arrays, with the document's spelling of the names of fields; null if PHP
     * cannot read it.
     *
     * @return array<int|string, mixed>|null
     */
    public static function answer(string $json): ?array
    {
        $value = self::read($json);
        return is_array($value) ? FieldNames::normalized($value) : null;
    }

    /**
     * PHP refuses a whole document for an unpaired surrogate such as \ud800. It must not hide the
     * id of an order, so it becomes U+FFFD.
     */
    private static function replaceUnpairedSurrogates(string $json): string
    {
        $escape = '/\\\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)/s';
        return (string) preg_replace_callback($escape, static function (array $match): string {
            return isset($match[1]) ? '\ufffd' : $match[0];
        }, $json);
    }
}
