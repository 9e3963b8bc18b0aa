<?php

declare(strict_types=1);

namespace Wotrus\Testing;

use Wotrus\Client;

/**
 * A client for tests of your own code. It needs neither the extension, FFI nor a server: it gives
 * the answers that were queued and records the calls. It checks neither fields nor options, which the
 * library does in a real client: test them with "wotrus sandbox".
 *
 *     $client = new FakeClient();
 *     $client->willAnswer(['orderID' => 'A1']);
 *     $client->willFail(Kind::UNKNOWN_OUTCOME);
 *     ... code under test ...
 *     self::assertSame('create_order', $client->calls()[0]['operation']);
 *
 * A call without a queued answer throws a LogicException.
 */
final class FakeClient extends Client
{
    private FakeBackend $backend;

    /**
     * @param array<string, mixed> $options charset, lang, logger
     */
    public function __construct(array $options = [])
    {
        $this->backend = new FakeBackend();
        parent::__construct(['backend' => $this->backend] + $options + ['token' => 'tk_fake']);
    }

    /**
     * Queues an answer of the service. As with a real client, cancelOrder() and notifyByEmail() throw a
     * RefusedException for a cancelResult or sentResult of false.
     *
     * @param array<string, mixed> $data  the answer's data, such as ['orderID' => 'A1'] or
     *                                    ['status' => 'issued']; for certificates pem_RSA and
     *                                    chains_RSA (root first)
     * @param array<string, mixed> $facts order_id, request_id or attempts, if a test needs them
     */
    public function willAnswer(array $data, array $facts = []): self
    {
        $this->backend->add(FakeReply::answer($data, $facts));
        return $this;
    }

    /**
     * Queues a failure, which the client throws as the exception of its kind. Facts that are not given have
     * values that occur with this kind.
     *
     * @param string               $kind  one of the constants of Wotrus\Kind
     * @param array<string, mixed> $facts cause, delivery, message, http_status, request_id, attempts,
     *                                    retry_after_ms, idempotence_id, field, service_message
     */
    public function willFail(string $kind, array $facts = []): self
    {
        $this->backend->add(FakeReply::failure($kind, $facts));
        return $this;
    }

    /**
     * The calls so far, in order.
     *
     * @return list<array{operation: string, fields: array<string, mixed>|null, options: array<string, string>}>
     *         options are those of with()
     */
    public function calls(): array
    {
        return $this->backend->calls();
    }

    /** How many queued answers are left. A test can check that all were used. */
    public function remaining(): int
    {
        return $this->backend->remaining();
    }
}
