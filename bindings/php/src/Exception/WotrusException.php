<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/**
 * Every failure: catch this one to catch all. getMessage() is one sentence for a person, without
 * secrets; getCode() is the kind's number in C.
 */
interface WotrusException extends \Throwable
{
    public const NOT_SENT = 'not_sent';
    public const ANSWERED = 'answered';
    public const UNKNOWN = 'unknown';

    /** What kind of failure it is: "argument", "config", "auth", "refused", ... */
    public function getKind(): string;

    /** The finer reason: "dns", "tls", "timeout", "not_json", ... */
    public function getCause(): string;

    /**
     * Whether the service got the call, over all attempts: NOT_SENT (an order does not exist),
     * ANSWERED (the service decided), UNKNOWN (it may exist).
     */
    public function getDelivery(): string;

    /** The HTTP status of the last answer, if one came. */
    public function getHttpStatus(): ?int;

    /** The RequestID that was sent: by it the service finds the call in its logs. */
    public function getRequestId(): ?string;

    /** The idempotenceID the call carried: with the same one it may be sent again. */
    public function getIdempotenceId(): ?string;

    /** How often the call was sent; 0 when it was refused here. */
    public function getAttempts(): int;

    /** How many seconds the service asked to wait. */
    public function getRetryAfter(): ?float;

    /** The field or option that was refused here, by its name. */
    public function getField(): ?string;

    /** The service's own words, if it gave any. */
    public function getServiceMessage(): ?string;
}
