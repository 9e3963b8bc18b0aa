--TEST--
After a fork parent and child use connections of their own
--SKIPIF--
<?php
getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
function_exists('pcntl_fork') or die('skip needs pcntl');
--FILE--
<?php
require __DIR__ . '/service.inc';
/* The open sockets of this process, by inode. /proc/self would not do: PHP with threads resolves it
   only once. */
function sockets()
{
    $all = array();
    foreach (scandir('/proc/' . getmypid() . '/fd') as $fd) {
        $link = (string) @readlink('/proc/' . getmypid() . "/fd/$fd");
        if (strpos($link, 'socket:') === 0) {
            $all[] = $link;
        }
    }
    sort($all);
    return $all;
}
function ask(Wotrus\Native $native, $who)
{
    for ($i = 0; $i < 20; $i++) {
        $id = "$who-$i";
        $reply = $native->with(array('request_id' => $id))->call('query_order', '{"orderID":"none"}');
        if ($reply['request_id'] !== $id || $reply['status'] !== 4) {
            echo "$who got: ", $reply['message'], "\n";
        }
    }
}
$before = sockets();
$native = new Wotrus\Native(over_tls());
ask($native, 'before');
$inherited = array_diff(sockets(), $before);
echo 'one connection: ', count($inherited), "\n";
$child = pcntl_fork();
if ($child === 0) {
    /* The inherited object, and a new one with the same configuration. */
    ask($native, 'child');
    $new = new Wotrus\Native(over_tls());
    ask($new, 'new-child');
    echo 'kept: ', kept(), "\n";
    $mine = array_diff(sockets(), $before, $inherited);
    echo 'of its own: ', count($mine), "\n";
    exit(0);
}
ask($native, 'parent');
pcntl_waitpid($child, $status);
ask($native, 'parent-after');
var_dump(pcntl_wifexited($status), pcntl_wexitstatus($status));
echo 'still the same: ', count(array_intersect($inherited, sockets())), "\n";
?>
--EXPECT--
one connection: 1
kept: 2
of its own: 2
bool(true)
int(0)
still the same: 1
