<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** The certificate is not issued yet. */
class NotReadyException extends CallException
{
}
