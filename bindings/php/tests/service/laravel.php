<?php
// laravel.php: runs the recipe of examples/laravel with Debian's php-laravel-framework.

declare(strict_types=1);

use Illuminate\Config\Repository;
use Illuminate\Contracts\Bus\Dispatcher as BusDispatcher;
use Illuminate\Contracts\Events\Dispatcher;
use Illuminate\Foundation\Application;
use Illuminate\Http\Request;
use Wotrus\Client;
use Wotrus\Testing\FakeClient;

error_reporting(E_ALL & ~E_DEPRECATED); // Debian's version is from before PHP 8.2
require_once 'Illuminate/autoload.php';
require_once dirname(__DIR__, 2) . '/autoload.php';
$recipe = dirname(__DIR__, 2) . '/examples/laravel';
require "$recipe/WotrusServiceProvider.php";
require "$recipe/OrderQueried.php";
require "$recipe/FollowOrder.php";

$app = new Application(sys_get_temp_dir());
$app->instance('config', new Repository(['services' => ['wotrus' => ['token' => 'tk_1', 'backend' => 'none']], 'queue' => ['default' => 'sync']]));
// Without a queue the bus runs the job at once.
$app->instance(BusDispatcher::class, new Illuminate\Bus\Dispatcher($app));
$app->register(App\Providers\WotrusServiceProvider::class);
$app->instance('log', new class {
    public function log(): void
    {
    }
});
// The provider passes the options to a real client, which refuses this backend.
try {
    $app->make(Client::class);
    echo "no client should be made\n";
} catch (Wotrus\Exception\ConfigException $error) {
    echo $error->getField(), "\n";
}
$fake = (new FakeClient())->willAnswer(['id' => 'A1', 'status' => 'issued']);
$app->instance(Client::class, $fake);
$app->make(Dispatcher::class)->listen(App\Events\OrderQueried::class, static function (App\Events\OrderQueried $event): void {
    echo $event->order->id, ' ', $event->order->status, "\n";
});
$router = $app->make('router');
require "$recipe/routes.php";
$push = static function (string $body) use ($app, $router): int {
    $request = Request::create('/wotrus/push', 'POST', [], [], [], [], $body);
    $app->instance('request', $request);
    return $router->dispatch($request)->getStatusCode();
};
echo $push('{"dataAction":"order","orderID":"A1","isIssued":true}'), "\n";
echo $push('{"dataAction":"news"}'), "\n";
echo $push('<html>'), "\n";
echo json_encode(array_column($fake->calls(), 'operation')), "\n";
