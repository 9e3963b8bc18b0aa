<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The result of Client::notifyByEmail() (section 9). A sentResult of false is a RefusedException.
 *
 * @property-read bool $sentResult
 */
final class EmailNotification extends Result
{
    protected const PROPERTIES = self::CALL + ['sentResult' => 'bool'];
}
