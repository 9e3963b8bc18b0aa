<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Json;
use Wotrus\NativeReply;
use Wotrus\Reply;

/** A reply of the extension. */
final class ExtensionReply implements Reply
{
    private NativeReply $reply;

    public function __construct(NativeReply $reply)
    {
        $this->reply = $reply;
    }

    public function status(): int
    {
        return $this->reply->status();
    }

    public function facts(): array
    {
        return $this->reply->facts();
    }

    public function orderId(): ?string
    {
        return $this->reply->orderId();
    }

    public function requestId(): ?string
    {
        return $this->reply->requestId();
    }

    public function attempts(): int
    {
        return $this->reply->attempts();
    }

    public function values(): ?array
    {
        return $this->reply->values() ?? Json::answer((string) $this->reply->json());
    }

    public function body(): ?string
    {
        return $this->reply->body();
    }

    public function get(string $path): ?string
    {
        return $this->reply->get($path);
    }

    public function pem(string $which): ?string
    {
        return $this->reply->pem($which);
    }

    public function chain(string $which): array
    {
        return $this->reply->chain($which) ?? [];
    }

    public function fullChain(string $which): ?string
    {
        return $this->reply->fullChain($which);
    }

    public function root(string $which): ?string
    {
        return $this->reply->root($which);
    }
}
