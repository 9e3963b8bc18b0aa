<?php

declare(strict_types=1);

namespace Wotrus;

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

    private ?Reply $reply;
    private ?Charset $charset;
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
        // Fields about the call need no decoding.
        if ($this->fields === null && $this->reply !== null) {
            switch ($name) {
                case 'order_id':
                    return $this->reply->orderId();
                case 'request_id':
                    return $this->reply->requestId();
                case 'attempts':
                    return $this->reply->attempts();
            }
        }
        return $this->fields()[$name] ?? null;
    }

    protected function fields(): array
    {
        if ($this->fields === null && $this->reply !== null && $this->charset !== null) {
            // JSON that PHP cannot read must not hide the id of an order.
            $answer = $this->charset->encode($this->reply->values()) ?? ['body' => $this->reply->body()];
            $answer['order_id'] = $this->reply->orderId();
            $answer['request_id'] = $this->reply->requestId();
            $answer['attempts'] = $this->reply->attempts();
            $this->fields = $this->selected($answer, $this->reply);
        }
        return $this->fields ?? [];
    }

    /**
     * The fields of the result, from those of the whole answer.
     *
     * @param array<int|string, mixed> $answer
     * @return array<int|string, mixed>
     */
    protected function selected(array $answer, Reply $reply): array
    {
        $data = $answer['data'] ?? [];
        unset($answer['data'], $answer['isSuccess'], $answer['errorMsg'], $answer['successMsg'], $answer['page']);
        return (is_array($data) ? $data : ['data' => $data]) + $answer;
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
        $this->fields = is_array($data['fields'] ?? null) ? $data['fields'] : [];
    }
}
