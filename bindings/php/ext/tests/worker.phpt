--TEST--
A worker keeps its client and its connection across requests, whatever ends them
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--FILE--
<?php
require __DIR__ . '/worker.inc';
with_worker(__DIR__ . '/worker-page.inc', function ($ask) {
    $first = json_decode($ask('/'), true);
    var_dump($first['kind'], $first['kept'], count($first['sockets']));
    foreach (array('exit', 'exception', 'memory', 'fork') as $end) {
        echo $end, ': ', strpos($ask("/?end=$end"), 'not met') === false ? 'ended' : 'went on', "\n";
    }
    for ($i = 0; $i < 5; $i++) {
        $ask('/');
    }
    $last = json_decode($ask('/'), true);
    var_dump($last['kind'], $last['kept'], $last['process'] === $first['process']);
    var_dump($last['sockets'] === $first['sockets']);
});
?>
--EXPECT--
string(7) "refused"
int(1)
int(1)
exit: ended
exception: ended
memory: ended
fork: ended
string(7) "refused"
int(1)
bool(true)
bool(true)
