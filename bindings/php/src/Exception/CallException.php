<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/**
 * The base class of all kinds of failure. It stands itself for a kind that this package does not
 * know, from a newer library.
 */
class CallException extends \RuntimeException implements WotrusException
{
    use WithoutArguments;

    private const CLASSES = [
        'argument' => ArgumentException::class,
        'config' => ConfigException::class,
        'auth' => AuthException::class,
        'refused' => RefusedException::class,
        'not_ready' => NotReadyException::class,
        'unknown_outcome' => UnknownOutcomeException::class,
        'network' => NetworkException::class,
        'protocol' => ProtocolException::class,
        'file' => FileException::class,
        'cancelled' => CancelledException::class,
        'internal' => InternalException::class,
    ];

    private const FACTS = [
        'kind' => 1, 'cause' => 1, 'delivery' => 1, 'http_status' => 1, 'request_id' => 1, 'idempotence_id' => 1,
        'attempts' => 1, 'retry_after_ms' => 1, 'field' => 1, 'service_message' => 1,
    ];

    /** @var array<string, mixed> */
    private $facts;

    /**
     * @param array<string, mixed> $facts what Backend::call() returns, with field and
     *                                    service_message
     */
    final public function __construct(array $facts, ?\Throwable $previous = null)
    {
        parent::__construct(self::withoutMarkup($facts['message']), $facts['status'], $previous);
        // Without json and body: they contain the whole answer, and log viewers print exceptions.
        $this->facts = array_intersect_key($facts, self::FACTS);
        $this->removeArguments();
    }

    /** The message may quote the page of a gateway. As plain text it is readable and safe to show. */
    private static function withoutMarkup(string $message): string
    {
        if (preg_match('/<[a-z!*\/?]/i', $message) !== 1) {
            return $message;
        }
        $message = (string) preg_replace('/<(script|style)\b.*?(<\/\1>|$)/is', ' ', $message);
        // A tag at the end may be cut off; a redacted name is ***.
        $message = (string) preg_replace('/<[a-z!*\/?][^>]*(>|$)/i', ' ', $message);
        return trim((string) preg_replace('/[ \t\r\n]+/', ' ', $message));
    }

    /**
     * The exception for the kind in $facts.
     *
     * @param array<string, mixed> $facts
     */
    public static function of(array $facts): self
    {
        $class = self::CLASSES[$facts['kind']] ?? self::class;
        return new $class($facts);
    }

    /** A field that is refused before anything is sent. */
    public static function argument(string $field, string $problem): self
    {
        return self::local(1, 'argument', 'invalid', $field, $problem);
    }

    /** An option that cannot be used. */
    public static function config(string $option, string $problem): self
    {
        return self::local(2, 'config', 'invalid', $option, $problem);
    }

    /** A local file that must not be read. */
    public static function file(string $field, string $problem): self
    {
        return self::local(9, 'file', 'file_read', $field, $problem);
    }

    private static function local(int $status, string $kind, string $cause, string $field, string $problem): self
    {
        return self::of([
            'status' => $status,
            'kind' => $kind,
            'cause' => $cause,
            'delivery' => self::NOT_SENT,
            'message' => "$field: $problem",
            'field' => $field,
        ]);
    }

    public function getKind(): string
    {
        return $this->facts['kind'];
    }

    public function getCause(): string
    {
        return $this->facts['cause'];
    }

    public function getDelivery(): string
    {
        return $this->facts['delivery'];
    }

    public function getHttpStatus(): ?int
    {
        return $this->facts['http_status'] ?? null;
    }

    public function getRequestId(): ?string
    {
        return $this->facts['request_id'] ?? null;
    }

    public function getIdempotenceId(): ?string
    {
        return $this->facts['idempotence_id'] ?? null;
    }

    public function getAttempts(): int
    {
        return $this->facts['attempts'] ?? 0;
    }

    public function getRetryAfter(): ?float
    {
        $time = $this->facts['retry_after_ms'] ?? null;
        return $time === null ? null : $time / 1000;
    }

    public function getField(): ?string
    {
        return $this->facts['field'] ?? null;
    }

    public function getServiceMessage(): ?string
    {
        return $this->facts['service_message'] ?? null;
    }
}
