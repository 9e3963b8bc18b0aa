<?php

declare(strict_types=1);

namespace Wotrus\Testing;

use Wotrus\Backend;
use Wotrus\Json;
use Wotrus\Reply;

/**
 * The backend of FakeClient. Clients of with() share its queue and its record.
 *
 * @internal
 */
final class FakeBackend implements Backend
{
    /** @var \ArrayObject<int, FakeReply> */
    private \ArrayObject $replies;
    /** @var \ArrayObject<int, array{operation: string, fields: array<string, mixed>|null, options: array<string, string>}> */
    private \ArrayObject $calls;
    /** @var array<string, string> */
    private array $options = [];

    public function __construct()
    {
        $this->replies = new \ArrayObject();
        $this->calls = new \ArrayObject();
    }

    public function add(FakeReply $reply): void
    {
        $this->replies[] = $reply;
    }

    public function check(): Reply
    {
        return FakeReply::answer([], []);
    }

    public function call(
        string $operation,
        #[\SensitiveParameter]
        ?string $json
    ): Reply {
        $this->calls[] = [
            'operation' => $operation,
            'fields' => $json === null ? null : Json::read($json),
            'options' => $this->options,
        ];
        foreach ($this->replies as $index => $reply) {
            unset($this->replies[$index]);
            return $reply->of($operation);
        }
        throw new NoAnswerException("FakeClient: no answer is queued for $operation");
    }

    public function with(array $options): Backend
    {
        $with = clone $this;
        $with->options = $options + $this->options;
        return $with;
    }

    public function way(): string
    {
        return 'fake';
    }

    public function version(): string
    {
        return '0.0.0-fake';
    }

    /**
     * @return list<array{operation: string, fields: array<string, mixed>|null, options: array<string, string>}>
     */
    public function calls(): array
    {
        return array_values($this->calls->getArrayCopy());
    }

    public function remaining(): int
    {
        return count($this->replies);
    }
}
