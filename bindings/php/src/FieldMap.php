<?php

declare(strict_types=1);

namespace Wotrus;

use function array_key_exists;
use function is_array;
use function is_int;
use function is_scalar;
use function is_string;

/**
 * Named fields that are read as properties, with their types, or as array elements, as they were
 * received. They cannot be changed.
 *
 * A field that the document describes and the answer lacks is null, or as a property the empty value
 * of its type. Any other array element that does not exist raises a warning, as with arrays.
 *
 * @implements \ArrayAccess<string, mixed>
 * @implements \IteratorAggregate<string, mixed>
 */
abstract class FieldMap implements \ArrayAccess, \Countable, \IteratorAggregate, \JsonSerializable
{
    /** The types of the properties: string, int, bool, array, with ? if they can be null. */
    protected const PROPERTIES = [];

    /**
     * Personal data, keys and links that var_dump() and print_r() do not show, in lower case. org is the whole
     * organisation; body is an answer that PHP cannot read.
     */
    private const SECRETS = [
        'org' => 1, 'organizationpost' => 1, 'cn' => 1, 'commonname' => 1, 'orgname' => 1, 'othername' => 1,
        'orgphone' => 1, 'orgemail' => 1, 'userfirstname' => 1, 'userlastname' => 1, 'useremail' => 1,
        'usermobile' => 1, 'idcardnumber' => 1, 'idcardno' => 1, 'ukeyshipaddress' => 1, 'street' => 1,
        'pendinglink' => 1, 'ukeypassword' => 1, 'filecontent' => 1, 'wotrustoken' => 1, 'token' => 1, 'body' => 1,
    ];

    /**
     * All fields as received.
     *
     * @return array<int|string, mixed>
     */
    abstract protected function fields(): array;

    /**
     * One field as received; null if it is absent.
     *
     * @param int|string $name
     * @return mixed
     */
    protected function field($name)
    {
        return $this->fields()[$name] ?? null;
    }

    /**
     * All fields, objects among them as arrays.
     *
     * @return array<int|string, mixed>
     */
    public function toArray(): array
    {
        return array_map([self::class, 'plain'], $this->fields());
    }

    /**
     * @param mixed $value
     * @return mixed
     */
    private static function plain($value)
    {
        if ($value instanceof self) {
            return $value->toArray();
        }
        return is_array($value) ? array_map([self::class, 'plain'], $value) : $value;
    }

    /**
     * @return mixed
     */
    public function __get(string $name)
    {
        $type = static::PROPERTIES[$name] ?? null;
        if ($type === null) {
            trigger_error('Undefined property: ' . static::class . "::\$$name", E_USER_WARNING);
            return null;
        }
        return self::typed($this->field($name), $type);
    }

    public function __isset(string $name): bool
    {
        return isset(static::PROPERTIES[$name]) && self::typed($this->field($name), static::PROPERTIES[$name]) !== null;
    }

    /**
     * @param mixed $value
     */
    public function __set(string $name, $value): void
    {
        throw new \LogicException(static::class . ' is read-only');
    }

    public function __unset(string $name): void
    {
        throw new \LogicException(static::class . ' is read-only');
    }

    /**
     * The service may send numbers and booleans as text.
     *
     * @param mixed $value
     * @return mixed
     */
    private static function typed($value, string $type)
    {
        $isNullable = $type[0] === '?';
        if ($value === null && $isNullable) {
            return null;
        }
        switch (ltrim($type, '?')) {
            case 'string':
                return is_string($value) ? $value : (is_scalar($value) ? (string) json_encode($value) : ($isNullable ? null : ''));
            case 'int':
                return is_int($value) ? $value : (is_numeric($value) ? (int) $value : ($isNullable ? null : 0));
            case 'bool':
                return self::isTrue($value);
            case 'array':
                return is_array($value) ? $value : [];
            default:
                return $value;
        }
    }

    /**
     * @param mixed $value
     */
    final protected static function isTrue($value): bool
    {
        return $value === true || $value === 1 || (is_string($value) && in_array(strtolower(trim($value)), ['true', '1'], true));
    }

    /**
     * @param int|string $offset
     */
    public function offsetExists($offset): bool
    {
        return $this->field($offset) !== null;
    }

    /**
     * @param int|string $offset
     * @return mixed
     */
    #[\ReturnTypeWillChange]
    public function offsetGet($offset)
    {
        $value = $this->field($offset);
        // A field that the document describes may be absent.
        if ($value === null && !isset(static::PROPERTIES[$offset]) && !array_key_exists($offset, $this->fields())) {
            trigger_error(is_int($offset) ? "Undefined array key $offset" : "Undefined array key \"$offset\"", E_USER_WARNING);
        }
        return $value;
    }

    /**
     * @param int|string|null $offset
     * @param mixed           $value
     */
    public function offsetSet($offset, $value): void
    {
        throw new \LogicException(static::class . ' is read-only');
    }

    /**
     * @param int|string $offset
     */
    public function offsetUnset($offset): void
    {
        throw new \LogicException(static::class . ' is read-only');
    }

    public function count(): int
    {
        return count($this->fields());
    }

    /**
     * @return \ArrayIterator<int|string, mixed>
     */
    public function getIterator(): \ArrayIterator
    {
        return new \ArrayIterator($this->fields());
    }

    /**
     * @return array<int|string, mixed>|\stdClass
     */
    #[\ReturnTypeWillChange]
    public function jsonSerialize()
    {
        $fields = $this->toArray();
        return $fields === [] ? new \stdClass() : $fields;
    }

    /**
     * @return array<int|string, mixed> what var_dump() shows
     */
    public function __debugInfo(): array
    {
        return self::withoutSecrets($this->toArray());
    }

    /**
     * @param array<int|string, mixed> $fields
     * @return array<int|string, mixed>
     */
    private static function withoutSecrets(array $fields): array
    {
        foreach ($fields as $name => $value) {
            if (isset(self::SECRETS[strtolower((string) $name)])) {
                $fields[$name] = $value === null || $value === '' ? $value : '(redacted)';
            } elseif (is_array($value)) {
                $fields[$name] = self::withoutSecrets($value);
            }
        }
        return $fields;
    }
}
