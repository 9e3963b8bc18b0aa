<?php

declare(strict_types=1);

namespace Wotrus\Testing;

use Wotrus\Cause;
use Wotrus\Delivery;
use Wotrus\Json;
use Wotrus\Kind;
use Wotrus\Reply;

/**
 * A reply that was queued in FakeClient.
 *
 * @internal
 */
final class FakeReply implements Reply
{
    private const STATUSES = [
        Kind::ARGUMENT => 1, Kind::CONFIG => 2, Kind::AUTH => 3, Kind::REFUSED => 4, Kind::NOT_READY => 5,
        Kind::UNKNOWN_OUTCOME => 6, Kind::NETWORK => 7, Kind::PROTOCOL => 8, Kind::FILE => 9,
        Kind::CANCELLED => 10, Kind::INTERNAL => 11,
    ];
    /** A cause that occurs with each kind. */
    private const CAUSES = [
        Kind::ARGUMENT => Cause::INVALID, Kind::CONFIG => Cause::INVALID, Kind::AUTH => Cause::HTTP_STATUS,
        Kind::REFUSED => Cause::REFUSED, Kind::NOT_READY => Cause::NOT_ISSUED, Kind::UNKNOWN_OUTCOME => Cause::TIMEOUT,
        Kind::NETWORK => Cause::CONNECT, Kind::PROTOCOL => Cause::NOT_JSON, Kind::FILE => Cause::FILE_READ,
        Kind::CANCELLED => Cause::CANCELLED, Kind::INTERNAL => Cause::PANIC,
    ];
    /** The operations that are refused by a field of their answer. */
    private const RESULTS = ['cancel_order' => 'cancelResult', 'notify_by_email' => 'sentResult'];
    /** Fields of an answer that can be the order to use in further calls. */
    private const ORDER_IDS = ['orderID', 'orderID_RSA', 'newOrderID', 'id'];

    /** @var array<string, mixed> */
    private array $facts;
    private string $json;
    /** @var array<string, mixed> */
    private array $data;

    /**
     * @param array<string, mixed> $facts
     * @param array<string, mixed> $data
     */
    private function __construct(array $facts, string $json, array $data)
    {
        $this->facts = $facts;
        $this->json = $json;
        $this->data = $data;
    }

    /**
     * @param array<string, mixed> $data
     * @param array<string, mixed> $facts
     */
    public static function answer(array $data, array $facts): self
    {
        $orderId = null;
        foreach (self::ORDER_IDS as $name) {
            $orderId = $orderId ?? $data[$name] ?? null;
        }
        // The service may send a number.
        $orderId = $orderId === null || is_string($orderId) ? $orderId : (string) json_encode($orderId);
        $json = json_encode(
            ['isSuccess' => true, 'errorMsg' => '', 'successMsg' => '', 'data' => $data === [] ? new \stdClass() : $data, 'page' => null],
            JSON_THROW_ON_ERROR
        );
        return new self($facts + [
            'status' => 0, 'kind' => 'ok', 'cause' => 'none', 'delivery' => Delivery::ANSWERED, 'message' => '',
            'http_status' => 200, 'request_id' => 'fake-request', 'idempotence_id' => null, 'attempts' => 1,
            'retry_after_ms' => null, 'order_id' => $orderId,
        ], $json, $data);
    }

    /**
     * @param array<string, mixed> $facts
     */
    public static function failure(string $kind, array $facts): self
    {
        if (!isset(self::STATUSES[$kind])) {
            throw new \InvalidArgumentException("FakeClient: unknown kind of failure: $kind");
        }
        $delivery = in_array($kind, [Kind::ARGUMENT, Kind::CONFIG, Kind::FILE, Kind::NETWORK], true)
            ? Delivery::NOT_SENT
            : ($kind === Kind::UNKNOWN_OUTCOME ? Delivery::UNKNOWN : Delivery::ANSWERED);
        $facts += [
            'status' => self::STATUSES[$kind], 'kind' => $kind, 'cause' => self::CAUSES[$kind], 'delivery' => $delivery,
            'message' => "fake failure: $kind", 'http_status' => null, 'request_id' => 'fake-request',
            'idempotence_id' => null, 'attempts' => $delivery === Delivery::NOT_SENT ? 0 : 1,
            'retry_after_ms' => null, 'order_id' => null, 'field' => null, 'service_message' => null,
        ];
        $json = json_encode(['error' => $facts], JSON_THROW_ON_ERROR);
        unset($facts['field'], $facts['service_message']);
        return new self($facts, $json, []);
    }

    /** The reply as that of an operation, which may be refused by a field of its answer. */
    public function of(string $operation): self
    {
        $result = self::RESULTS[$operation] ?? null;
        if ($result === null || ($this->data[$result] ?? null) !== false) {
            return $this;
        }
        $reason = $this->data['cancelFailedReason'] ?? null;
        $facts = array_intersect_key($this->facts, ['request_id' => 1, 'attempts' => 1, 'http_status' => 1]);
        return self::failure(Kind::REFUSED, $facts + [
            'message' => 'the service refused' . ($reason === null ? '' : ": $reason"),
            'service_message' => $reason,
        ]);
    }

    public function status(): int
    {
        return $this->facts['status'];
    }

    public function facts(): array
    {
        return $this->facts;
    }

    public function orderId(): ?string
    {
        return $this->facts['order_id'];
    }

    public function requestId(): ?string
    {
        return $this->facts['request_id'];
    }

    public function attempts(): int
    {
        return $this->facts['attempts'];
    }

    public function values(): ?array
    {
        return Json::answer($this->json);
    }

    public function body(): ?string
    {
        return $this->json;
    }

    public function get(string $path): ?string
    {
        $value = $this->data;
        foreach (explode('.', $path) as $name) {
            $value = is_array($value) ? ($value[$name] ?? null) : null;
        }
        return $value === null || is_string($value) ? $value : (string) json_encode($value, JSON_UNESCAPED_SLASHES);
    }

    public function pem(string $which): ?string
    {
        $pem = $this->get("pem_$which");
        return $pem === null || trim($pem) === '' ? null : $pem;
    }

    public function chain(string $which): array
    {
        return $this->data["chains_$which"] ?? [];
    }

    /** The certificate and the chain without its first member, in reverse order. No chain is checked. */
    public function fullChain(string $which): ?string
    {
        $pem = $this->pem($which);
        return $pem === null ? null : implode('', array_merge([$pem], array_reverse(array_slice($this->chain($which), 1))));
    }

    public function root(string $which): ?string
    {
        return $this->chain($which)[0] ?? null;
    }
}
