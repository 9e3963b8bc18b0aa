<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** A defect of the library. */
class InternalException extends CallException
{
}
