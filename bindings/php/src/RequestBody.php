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
 * Checks the fields of a call and writes them as JSON. For a client in GB18030 the JSON is ASCII with
 * everything else escaped, because the second byte of a GBK character may be a backslash.
 */
final class RequestBody
{
    private const MAX_DEPTH = 64;
    /** Not JSON_PRESERVE_ZERO_FRACTION: the service does not accept 12.0 as an integer. */
    private const FLAGS = JSON_UNESCAPED_SLASHES;
    private const IDEMPOTENCE_ID = 'idempotenceID';
    /** The parts of an order. */
    private const PARTS = ['orderinfoPost' => 1, 'organizationPost' => 1, 'documentsPost' => 1];
    /** Fields of the document that contain no others. The library checks their types. */
    private const PLAIN = [
        'orderID' => 1, 'reason' => 1, 'collectUrl' => 1, 'timeout' => 1, 'csr' => 1, 'csR_Encrypt' => 1,
        'productID' => 1, 'commonName' => 1, 'csR_RSA' => 1, 'uKeyPassword' => 1, 'uKeyShipAddress' => 1, 'month' => 1,
        'OrgName' => 1, 'BusinessCategory' => 1, 'OrgPhone' => 1, 'OrgEmail' => 1, 'UserFirstName' => 1,
        'UserLastName' => 1, 'UserEmail' => 1, 'UserMobile' => 1, 'IDCardNO' => 1, 'countryCode' => 1, 'state' => 1,
        'city' => 1, 'street' => 1, 'zip' => 1, 'businessLicense' => 1, 'OtherName' => 1,
        'documentType' => 1, 'fileType' => 1, 'fileContent' => 1,
    ];
    /** Where each operation has its idempotenceID: the name of the part, "" for the top level. */
    private const IDEMPOTENCE_ID_PARTS = ['create_order' => 'orderinfopost', 'reissue_certificate' => ''];

    /** @var string */
    private $operation;
    /** @var Charset */
    private $charset;

    private function __construct(string $operation, Charset $charset)
    {
        $this->operation = $operation;
        $this->charset = $charset;
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
        $body = new self($operation, $charset);
        $isUtf8 = $charset->isUtf8();
        if (!$isUtf8) {
            $fields = $body->toUtf8($fields, 'json', 0);
        }
        $isRaw = strpos($operation, ' ') !== false;
        if ($isRaw || !self::isPlain($operation, $fields)) {
            $fields = $body->checked($fields, '', 0, !$isRaw && OpenBasedir::isSet(), $isRaw);
        }
        // Text in UTF-8 is not escaped, which is faster to write and to read.
        $json = json_encode($fields, $isUtf8 ? self::FLAGS | JSON_UNESCAPED_UNICODE : self::FLAGS);
        if ($json === false) {
            $error = json_last_error_msg();
            $body->toUtf8($fields, 'json', 0); // throws, and names the field
            throw CallException::argument('json', $error);
        }
        return $json;
    }

    /**
     * Whether there are only fields of the document, each in its place, and no document. Most calls are
     * like this, and this takes a fraction of the time of examining each name.
     *
     * @param array<int|string, mixed> $fields
     */
    private static function isPlain(
        string $operation,
        #[\SensitiveParameter]
        array $fields
    ): bool {
        if ($operation !== 'create_order') {
            return array_diff_key($fields, self::PLAIN) === [];
        }
        $info = $fields['orderinfoPost'] ?? [];
        $organization = $fields['organizationPost'] ?? [];
        return is_array($info) && is_array($organization) && ($fields['documentsPost'] ?? []) === []
            && array_diff_key($info, self::PLAIN, [self::IDEMPOTENCE_ID => 1]) === []
            && array_diff_key($organization, self::PLAIN) === []
            && array_diff_key($fields, self::PARTS) === [];
    }

