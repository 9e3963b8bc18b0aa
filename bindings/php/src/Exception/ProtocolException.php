<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** The answer cannot be used; a redirect, or another HTTP 4xx. */
class ProtocolException extends CallException
{
}
