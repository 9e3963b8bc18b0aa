<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** An option of the client cannot be used: address, CA file, proxy, ... */
class ConfigException extends CallException
{
}
