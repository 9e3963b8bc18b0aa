<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Backend\OpenBasedir;
use Wotrus\Exception\CallException;

// PHP compiles these functions to instructions of its own if they are imported.
use function is_array;
use function is_int;
use function is_object;
use function is_string;

/**
 * Writes the fields of a call as JSON, as json_encode() does: objects are those that it accepts. The library
 * checks names and types. For a client in GB18030 the JSON is ASCII with everything else escaped, because
 * the second byte of a GBK character may be a backslash.
 */
final class RequestBody
{
    private const MAX_DEPTH = 64;
    /** Not JSON_PRESERVE_ZERO_FRACTION: the service does not accept 12.0 as an integer. */
    private const FLAGS = JSON_UNESCAPED_SLASHES;

    /** @var Charset */
    private $charset;
    /** @var bool whether paths of documents are checked and made absolute */
    private $isBound;

    private function __construct(Charset $charset, bool $isBound)
    {
        $this->charset = $charset;
        $this->isBound = $isBound;
    }

    /**
     * @param array<int|string, mixed> $fields
     */
    public static function json(
        string $operation,
        #[\SensitiveParameter]
        array $fields,
        Charset $charset
    ): string {
        if ($fields === []) {
            return '{}'; // json_encode() writes []
        }
        $isUtf8 = $charset->isUtf8();
        // "POST /v1/..." opens no file.
        $isBound = OpenBasedir::isSet() && strpos($operation, ' ') === false;
        if (!$isUtf8 || $isBound) {
            $fields = (new self($charset, $isBound))->members($fields, 'json', 0);
        }
        // Text in UTF-8 is not escaped, which is faster to write and to read.
        $json = json_encode($fields, $isUtf8 ? self::FLAGS | JSON_UNESCAPED_UNICODE : self::FLAGS);
        if ($json === false) {
            $error = json_last_error_msg();
            (new self($charset, false))->members($fields, 'json', 0); // throws, and names the field
            throw CallException::argument('json', $error);
        }
        return $json;
    }

    /**
     * A value in UTF-8, with objects as json_encode() sees them. What cannot be written as JSON is refused,
     * naming its field.
     *
     * @param mixed $value
     * @return mixed
     */
    private function value(
        #[\SensitiveParameter]
        $value,
        string $field,
        int $depth
    ) {
        if (is_string($value)) {
            return $this->charset->decode($value, $field);
        }
        if ($value === null || is_int($value) || is_bool($value) || (is_float($value) && is_finite($value))) {
            return $value;
        }
        if ($depth < self::MAX_DEPTH) {
            if (is_array($value)) {
                return $this->members($value, $field, $depth);
            }
            if ($value instanceof \JsonSerializable) {
                $inner = $value->jsonSerialize();
                return $inner === $value ? $this->object($value, $field, $depth) : $this->value($inner, $field, $depth + 1);
            }
            if ($value instanceof \BackedEnum) {
                return $this->value($value->value, $field, $depth + 1);
            }
            if (is_object($value) && !$value instanceof \UnitEnum) {
                return $this->object($value, $field, $depth);
            }
        }
        throw CallException::argument($field, 'is neither text, a number, a boolean, null nor an array of these');
    }

    /** An object with the public properties of another one. */
    private function object(
        #[\SensitiveParameter]
        object $value,
        string $field,
        int $depth
    ): object {
        // A cast makes an array that contains the closure.
        $properties = $value instanceof \Closure ? [] : (array) $value;
        // Names that begin with NUL are those of private and protected properties.
        $public = array_filter($properties, static function ($name): bool {
            return is_int($name) || strncmp($name, "\0", 1) !== 0;
        }, ARRAY_FILTER_USE_KEY);
        return (object) $this->members($public, $field, $depth);
    }

    /**
     * @param array<int|string, mixed> $values
     * @return array<int|string, mixed>
     */
    private function members(
        #[\SensitiveParameter]
        array $values,
        string $field,
        int $depth
    ): array {
        $all = [];
        foreach ($values as $name => $value) {
            // Messages are logged, so any other name must not be in them.
            $inner = is_int($name) ? "$field.$name" : (preg_match('/^\w{1,64}$/D', $name) ? $name : $field);
            $name = is_int($name) ? $name : $this->charset->decode($name, 'json');
            $all[$name] = $this->value($value, $inner, $depth + 1);
            // The library refuses a path that is not text.
            if (is_string($name) && is_string($all[$name]) && strcasecmp($name, 'path') === 0) {
                $all[$name] = $this->path($all[$name], is_string($value) ? $value : '');
            }
        }
        return $all;
    }

    /**
     * The path of a document as the library opens it.
     *
     * @param string $path     in UTF-8
     * @param string $original in the caller's charset
     */
    private function path(string $path, string $original): string
    {
        // The library opens a file by its name in UTF-8, so a file with a GBK name is never found.
        if (!$this->charset->isUtf8() && $original !== $path && @is_file($original) && !@is_file($path)) {
            throw CallException::argument(
                'path',
                'the name of the file on disk is not UTF-8; rename the file, or make a link with an ASCII name'
            );
        }
        if (!$this->isBound) {
            return $path;
        }
        if (strpos($path, "\0") !== false) {
            throw CallException::argument('path', 'contains a NUL');
        }
        if (strlen($path) >= PHP_MAXPATHLEN) {
            throw CallException::file('path', 'is too long for a path');
        }
        $allowed = OpenBasedir::allowed($path);
        if ($allowed === null) {
            throw CallException::file('path', OpenBasedir::PROBLEM);
        }
        return $allowed;
    }
}
