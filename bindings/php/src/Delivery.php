<?php

declare(strict_types=1);

namespace Wotrus;

/** Whether the service got a call: WotrusException::getDelivery(). */
final class Delivery
{
    /** The service did not get it: the order does not exist. */
    public const NOT_SENT = 'not_sent';
    /** The service has decided. */
    public const ANSWERED = 'answered';
    /** The service may have processed it: the order may exist. */
    public const UNKNOWN = 'unknown';
}
