<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Exception\CallException;

/**
 * A notification that the service sent to your push URL (section 8).
 *
 * Anybody can send one, so it only tells when to query the order. Answer with HTTP 200; otherwise
 * the service sends it again, three times in all. Reading a push needs neither the extension nor FFI.
 *
 * @property-read string      $dataAction "order", or another kind
 * @property-read string|null $orderID    as received; orderId() is without blanks
 * @property-read bool        $isIssued
 * @property-read bool        $isRevoked
 */
final class Push extends FieldMap
{
    protected const PROPERTIES = ['dataAction' => 'string', 'orderID' => '?string', 'isIssued' => 'bool', 'isRevoked' => 'bool'];

    private const MAX_ID_BYTES = 128;
    private const BOM = "\xef\xbb\xbf";
    private const ASCII_BLANKS = " \t\n\v\f\r";
    /** The other blanks of Unicode, each with as many spaces as it has bytes. */
    private const BLANKS = [
        "\u{85}" => '  ', "\u{a0}" => '  ', "\u{1680}" => '   ', "\u{2000}" => '   ', "\u{2001}" => '   ',
        "\u{2002}" => '   ', "\u{2003}" => '   ', "\u{2004}" => '   ', "\u{2005}" => '   ', "\u{2006}" => '   ',
        "\u{2007}" => '   ', "\u{2008}" => '   ', "\u{2009}" => '   ', "\u{200a}" => '   ', "\u{2028}" => '   ',
        "\u{2029}" => '   ', "\u{202f}" => '   ', "\u{205f}" => '   ', "\u{3000}" => '   ',
    ];

    /** @var array<int|string, mixed> */
    private array $fields;
    private string $body;
    private string $action;
    /** Whether the id has an unpaired surrogate, which is no text for the library. */
    private bool $isIdBroken;

    /**
     * @param array<int|string, mixed> $fields
     */
    private function __construct(array $fields, string $body)
    {
        $this->fields = $fields;
        $this->body = $body;
        $action = $fields['dataAction'] ?? null;
        $this->action = is_scalar($action) ? (string) $action : '';
        $id = $fields['orderID'] ?? null;
        $this->isIdBroken = is_string($id) && strpos($id, "\u{fffd}") !== false
            && (Json::answer($body, '\u0000')['orderID'] ?? null) !== $id;
    }

    /**
     * Reads the body of the request, file_get_contents('php://input'). An unknown dataAction is not
     * an error.
     *
     * @param string $lang "zh": the message of the exception in Chinese; "en": in English
     * @throws Exception\ArgumentException if it is not a JSON object in UTF-8, or is about an order
     *                                     and has no usable id; if there is no such language
     */
    public static function parse(string $body, string $lang = 'en'): self
    {
        if ($lang !== 'en' && $lang !== 'zh') {
            throw CallException::argument('lang', 'is neither en nor zh');
        }
        try {
            return self::read($body);
        } catch (CallException $exception) {
            throw $lang === 'zh' ? $exception->inChinese() : $exception;
        }
    }

    private static function read(string $body): self
    {
        $body = self::withoutBom($body);
        if (preg_match('//u', $body) !== 1) {
            throw CallException::argument('push', 'is not %s', 'UTF-8');
        }
        $fields = Json::answer($body);
        // As arrays, {} and [] look the same.
        if ($fields === null || $body[strspn($body, " \t\r\n")] !== '{') {
            throw CallException::argument('push', 'is not a JSON object');
        }
        $push = new self($fields, $body);
        if ($push->isOrder()) {
            $push->orderId();
        }
        return $push;
    }

    private static function withoutBom(string $body): string
    {
        $start = 0;
        while (substr_compare($body, self::BOM, $start, 3) === 0) {
            $start += 3;
        }
        return substr($body, $start);
    }

    /** dataAction, such as "order"; "" if there is none. */
    public function action(): string
    {
        return $this->action;
    }

    /** Whether the push is about an order that was issued or revoked. */
    public function isOrder(): bool
    {
        return strcasecmp($this->action, 'order') === 0;
    }

    /** The id of the order; null if the push is about something else. */
    public function orderId(): ?string
    {
        if (!$this->isOrder()) {
            return null;
        }
        $id = $this->isIdBroken ? '' : ($this->fields['orderID'] ?? '');
        $id = self::trimmed(is_string($id) ? $id : (is_scalar($id) ? (string) json_encode($id) : ''));
        if ($id === '') {
            throw CallException::argument('orderID', 'is empty');
        }
        if (strlen($id) > self::MAX_ID_BYTES) {
            throw CallException::argument('orderID', 'is longer than %s bytes', (string) self::MAX_ID_BYTES);
        }
        if (preg_match('/\p{Cc}/u', $id) === 1) {
            throw CallException::argument('orderID', 'contains a control character');
        }
        if ($id === '.' || $id === '..') {
            throw CallException::argument('orderID', 'is a path, not an id');
        }
        return $id;
    }

    /** Without the blanks around it, in time that grows with the length alone. */
    private static function trimmed(string $text): string
    {
        $spaced = rtrim(strtr($text, self::BLANKS), self::ASCII_BLANKS);
        $start = strspn($spaced, self::ASCII_BLANKS);
        return substr($text, $start, strlen($spaced) - $start);
    }

    public function isIssued(): bool
    {
        return self::isTrue($this->fields['isIssued'] ?? false);
    }

    public function isRevoked(): bool
    {
        return self::isTrue($this->fields['isRevoked'] ?? false);
    }

    /**
     * All fields. Those that the document describes have its spelling; text is UTF-8.
     *
     * @return array<int|string, mixed>
     */
    public function fields(): array
    {
        return $this->fields;
    }

    /** The body as received, without byte order mark. */
    public function body(): string
    {
        return $this->body;
    }
}
