--TEST--
A configuration that cannot be used does not throw: each call says why
--FILE--
<?php
require __DIR__ . '/service.inc';
function attempt(array $options)
{
    /* Whatever slips through must not leave the machine. */
    $native = new Wotrus\Native($options + array('base_url' => 'http://127.0.0.1:1', 'retries' => 0));
    told($native->call('query_order', '{"orderID":"X-1"}'));
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

/* Good in every type; null is not set. */
$token = 'tk_1';
$native = new Wotrus\Native(array('token' => &$token, 'base_url' => 'http://127.0.0.1:1', 'timeout' => 2.5,
    'connect_timeout' => 1, 'retries' => 0, 'proxy' => null, 'charset' => 'UTF-8'));
told($native->call('query_order', '{"orderID":"X-1"}'));

/* Options of a whole client do not belong to some of its calls. */
told($native->with(array('token' => 'tk_2'))->call('query_order', '{"orderID":"X-1"}'));
told($native->with(array('timeout' => "\0"))->call('query_order', '{"orderID":"X-1"}'));
?>
--EXPECTF--
2 config invalid not_sent: token: %s
  token 0 14
2 config invalid not_sent: tokn: is no option
  tokn 0 14
2 config invalid not_sent: token: has a NUL in it
  token 0 14
2 config invalid not_sent: token: %s
  token 0 14
2 config invalid not_sent: option: has a number or a NUL for a name
  option 0 14
2 config invalid not_sent: option: is neither a text nor a number
  option 0 14
2 config invalid not_sent: option: has a number or a NUL for a name
  option 0 14
2 config invalid not_sent: token: is neither a text nor a number
  token 0 14
2 config invalid not_sent: retries: is neither a text nor a number
  retries 0 14
2 config invalid not_sent: ca_file: is neither a text nor a number
  ca_file 0 14
2 config invalid not_sent: timeout: %s
  timeout 0 14
2 config invalid not_sent: timeout: %s
  timeout 0 14
2 config invalid not_sent: charset: is neither UTF-8 nor GB18030, which GBK and GB2312 are part of
  charset 0 14
2 config invalid not_sent: ca_file: %s
  ca_file 0 14
2 config invalid not_sent: ca_file: is too long for a path
  ca_file 0 14
7 network connect not_sent: %s
   1 14
7 network connect not_sent: %s
2 config invalid not_sent: token: belongs to a whole client, not to some of its calls
2 config invalid not_sent: timeout: has a NUL in it
