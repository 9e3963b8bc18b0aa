<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** Nothing was sent, or a reading call got no answer. */
class NetworkException extends CallException
{
}
