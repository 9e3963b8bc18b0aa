<?php

declare(strict_types=1);

namespace Wotrus;

/** The reply to a call. Its parts are read from the library when they are asked for. */
interface Reply
{
    /** 0 for success, else the number of the kind of failure. */
    public function status(): int;

    /**
     * Everything about the call except the answer.
     *
     * @return array<string, mixed> status, kind, cause, delivery, message, http_status, request_id,
     *                              idempotence_id, attempts, retry_after_ms, order_id
     */
    public function facts(): array;

    /** The order to use in further calls; null if there is none. */
    public function orderId(): ?string;

    public function requestId(): ?string;

    public function attempts(): int;

    /**
     * The answer, or the failure, in UTF-8, with the document's spelling of the names of fields; null
     * if PHP cannot read it.
     *
     * @return array<int|string, mixed>|null
     */
    public function values(): ?array;

    /** The answer as received; null if there was none. */
    public function body(): ?string;

    /** A field of the answer's data by its path, such as "org.orgName"; null if it is null or absent. */
    public function get(string $path): ?string;

    /** A certificate ("RSA", "Sign" or "Encrypt"); null if it is not in the answer. */
    public function pem(string $which): ?string;

    /**
     * The chain of a certificate in the order of the answer, root first.
     *
     * @return string[]
     */
    public function chain(string $which): array;

    /** The PEM file for a server: the certificate and its intermediates. */
    public function fullChain(string $which): ?string;

    /** The root of the chain; null if it is not in the answer. */
    public function root(string $which): ?string;
}
