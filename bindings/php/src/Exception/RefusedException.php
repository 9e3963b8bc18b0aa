<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** The service refused the call, or the order ended without a certificate. */
class RefusedException extends CallException
{
}
