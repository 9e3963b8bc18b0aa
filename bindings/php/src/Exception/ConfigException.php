<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** An option cannot be used: address, CA file, proxy, ... */
class ConfigException extends CallException
{
}
