<?php

// The classes of the extension, for IDEs and static analysis. PHP never loads this file.

namespace Wotrus;

/** A client of libwotrus. Options and operations are those of wotrus.h. */
final class Native
{
    /**
     * Invalid options do not throw; every reply reports them.
     *
     * @param array<string, string|int|float|null> $options
     */
    public function __construct(array $options)
    {
    }

    /**
     * A client that shares the connections and has options of its own: request_id, timeout, retries, charset.
     *
     * @param array<string, string|int|float|null> $options
     */
    public function with(array $options): Native
    {
    }

    /**
     * Makes a call and reads the whole reply.
     *
     * @param string      $operation such as "create_order", or "POST /v1/..."
     * @param string|null $json      the fields of the call
     * @return array{status: int, kind: string, cause: string, delivery: string, message: string, http_status: int|null, request_id: string|null, idempotence_id: string|null, attempts: int, retry_after_ms: int|null, order_id: string|null, json: string, body: string|null, certificates: array<string, array{pem: string, chain: list<string>, full_chain: string|null, root: string|null}>}
     */
    public function call(string $operation, ?string $json = null): array
    {
    }

    /**
     * Makes a call. Its reply is read part by part.
     *
     * @param string      $operation such as "create_order", or "POST /v1/..."
     * @param string|null $json      the fields of the call
     */
    public function request(string $operation, ?string $json = null): NativeReply
    {
    }

    /** Checks the options. The reply's status is 0 if they are valid; nothing is sent. */
    public function check(): NativeReply
    {
    }

    /** The version of libwotrus. */
    public static function version(): string
    {
    }

    /** The ABI number of libwotrus. */
    public static function abi(): int
    {
    }
}

/** The reply to a call. It is made by Native::request() only. */
final class NativeReply
{
    /** 0 for success, else the number of the kind of failure. */
    public function status(): int
    {
    }

    /**
     * @return array{status: int, kind: string, cause: string, delivery: string, message: string, http_status: int|null, request_id: string|null, idempotence_id: string|null, attempts: int, retry_after_ms: int|null, order_id: string|null}
     */
    public function facts(): array
    {
    }

    public function orderId(): ?string
    {
    }

    public function requestId(): ?string
    {
    }

    public function attempts(): int
    {
    }

    /** The answer, or the failure, as JSON. */
    public function json(): ?string
    {
    }

    /**
     * The answer, or the failure, as arrays, with the document's spelling of the names of fields; null if
     * it has a text or a number that PHP cannot hold: then see json().
     *
     * @return array<int|string, mixed>|null
     */
    public function values(): ?array
    {
    }

    /** The answer as received. */
    public function body(): ?string
    {
    }

    /** A field by its path, such as "org.orgName"; null if it is null or absent. */
    public function get(string $path): ?string
    {
    }

    /** @param string $which "RSA", "Sign" or "Encrypt" */
    public function pem(string $which): ?string
    {
    }

    /**
     * @param string $which "RSA", "Sign" or "Encrypt"
     * @return list<string>|null
     */
    public function chain(string $which): ?array
    {
    }

    /** @param string $which "RSA", "Sign" or "Encrypt" */
    public function fullChain(string $which): ?string
    {
    }

    /** @param string $which "RSA", "Sign" or "Encrypt" */
    public function root(string $which): ?string
    {
    }
}
