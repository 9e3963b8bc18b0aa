<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** The service does not accept the token: HTTP 401 or 403. */
class AuthException extends CallException
{
}
