--TEST--
An invalid configuration does not throw; each call reports it
--FILE--
<?php
require __DIR__ . '/service.inc';
function attempt(array $options)
{
    /* An option that is accepted by mistake must not lead to the real service. */
    $native = new Wotrus\Native($options + array('base_url' => 'http://127.0.0.1:1', 'retries' => 0));
    show($native->call('query_order', '{"orderID":"X-1"}'));
    $reply = $native->with(array('request_id' => '1'))->call('query_order', '{"orderID":"X-1"}');
    $json = json_decode($reply['json'], true);
    echo '  ', $json['error']['field'], ' ', $reply['attempts'], ' ', count($reply), "\n";
}
attempt(array());
attempt(array('tokn' => 'tk_1'));
attempt(array('token' => "tk_1\0"));
attempt(array('token' => "tk_1\r\nX: y"));
attempt(array("to\0ken" => 'tk_1'));
attempt(array('token' => 'tk_1', '"}' => array()));
attempt(array('tk_1'));
attempt(array('token' => array('tk_1')));
attempt(array('token' => 'tk_1', 'retries' => true));
attempt(array('token' => 'tk_1', 'ca_file' => new stdClass));
attempt(array('token' => 'tk_1', 'timeout' => -1));
attempt(array('token' => 'tk_1', 'timeout' => 1e300));
attempt(array('token' => 'tk_1', 'charset' => 'BIG5'));
attempt(array('token' => 'tk_1', 'ca_file' => __DIR__ . '/no-such.pem'));
attempt(array('token' => 'tk_1', 'ca_file' => str_repeat('/x', 5000)));
attempt(array('token' => 'tk_1', 'ca_file' => ''));

/* Valid options of every type; null means not set. */
$token = 'tk_1';
$native = new Wotrus\Native(array('token' => &$token, 'base_url' => 'http://127.0.0.1:1', 'timeout' => 2.5,
    'connect_timeout' => 1, 'retries' => 0, 'proxy' => null, 'charset' => 'UTF-8'));
show($native->call('query_order', '{"orderID":"X-1"}'));

/* Options that only a whole client can have. */
show($native->with(array('token' => 'tk_2'))->call('query_order', '{"orderID":"X-1"}'));
show($native->with(array('timeout' => "\0"))->call('query_order', '{"orderID":"X-1"}'));
?>
--EXPECTF--
2 config invalid not_sent: token: %s
  token 0 14
2 config invalid not_sent: tokn: %s
  tokn 0 14
2 config invalid not_sent: token: contains a NUL
  token 0 14
2 config invalid not_sent: token: %s
  token 0 14
2 config invalid not_sent: option: has a name that is a number or contains a NUL
  option 0 14
2 config invalid not_sent: option: is neither text nor a number
  option 0 14
2 config invalid not_sent: option: has a name that is a number or contains a NUL
  option 0 14
2 config invalid not_sent: token: is neither text nor a number
  token 0 14
2 config invalid not_sent: retries: is neither text nor a number
  retries 0 14
2 config invalid not_sent: ca_file: is neither text nor a number
  ca_file 0 14
2 config invalid not_sent: timeout: %s
  timeout 0 14
2 config invalid not_sent: timeout: %s
  timeout 0 14
2 config invalid not_sent: charset: %s
  charset 0 14
2 config invalid not_sent: ca_file: %s
  ca_file 0 14
2 config invalid not_sent: ca_file: is too long for a path
  ca_file 0 14
7 network connect not_sent: %s
   1 14
7 network connect not_sent: %s
2 config invalid not_sent: token: %s
2 config invalid not_sent: timeout: contains a NUL
