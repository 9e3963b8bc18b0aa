<?php
// backends.php LIBRARY: prints why each backend cannot be used, and which one a client uses, as JSON.
// As a web page it gets no arguments, so the path of the library is in a setting.

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
    $reasons['taken'] = (new Wotrus\Client(['token' => 'none', 'library' => $library]))->backend();
} catch (Wotrus\Exception\UnavailableException $error) {
    $reasons['taken'] = '';
}
echo json_encode($reasons);
