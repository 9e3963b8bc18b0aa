--TEST--
A worker keeps its client and connection between requests, however they end
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--FILE--
<?php
require __DIR__ . '/worker.inc';
with_worker(__DIR__ . '/worker-page.inc', function ($ask) {
    $first = json_decode($ask('/'), true);
    var_dump($first['kind'], $first['kept'], count($first['sockets']));
    foreach (array('exit', 'exception', 'memory', 'fork') as $end) {
        echo $end, ': ', preg_match('/exit|fork|an exception|tried to allocate [1-9]\d{6}/', $ask("/?end=$end")), "\n";
    }
    $before = json_decode($ask('/'), true);
    for ($i = 0; $i < 10; $i++) {
        $ask('/?end=memory');
        $ask('/');
    }
    $last = json_decode($ask('/'), true);
    var_dump($last['kind'], $last['kept'], $last['process'] === $first['process']);
    var_dump($last['sockets'] === $first['sockets']);
    /* Each reply that reached the limit holds more than eight megabytes. */
    var_dump(($last['pages'] - $before['pages']) * 4 < 40 * 1024);
});
?>
--EXPECT--
string(7) "refused"
int(1)
int(1)
exit: 1
exception: 1
memory: 1
fork: 1
string(7) "refused"
int(1)
bool(true)
bool(true)
bool(true)
