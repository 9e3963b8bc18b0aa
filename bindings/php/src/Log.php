<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Exception\CallException;

/**
 * Tells a PSR-3 logger of each call, when it is over. The logger's type is not named, so that the
 * package needs no psr/log.
 */
final class Log
{
    private const LEVELS = [
        'ok' => 'info',
        'not_ready' => 'info',
        'argument' => 'warning',
        'refused' => 'warning',
        'cancelled' => 'warning',
    ];
    private const FACTS = [
        'kind', 'cause', 'delivery', 'http_status', 'request_id', 'idempotence_id', 'attempts', 'order_id',
    ];

    /** @var object|null */
    private $logger;

    /**
     * @param mixed $logger \Psr\Log\LoggerInterface or null
     */
    public function __construct($logger)
    {
        if ($logger !== null && !(is_object($logger) && method_exists($logger, 'log'))) {
            throw CallException::config('logger', 'is no Psr\Log\LoggerInterface');
        }
        $this->logger = $logger;
    }

    /**
     * @param array<string, mixed> $reply
     */
    public function tell(string $operation, array $reply, float $seconds): void
    {
        if ($this->logger === null) {
            return;
        }
        $level = self::LEVELS[$reply['kind']] ?? 'error';
        // The service's words at a success are nothing to log; the example has "string" there.
        $message = $reply['status'] === 0 ? $reply['kind'] : $reply['message'];
        $context = array_intersect_key($reply, array_flip(self::FACTS));
        $context += ['operation' => $operation, 'elapsed_ms' => (int) round($seconds * 1000)];
        try {
            $this->logger->log($level, "WoTrus $operation: $message", $context);
        } catch (\Throwable $error) {
            // The order exists by now, and its id must reach the caller whatever the logger does.
            error_log('wotrus: the logger failed: ' . get_class($error) . ': ' . $error->getMessage());
        }
    }
}
