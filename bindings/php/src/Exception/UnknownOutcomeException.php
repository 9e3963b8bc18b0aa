<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** A writing call may have been processed, and no usable answer came. The message says how to go on. */
class UnknownOutcomeException extends CallException
{
}
