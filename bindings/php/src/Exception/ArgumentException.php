<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** A field was refused before anything was sent; the message names it. */
class ArgumentException extends CallException
{
}
