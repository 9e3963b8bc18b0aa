<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Exception\CallException;

/**
 * A notification that the service sent to your push URL (section 8). It is a hint that anybody can
 * send: query the order before acting on it, and answer 200; else it is sent again, three times in
 * all. It is read without the library, so that a page can take it where FFI is refused.
 */
final class Push
{
    private const DEEPEST = 64;
    private const LONGEST_ID = 128;

    /** @var array<int|string, mixed> */
    private $fields;
    /** @var string */
    private $body;
    /** @var string */
    private $action;

    /**
     * @param array<int|string, mixed> $fields
     */
    private function __construct(array $fields, string $body)
    {
        $this->fields = $fields;
        $this->body = $body;
        $action = $fields['dataAction'] ?? null;
        $this->action = is_scalar($action) ? (string) $action : '';
    }

    /**
     * Reads the body: file_get_contents('php://input'). An unknown dataAction is no error.
     *
     * @throws Exception\WotrusException for what is not JSON in UTF-8, or an order without an id
     */
    public static function parse(string $body): self
    {
        $body = preg_replace('/^(?:\xef\xbb\xbf)+/', '', $body);
        if (preg_match('//u', $body) !== 1) {
            throw CallException::argument('push', 'is not UTF-8');
        }
        $fields = json_decode($body, true, self::DEEPEST, JSON_BIGINT_AS_STRING);
        // {} and [] are one and the same once they are read.
        if (!is_array($fields) || ltrim($body, " \t\r\n")[0] !== '{') {
            throw CallException::argument('push', 'is not a JSON object');
        }
        $fields = Answer::named($fields);
        $push = new self($fields, $body);
        if ($push->isOrder()) {
            $push->orderId();
        }
        return $push;
    }

    /** dataAction, such as "order"; "" if none came. */
    public function action(): string
    {
        return $this->action;
    }

    /** Whether it is about an order: one was issued or revoked. */
    public function isOrder(): bool
    {
        return strcasecmp($this->action, 'order') === 0;
    }

    /** The order it is about; null if it is about something else. */
    public function orderId(): ?string
    {
        if (!$this->isOrder()) {
            return null;
        }
        $id = $this->fields['orderID'] ?? '';
        $id = is_string($id) ? $id : (is_scalar($id) ? (string) json_encode($id) : '');
        $id = preg_replace('/^[\s\pZ]+|[\s\pZ]+$/u', '', $id);
        if ($id === '') {
            throw CallException::argument('orderID', 'is empty');
        }
        if (strlen($id) > self::LONGEST_ID) {
            throw CallException::argument('orderID', 'is longer than ' . self::LONGEST_ID . ' bytes');
        }
        if (preg_match('/\p{Cc}/u', $id) === 1) {
            throw CallException::argument('orderID', 'holds a control character');
        }
        if ($id === '.' || $id === '..') {
            throw CallException::argument('orderID', 'is a path, not an id');
        }
        return $id;
    }

    public function isIssued(): bool
    {
        return $this->flag('isIssued');
    }

    public function isRevoked(): bool
    {
        return $this->flag('isRevoked');
    }

    /**
     * All its fields, with the document's names for those it describes; text in UTF-8.
     *
     * @return array<int|string, mixed>
     */
    public function fields(): array
    {
        return $this->fields;
    }

    /** The body as it came. */
    public function body(): string
    {
        return $this->body;
    }

    /** A boolean may come as a text or a number. */
    private function flag(string $name): bool
    {
        $value = $this->fields[$name] ?? false;
        return $value === true || $value === 1 || (is_string($value) && in_array(strtolower(trim($value)), ['true', '1'], true));
    }
}
