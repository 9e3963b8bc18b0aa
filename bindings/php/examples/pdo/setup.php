<?php
// The database and the client of the recipe. ORDERS_DSN is the database, such as sqlite:/srv/orders.db.

declare(strict_types=1);

require_once __DIR__ . '/Orders.php';

$options = require dirname(__DIR__) . '/options.php';
$database = new PDO((string) getenv('ORDERS_DSN'));
$database->exec((string) file_get_contents(__DIR__ . '/schema.sql'));

return new Orders($database, new Wotrus\Client($options + ['timeout' => 20]));
