<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The result of Client::createOrder() (section 2).
 *
 * @property-read string      $order_id    the order to use in further calls, whichever field it came in
 * @property-read string|null $orderID     the SM2 order, or the only one
 * @property-read string|null $orderID_RSA the RSA order that belongs to the SM2 order
 */
final class CreatedOrder extends Result
{
    protected const PROPERTIES = self::CALL + ['orderID' => '?string', 'orderID_RSA' => '?string'];
}
