<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/** A local file cannot be read. */
class FileException extends CallException
{
}
