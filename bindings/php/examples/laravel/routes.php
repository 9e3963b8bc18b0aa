<?php
// routes/api.php: the push URL. It queues the query and answers at once.

declare(strict_types=1);

use App\Jobs\FollowOrder;
use Illuminate\Contracts\Bus\Dispatcher;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Wotrus\Exception\WotrusException;
use Wotrus\Push;

/** @var \Illuminate\Routing\Router $router */
$router->post('/wotrus/push', static function (Request $request, Dispatcher $bus): Response {
    try {
        $id = Push::parse((string) $request->getContent())->orderId();
    } catch (WotrusException $error) {
        return new Response('', 400);
    }
    if ($id !== null) {
        $bus->dispatch(new FollowOrder($id));
    }
    return new Response('', 200);
});
