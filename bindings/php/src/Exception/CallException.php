<?php

declare(strict_types=1);

namespace Wotrus\Exception;

use Wotrus\Charset;
use Wotrus\Messages;

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
    /** @var array{string, string[]}|null what PHP refused itself, and the arguments of this problem */
    private $local = null;

    /**
     * @param array<string, mixed> $facts what Backend::call() returns, with field and
     *                                    service_message
     */
    final public function __construct(array $facts, ?\Throwable $previous = null)
    {
        parent::__construct($facts['message'], $facts['status'], $previous);
        // Without json and body: they contain the whole answer, and log viewers print exceptions.
        $this->facts = array_intersect_key($facts, self::FACTS);
        $this->removeArguments();
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

    /** A field that is refused before anything is sent. %s in the problem stands for the arguments. */
    public static function argument(string $field, string $problem, string ...$arguments): self
    {
        return self::local(1, 'argument', 'invalid', $field, $problem, $arguments);
    }

    /** An option that cannot be used. */
    public static function config(string $option, string $problem, string ...$arguments): self
    {
        return self::local(2, 'config', 'invalid', $option, $problem, $arguments);
    }

    /** A local file that must not be read. */
    public static function file(string $field, string $problem): self
    {
        return self::local(9, 'file', 'file_read', $field, $problem);
    }

    /** A certificate in an answer that cannot be used. */
    public static function certificate(string $field, string $problem): self
    {
        return self::local(8, 'protocol', 'certificate', $field, $problem, [], self::ANSWERED);
    }

    /**
     * @param string[] $arguments
     */
    private static function local(
        int $status,
        string $kind,
        string $cause,
        string $field,
        string $problem,
        array $arguments = [],
        string $delivery = self::NOT_SENT
    ): self {
        $text = $arguments === [] ? $problem : vsprintf($problem, $arguments);
        $exception = self::of([
            'status' => $status,
            'kind' => $kind,
            'cause' => $cause,
            'delivery' => $delivery,
            'message' => "$field: $text",
            'field' => $field,
        ]);
        $exception->local = [$problem, $arguments];
        return $exception;
    }

    /**
     * The same exception with its message in Chinese. The library's messages are in the language of the
     * option lang already; this changes those that PHP and the extension make themselves.
     *
     * @return static
     */
    public function inChinese(?Charset $charset = null): self
    {
        $field = (string) $this->getField();
        $start = "$field: ";
        if (strncmp($this->message, $start, strlen($start)) === 0) {
            [$problem, $arguments] = $this->local ?? [substr($this->message, strlen($start)), []];
            $text = Messages::chinese($problem, $arguments);
            if ($text !== null) {
                $text = "：$text";
                $this->message = $field . ($charset === null ? $text : $charset->encode($text));
            }
        }
        return $this;
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
