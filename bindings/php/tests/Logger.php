<?php

declare(strict_types=1);

namespace Wotrus\Tests;

/** The part of Psr\Log\LoggerInterface that the client uses. */
final class Logger
{
    /** @var array<int, array{0: mixed, 1: string, 2: array<string, mixed>}> */
    public $lines = [];
    /** @var bool */
    public $fails = false;

    /**
     * @param mixed                $level
     * @param array<string, mixed> $context
     */
    public function log($level, string $message, array $context = []): void
    {
        if ($this->fails) {
            throw new \RuntimeException('disk full');
        }
        $this->lines[] = [$level, $message, $context];
    }
}
