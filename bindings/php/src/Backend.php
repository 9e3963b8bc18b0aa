<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * A way to the library, with one client of it: the extension or FFI.
 */
interface Backend
{
    /**
     * Calls an operation with the service's own JSON.
     *
     * @return array<string, mixed> status (0 is success), kind, cause, delivery, message,
     *                              http_status, request_id, idempotence_id, attempts,
     *                              retry_after_ms, order_id, json, body, certificates
     */
    public function call(string $operation, ?string $json): array;

    /**
     * The same client with options of its own for some of its calls.
     *
     * @param array<string, string> $options
     */
    public function with(array $options): self;

    /** "extension", "scope" or "ffi". */
    public function way(): string;

    /** The version of the library behind it. */
    public function version(): string;
}
