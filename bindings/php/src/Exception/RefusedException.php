<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** The service said no, in its own words; or the order ended without a certificate. */
class RefusedException extends CallException
{
}
