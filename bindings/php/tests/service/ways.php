<?php
// ways.php LIBRARY: why each way to the library cannot be taken, and which a client takes. As a page
// it has the library's path in a setting, for want of arguments.

declare(strict_types=1);

require dirname(__DIR__, 2) . '/autoload.php';

use Wotrus\Backend\Finder;

$library = $argv[1] ?? ini_get('user_agent');
$reasons = [];
foreach (Finder::WAYS as $way) {
    try {
        Finder::take($way, [], $library);
        $reasons[$way] = '';
    } catch (Wotrus\Backend\Refusal $refusal) {
        $reasons[$way] = $refusal->reason;
    }
}
try {
    $reasons['taken'] = (new Wotrus\Client(['library' => $library]))->backend();
} catch (Wotrus\Exception\UnavailableException $error) {
    $reasons['taken'] = '';
}
echo json_encode($reasons);
