<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** Refused here, before anything was sent; the message names the field. */
class ArgumentException extends CallException
{
}
