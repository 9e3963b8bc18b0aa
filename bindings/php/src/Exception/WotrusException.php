<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/**
 * The interface of every failure. getMessage() is one sentence without secrets; getCode() is the
 * number of the kind in C.
 */
interface WotrusException extends \Throwable
{
    public const NOT_SENT = 'not_sent';
    public const ANSWERED = 'answered';
    public const UNKNOWN = 'unknown';

    /** The kind of failure: "argument", "config", "auth", "refused", ... */
    public function getKind(): string;

    /** The cause within the kind: "dns", "tls", "timeout", "not_json", ... */
    public function getCause(): string;

    /**
     * Whether the service got the call, over all attempts: NOT_SENT (the order does not exist),
     * ANSWERED (the service has decided), UNKNOWN (the order may exist).
     */
    public function getDelivery(): string;

    /** The HTTP status of the last answer; null if there was none. */
    public function getHttpStatus(): ?int;

    /** The RequestID that was sent. The service finds the call in its logs by it. */
    public function getRequestId(): ?string;

    /** The idempotenceID of the call. With the same one the call may be sent again. */
    public function getIdempotenceId(): ?string;

    /** How many times the call was sent; 0 if it was refused before. */
    public function getAttempts(): int;

    /** The seconds that the service asked to wait; null if it did not ask. */
    public function getRetryAfter(): ?float;

    /** The name of the field or option that was refused. */
    public function getField(): ?string;

    /** The service's own message; null if there was none. */
    public function getServiceMessage(): ?string;
}
