<?php

declare(strict_types=1);

namespace Wotrus;

/** The payment of an order, in isPay. */
final class Payment
{
    public const UNPAID = 0;
    public const PAID = 1;
    /** The certificate is issued before payment, and is not paid yet. */
    public const ISSUED_BEFORE_PAYMENT = 2;
}
