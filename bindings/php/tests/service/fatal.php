<?php
// fatal.php OPTIONS END: ends with a fatal error while shutdown functions still use a client.

declare(strict_types=1);

require dirname(__DIR__, 2) . '/autoload.php';

$client = new Wotrus\Client(json_decode((string) file_get_contents($argv[1]), true));
$use = static function () use ($client): void {
    try {
        $client->with(['retries' => 0])->queryOrder('no-such-order');
    } catch (Wotrus\Exception\CallException $error) {
        echo substr((string) strrchr(get_class($error), '\\'), 1), "\n";
    }
};
register_shutdown_function(static function () use ($use): void {
    $use();
    // This one runs after the one that frees the clients.
    register_shutdown_function(static function () use ($use): void {
        register_shutdown_function($use);
    });
});
switch ($argv[2]) {
    case 'memory':
        ini_set('memory_limit', '16M');
        str_repeat('x', 1 << 25);
        break;
    case 'time':
        set_time_limit(1);
        while (true) {
            $client->backend();
        }
    default:
        no_such_function();
}
