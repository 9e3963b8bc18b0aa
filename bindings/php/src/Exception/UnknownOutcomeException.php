<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** A writing call may have been processed, and no trustworthy answer came; the message says how to go on. */
class UnknownOutcomeException extends CallException
{
}
