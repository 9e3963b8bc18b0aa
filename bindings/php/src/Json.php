<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Exception\CallException;

/**
 * Arrays to JSON and back, in the caller's charset. What goes to the library is ASCII, everything
 * else escaped: a GBK character whose second byte is a backslash then meets no parser of JSON.
 */
final class Json
{
    private const DEEPEST = 64;

    /** @var Charset */
    private $charset;

    public function __construct(Charset $charset)
    {
        $this->charset = $charset;
    }

    /**
     * @param array<int|string, mixed> $value
     */
    public function encode(array $value): string
    {
        if ($value === []) {
            return '{}'; // of an empty array PHP makes a list
        }
        $json = json_encode($this->decoded($value, 'json', 0), JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION);
        if ($json === false) {
            throw CallException::argument('json', json_last_error_msg());
        }
        return $json;
    }

    /**
     * JSON as arrays; null if it is none that PHP can read.
     *
     * @return mixed
     */
    public function decode(string $json)
    {
        // An id that is a large number keeps its digits.
        return $this->encoded(json_decode($json, true, 512, JSON_BIGINT_AS_STRING));
    }

    /**
     * The caller's value in UTF-8, with each text looked at under its field's name.
     *
     * @param mixed $value
     * @return mixed
     */
    private function decoded($value, string $field, int $depth)
    {
        if (is_string($value)) {
            return $this->charset->decode($value, $field);
        }
        if ($value === null || is_int($value) || is_bool($value) || (is_float($value) && is_finite($value))) {
            return $value;
        }
        // An object is how PHP writes {} when it is empty.
        $object = $value instanceof \stdClass;
        if ((!is_array($value) && !$object) || $depth === self::DEEPEST) {
            throw CallException::argument($field, 'is neither a text, a number, a boolean, null nor an array of them');
        }
        $all = [];
        foreach ($object ? get_object_vars($value) : $value as $name => $item) {
            $inner = is_int($name) ? "$field.$name" : (string) $name;
            if (is_string($name) && strcasecmp($name, 'path') === 0 && is_string($item)) {
                $this->checkPath($item, $inner);
            }
            $name = is_string($name) ? $this->charset->decode($name, $inner) : $name;
            $all[$name] = $this->decoded($item, $inner, $depth + 1);
        }
        return $object ? (object) $all : $all;
    }

    /**
     * A path in JSON is text, so the library opens it by its name in UTF-8. A file whose name on
     * disk is in GBK cannot be meant by it: better said than "no such file".
     */
    private function checkPath(string $path, string $field): void
    {
        $utf8 = $this->charset->decode($path, $field);
        if ($utf8 !== $path && @is_file($path) && !@is_file($utf8)) {
            throw CallException::argument(
                $field,
                'the file\'s name on disk is not UTF-8; give it a name of ASCII letters, or a link that has one'
            );
        }
    }

    /**
     * @param mixed $value
     * @return mixed
     */
    private function encoded($value)
    {
        if ($this->charset->isUtf8()) {
            return $value;
        }
        if (is_string($value)) {
            return $this->charset->encode($value);
        }
        if (!is_array($value)) {
            return $value;
        }
        $all = [];
        foreach ($value as $name => $item) {
            $all[is_string($name) ? $this->charset->encode($name) : $name] = $this->encoded($item);
        }
        return $all;
    }
}
