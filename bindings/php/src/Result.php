<?php

declare(strict_types=1);

namespace Wotrus;

use function is_array;

/**
 * The result of a call: the fields of the answer's data, and three fields about the call. The
 * answer is decoded when a field of it is read.
 *
 * @property-read string|null $order_id   the order to use in further calls
 * @property-read string      $request_id the RequestID that was sent
 * @property-read int         $attempts   how many times the call was sent
 */
abstract class Result extends FieldMap
{
    /** The types of the three fields about the call. */
    protected const CALL = ['order_id' => '?string', 'request_id' => 'string', 'attempts' => 'int'];

    /** What an answer has beside its data. The fields about the call are never the answer's. */
    private const ENVELOPE = ['data' => 1, 'isSuccess' => 1, 'errorMsg' => 1, 'successMsg' => 1, 'page' => 1] + self::CALL;

    private ?Reply $reply;
    private ?Charset $charset;
    /** @var array<int|string, mixed>|null the whole answer, from the first read until all fields are put together */
    private ?array $answer = null;
    /** @var array<int|string, mixed>|null the part of the answer where most fields are */
    private ?array $main = null;
    /** @var array<int|string, mixed>|null */
    private ?array $fields = null;

    /** @internal */
    final public function __construct(Reply $reply, Charset $charset)
    {
        $this->reply = $reply;
        $this->charset = $charset;
    }

    protected function field($name)
    {
        if ($this->fields === null && $this->reply !== null) {
            switch ($name) {
                // Fields about the call need no decoding.
                case 'order_id':
                    return $this->reply->orderId();
                case 'request_id':
                    return $this->reply->requestId();
                case 'attempts':
                    return $this->reply->attempts();
            }
            if ($this->main === null) {
                $this->main = $this->main($this->answer());
            }
            if (isset($this->main[$name])) {
                return $this->main[$name];
            }
        }
        return ($this->fields ?? $this->fields())[$name] ?? null;
    }

    protected function fields(): array
    {
        if ($this->fields === null && $this->reply !== null) {
            $call = [
                'order_id' => $this->reply->orderId(),
                'request_id' => $this->reply->requestId(),
                'attempts' => $this->reply->attempts(),
            ];
            $this->fields = $this->selected($this->answer(), $call, $this->reply);
            $this->answer = $this->main = null;
        }
        return $this->fields ?? [];
    }

    /**
     * @return array<int|string, mixed>
     */
    private function answer(): array
    {
        if ($this->answer === null && $this->reply !== null && $this->charset !== null) {
            // JSON that PHP cannot read must not hide the id of an order.
            $this->answer = $this->charset->encode($this->reply->values()) ?? ['body' => $this->reply->body()];
        }
        return $this->answer ?? [];
    }

    /**
     * The part of an answer where most fields of the result are.
     *
     * @param array<int|string, mixed> $answer
     * @return array<int|string, mixed>
     */
    protected function main(array $answer): array
    {
        return is_array($answer['data'] ?? null) ? $answer['data'] : [];
    }

    /**
     * The fields of the result, from those of the whole answer and those about the call.
     *
     * @param array<int|string, mixed> $answer
     * @param array<string, mixed>     $call
     * @return array<int|string, mixed>
     */
    protected function selected(array $answer, array $call, Reply $reply): array
    {
        $data = $answer['data'] ?? [];
        $fields = (is_array($data) ? $data : ['data' => $data]) + array_diff_key($answer, self::ENVELOPE);
        return array_replace($fields, $call);
    }

    /**
     * The fields of an unserialized result, from those of toArray().
     *
     * @param array<int|string, mixed> $fields
     * @return array<int|string, mixed>
     */
    protected function restored(array $fields): array
    {
        return $fields;
    }

    /** The reply; null if the result was unserialized. */
    final protected function reply(): ?Reply
    {
        return $this->reply;
    }

    /**
     * @return array<string, mixed> a result can be stored in a queue or cache
     */
    final public function __serialize(): array
    {
        return ['fields' => $this->toArray()];
    }

    /**
     * @param array<string, mixed> $data
     */
    final public function __unserialize(array $data): void
    {
        $this->reply = null;
        $this->charset = null;
        $this->fields = $this->restored(is_array($data['fields'] ?? null) ? $data['fields'] : []);
    }
}
