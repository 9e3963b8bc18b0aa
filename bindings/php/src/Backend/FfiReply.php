<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Json;
use Wotrus\Reply;

/** A reply of the library, read by FFI. */
final class FfiReply extends FfiHandle implements Reply
{
    /** @internal */
    public function __construct(\FFI $library, \FFI\CData $pointer)
    {
        parent::__construct($library, $pointer);
    }

    protected function release(\FFI\CData $pointer): void
    {
        $this->library->wotrus_reply_free($pointer);
    }

    public function status(): int
    {
        return $this->library->wotrus_reply_status($this->pointer());
    }

    public function facts(): array
    {
        $c = $this->library;
        $reply = $this->pointer();
        $httpStatus = $c->wotrus_reply_http_status($reply);
        $retryAfter = $c->wotrus_reply_retry_after_ms($reply);
        return [
            'status' => $c->wotrus_reply_status($reply),
            'kind' => $c->wotrus_reply_kind($reply),
            'cause' => $c->wotrus_reply_cause($reply),
            'delivery' => $c->wotrus_reply_delivery($reply),
            'message' => $c->wotrus_reply_message($reply),
            'http_status' => $httpStatus === 0 ? null : $httpStatus,
            'request_id' => $c->wotrus_reply_request_id($reply),
            'idempotence_id' => $c->wotrus_reply_idempotence_id($reply),
            'attempts' => $c->wotrus_reply_attempts($reply),
            'retry_after_ms' => $retryAfter < 0 ? null : $retryAfter,
            'order_id' => $c->wotrus_reply_order_id($reply),
        ];
    }

    public function orderId(): ?string
    {
        return $this->library->wotrus_reply_order_id($this->pointer());
    }

    public function requestId(): ?string
    {
        return $this->library->wotrus_reply_request_id($this->pointer());
    }

    public function attempts(): int
    {
        return $this->library->wotrus_reply_attempts($this->pointer());
    }

    public function values(): ?array
    {
        // JSON contains no NUL, so the length is not needed.
        return Json::answer((string) $this->library->wotrus_reply_json($this->pointer(), null));
    }

    public function body(): ?string
    {
        return $this->library->wotrus_reply_body($this->pointer(), null);
    }

    public function get(string $path): ?string
    {
        return $this->library->wotrus_reply_get($this->pointer(), $path);
    }

    public function pem(string $which): ?string
    {
        return $this->library->wotrus_reply_pem($this->pointer(), $which);
    }

    public function chain(string $which): array
    {
        $chain = [];
        while (($one = $this->library->wotrus_reply_chain($this->pointer(), $which, count($chain))) !== null) {
            $chain[] = $one;
        }
        return $chain;
    }

    public function fullChain(string $which): ?string
    {
        return $this->library->wotrus_reply_full_chain($this->pointer(), $which);
    }

    public function root(string $which): ?string
    {
        return $this->library->wotrus_reply_root($this->pointer(), $which);
    }
}
