<?php

declare(strict_types=1);

namespace App\Jobs;

use App\Events\OrderQueried;
use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Contracts\Queue\ShouldQueue;
use Wotrus\Client;

/** Queries an order and dispatches an event with the result. The queue repeats it after an exception. */
final class FollowOrder implements ShouldQueue
{
    public string $orderId;
    public int $tries = 5;

    public function __construct(string $orderId)
    {
        $this->orderId = $orderId;
    }

    public function handle(Client $client, Dispatcher $events): void
    {
        $order = $client->queryOrder($this->orderId);
        $events->dispatch(new OrderQueried($order));
    }

    /**
     * @return int[] seconds between the attempts
     */
    public function backoff(): array
    {
        return [10, 60, 300, 900];
    }
}
