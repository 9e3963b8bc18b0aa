<?php

declare(strict_types=1);

namespace Wotrus;

/** Reads JSON. */
final class Json
{
    /** The library accepts 64 levels; PHP counts the value in the innermost one too. */
    private const MAX_DEPTH = 65;

    /**
     * The value as arrays; null if PHP cannot read it. A number with too many digits for an int is
     * text, so that an id keeps its digits.
     *
     * @param string $replacement what an unpaired surrogate becomes, as JSON
     * @return mixed
     */
    public static function read(string $json, string $replacement = '\ufffd')
    {
        $value = json_decode($json, true, self::MAX_DEPTH, JSON_BIGINT_AS_STRING);
        if (json_last_error() === JSON_ERROR_UTF16) {
            $value = json_decode(self::replaceUnpairedSurrogates($json, $replacement), true, self::MAX_DEPTH, JSON_BIGINT_AS_STRING);
        }
        return $value;
    }

    /**
     * An answer or a push as arrays, with the document's spelling of the names of fields; null if PHP
     * cannot read it.
     *
     * @return array<int|string, mixed>|null
     */
    public static function answer(string $json, string $replacement = '\ufffd'): ?array
    {
        $value = self::read($json, $replacement);
        return is_array($value) ? FieldNames::normalized($value) : null;
    }

    /**
     * PHP refuses a whole document for an unpaired surrogate such as \ud800. It must not hide the
     * id of an order, so it is replaced.
     */
    private static function replaceUnpairedSurrogates(string $json, string $replacement): string
    {
        $escape = '/\\\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)/s';
        return (string) preg_replace_callback($escape, static function (array $match) use ($replacement): string {
            return isset($match[1]) ? $replacement : $match[0];
        }, $json);
    }
}
