<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** The call was cancelled. */
class CancelledException extends CallException
{
}
