<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** A local file. */
class FileException extends CallException
{
}
