<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** The answer to a reading call cannot be used, or any call got a redirect or another HTTP 4xx status. */
class ProtocolException extends CallException
{
}
