<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** The certificate is not there yet. */
class NotReadyException extends CallException
{
}
