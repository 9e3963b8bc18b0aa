<?php

declare(strict_types=1);

namespace App\Events;

use Wotrus\Order;

/** The result of a query. Listeners compare the status with the one they have stored. */
final class OrderQueried
{
    public Order $order;

    public function __construct(Order $order)
    {
        $this->order = $order;
    }
}
