<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/**
 * What every kind of failure has in common; itself the failure of a kind that a newer library may
 * add.
 */
class CallException extends \RuntimeException implements WotrusException
{
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

    /** @var array<string, mixed> */
    private $facts;

    /**
     * @param array<string, mixed> $facts as a backend's call returns them, with field and
     *                                    service_message
     */
    final public function __construct(array $facts, ?\Throwable $previous = null)
    {
        parent::__construct($facts['message'], $facts['status'], $previous);
        $this->facts = $facts;
        $this->forgetArguments();
    }

    /**
     * A trace holds the arguments of the calls: a token, an order. Error pages and logs show them,
     * and the attribute SensitiveParameter is known to PHP 8.2 and later only.
     */
    private function forgetArguments(): void
    {
        $property = new \ReflectionProperty(\Exception::class, 'trace');
        // Needed below 8.1, deprecated in 8.5.
        if (PHP_VERSION_ID < 80100) {
            $property->setAccessible(true);
        }
        $trace = $property->getValue($this);
        foreach (array_keys($trace) as $frame) {
            unset($trace[$frame]['args']);
        }
        $property->setValue($this, $trace);
    }

    /**
     * The exception of the class that the kind has.
     *
     * @param array<string, mixed> $facts
     */
    public static function of(array $facts): self
    {
        $class = self::CLASSES[$facts['kind']] ?? self::class;
        return new $class($facts);
    }

    /** A value that is refused here, before anything is sent. */
    public static function argument(string $field, string $problem): self
    {
        return self::here(1, 'argument', $field, $problem);
    }

    /** An option that cannot be used. */
    public static function config(string $option, string $problem): self
    {
        return self::here(2, 'config', $option, $problem);
    }

    private static function here(int $status, string $kind, string $field, string $problem): self
    {
        return self::of([
            'status' => $status,
            'kind' => $kind,
            'cause' => 'invalid',
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
