<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The result of Client::reissueCertificate() (section 7).
 *
 * @property-read string      $order_id   the new order
 * @property-read string|null $newOrderID the new order, as in the answer
 */
final class ReissuedOrder extends Result
{
    protected const PROPERTIES = self::CALL + ['newOrderID' => '?string'];
}
