<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The result of Client::cancelOrder() (section 5). A cancelResult of false is a RefusedException.
 *
 * @property-read bool        $cancelResult
 * @property-read string|null $cancelFailedReason
 */
final class Cancellation extends Result
{
    protected const PROPERTIES = self::CALL + ['cancelResult' => 'bool', 'cancelFailedReason' => '?string'];
}