    /**
     * The fields, with the paths of documents made absolute if open_basedir is set.
     *
     * @param array<int|string, mixed> $fields
     * @param string                   $part     names from the top, "" at the top
     * @param bool                     $isBound  whether open_basedir is set
     * @param bool                     $isRaw    whether the call is "POST /v1/...", sent as it is
     * @return array<int|string, mixed>
     */
    private function checked(
        #[\SensitiveParameter]
        array $fields,
        string $part,
        int $depth,
        bool $isBound,
        bool $isRaw
    ): array {
        foreach ($isRaw ? $fields : array_diff_key($fields, self::PLAIN) as $name => $value) {
            if (!$isRaw && is_string($name)) {
                $first = $name[0] ?? '';
                if (($first === 'i' || $first === 'I') && strncasecmp($name, 'idempot', 7) === 0) {
                    $this->checkIdempotenceId($name, $part);
                } elseif (($first === 'p' || $first === 'P') && strcasecmp($name, 'path') === 0) {
                    $path = self::checkedPath($value);
                    if ($isBound) {
                        $fields[$name] = $path;
                    }
                } elseif ($depth === 0 && $this->operation === 'create_order' && !isset(self::PARTS[$name])) {
                    self::checkPartName($name);
                }
            }
            if (is_array($value) || is_object($value)) {
                $inner = is_int($name) ? ($part === '' ? 'json' : $part) . ".$name" : ($part === '' ? $name : "$part.$name");
                if ($depth + 1 >= self::MAX_DEPTH || (is_object($value) && !$value instanceof \stdClass)) {
                    throw self::notJson(is_int($name) ? $inner : $name);
                }
                $members = is_array($value) ? $value : get_object_vars($value);
                $members = $this->checked($members, $inner, $depth + 1, $isBound, $isRaw);
                if ($isBound) {
                    $fields[$name] = is_array($value) ? $members : (object) $members;
                }
            }
        }
        return $fields;
    }

    /** An order with a misspelt or misplaced idempotenceID could be created twice. */
    private function checkIdempotenceId(string $name, string $part): void
    {
        $place = self::IDEMPOTENCE_ID_PARTS[$this->operation] ?? null;
        if ($place !== null && strcasecmp($part, $place) === 0 && strcasecmp($name, self::IDEMPOTENCE_ID) === 0) {
            return;
        }
        $found = preg_match('/^\w{1,64}$/', $name) === 1 ? $name : 'another name';
        $found = $part === '' ? $found : "$part.$found";
        if ($place === null) {
            throw CallException::argument(self::IDEMPOTENCE_ID, 'found as %s; only createOrder and reissueCertificate take one', $found);
        }
        $right = $place === '' ? self::IDEMPOTENCE_ID : 'orderinfoPost.' . self::IDEMPOTENCE_ID;
        throw CallException::argument(self::IDEMPOTENCE_ID, 'found as %s; its place is %s', $found, $right);
    }

    /** The parts of an order end in "Post"; without it the service would ignore them. */
    private static function checkPartName(string $name): void
    {
        foreach (array_keys(self::PARTS) as $part) {
            if (strcasecmp($name . 'Post', $part) === 0) {
                throw CallException::argument($part, 'found as %s; the name of this part is %s', $name, $part);
            }
        }
    }

    /**
     * @param mixed $path
     */
    private static function checkedPath($path): ?string
    {
        if ($path === null) {
            return null;
        }
        if (!is_string($path)) {
            throw CallException::argument('path', 'is not text');
        }
        $allowed = OpenBasedir::allowed($path);
        if ($allowed === null) {
            throw CallException::file('path', OpenBasedir::PROBLEM);
        }
        return $allowed;
    }

    /**
     * A value in UTF-8. What cannot be written as JSON is refused, naming its field.
     *
     * @param mixed $value
     * @return mixed
     */
    private function toUtf8(
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
        $isObject = $value instanceof \stdClass;
        if ((!is_array($value) && !$isObject) || $depth === self::MAX_DEPTH) {
            throw self::notJson($field);
        }
        $all = [];
        foreach ($isObject ? get_object_vars($value) : $value as $name => $item) {
            $inner = is_int($name) ? "$field.$name" : (string) $name;
            if (is_string($name) && is_string($item) && strcasecmp($name, 'path') === 0) {
                $this->checkFileName($item, $inner);
            }
            $name = is_string($name) ? $this->charset->decode($name, 'json') : $name;
            $all[$name] = $this->toUtf8($item, $inner, $depth + 1);
        }
        return $isObject ? (object) $all : $all;
    }

    /** The library opens a file by its name in UTF-8, so a file with a GBK name is never found. */
    private function checkFileName(string $path, string $field): void
    {
        $utf8 = $this->charset->decode($path, $field);
        if ($utf8 !== $path && @is_file($path) && !@is_file($utf8)) {
            throw CallException::argument(
                $field,
                'the name of the file on disk is not UTF-8; rename the file, or make a link with an ASCII name'
            );
        }
    }

    private static function notJson(string $field): CallException
    {
        return CallException::argument($field, 'is neither text, a number, a boolean, null nor an array of these');
    }
}
