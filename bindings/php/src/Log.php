<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Exception\CallException;

/**
 * Writes a line about each finished call to a PSR-3 logger. The logger's type is not declared, so
 * the package does not require psr/log.
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
    private const CONTEXT = [
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
            throw CallException::config('logger', 'is not a Psr\Log\LoggerInterface');
        }
        $this->logger = $logger;
    }

    public function write(string $operation, Reply $reply, float $seconds): void
    {
        if ($this->logger === null) {
            return;
        }
        $this->line($operation, $reply->facts(), $seconds);
    }

    /** A call that PHP refused before the library got it. */
    public function refusal(string $operation, CallException $exception): void
    {
        if ($this->logger === null) {
            return;
        }
        $this->line(str_replace("\0", '\0', $operation), [
            'status' => $exception->getCode(), 'message' => $exception->getMessage(), 'kind' => $exception->getKind(),
            'cause' => $exception->getCause(), 'delivery' => $exception->getDelivery(), 'http_status' => null,
            'request_id' => null, 'idempotence_id' => null, 'attempts' => 0, 'order_id' => null,
        ], 0.0);
    }

    /**
     * @param array<string, mixed> $facts
     */
    private function line(string $operation, array $facts, float $seconds): void
    {
        $level = self::LEVELS[$facts['kind']] ?? 'error';
        // The service's message about a success has no information; in the document it is "string".
        $message = $facts['status'] === 0 ? $facts['kind'] : $facts['message'];
        $context = array_intersect_key($facts, array_flip(self::CONTEXT));
        $context += ['operation' => $operation, 'elapsed_ms' => (int) round($seconds * 1000)];
        try {
            $this->logger->log($level, "WoTrus $operation: $message", $context);
        } catch (\Throwable $error) {
            // The call may have created an order, whose id must reach the caller.
            error_log('wotrus: the logger failed: ' . get_class($error) . ': ' . $error->getMessage());
        }
    }
}
