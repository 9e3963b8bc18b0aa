<?php

declare(strict_types=1);

namespace Wotrus\Exception;

/**
 * Removes the arguments of calls from the trace of an exception. They include the token and the
 * order, and error pages and logs print them when zend.exception_ignore_args is off. The attribute
 * SensitiveParameter hides them in PHP 8.2 and later only.
 */
trait WithoutArguments
{
    private function removeArguments(): void
    {
        $property = new \ReflectionProperty(\Exception::class, 'trace');
        // Required before 8.1, deprecated in 8.5.
        if (PHP_VERSION_ID < 80100) {
            $property->setAccessible(true);
        }
        $trace = $property->getValue($this);
        foreach (array_keys($trace) as $frame) {
            unset($trace[$frame]['args']);
        }
        $property->setValue($this, $trace);
    }
}
