--TEST--
open_basedir applies to the files that the library opens
--SKIPIF--
<?php getenv('WOTRUS_BASE_URL') or die('skip needs a service: packaging/with-sandbox -- make test');
--FILE--
<?php
require __DIR__ . '/service.inc';
$folder = __DIR__ . '/basedir';
@mkdir("$folder/沃", 0700, true);
file_put_contents("$folder/in.pdf", '%PDF-1.4');
file_put_contents("$folder/沃/in.pdf", '%PDF-1.4');
file_put_contents(__DIR__ . '/basedir-out.pdf', '%PDF-1.4');
@symlink(__DIR__ . '/basedir-out.pdf', "$folder/link.pdf");
@symlink(__DIR__ . '/basedir-out.pdf', "$folder/1");
chdir($folder);
$options = options();
ini_set('open_basedir', $folder);

function revoke($document, array $more = array())
{
    global $options;
    $native = new Wotrus\Native($more + $options);
    $reply = $native->call('revoke_certificate', '{"orderID":"none","reason":"r",' . $document . '}');
    echo $reply['kind'] === 'refused' ? 'sent' : $reply['message'], "\n";
    if ($reply['kind'] === 'file') {
        $json = json_decode($reply['json'], true);
        var_dump($json['error']['field'] === 'path', $reply['cause'], $reply['attempts']);
    }
}
function quoted($path)
{
    return json_encode($path, JSON_UNESCAPED_SLASHES);
}
$out = __DIR__ . '/basedir-out.pdf';
echo "within:\n";
revoke('"path":' . quoted("$folder/in.pdf"));
revoke(' "PATH" : ' . quoted("$folder/in.pdf"));
revoke('"path":"' . $folder . '/沃/in.pdf"');
revoke('"path":' . quoted("$folder/沃/in.pdf"));
revoke('"path":null,"fileType":".pdf","fileContent":"JVBERi0="');
revoke('"x":"\\"path\\":","fileType":".pdf","fileContent":"JVBERi0="');
revoke('"x":["path",{"y":"path"}],"fileType":".pdf","fileContent":"JVBERi0="');
echo "outside:\n";
revoke('"path":' . quoted($out));
revoke('"path":"' . addcslashes($folder, '/') . '\/link.pdf"');
revoke('"path":' . quoted("$folder/../basedir-out.pdf"));
revoke('"P\u0061th":' . quoted($out));
revoke('"path":"' . str_replace('basedir-out', 'basedir\u002dout', $out) . '"');
revoke('"path":' . quoted("$folder/in.pdf") . ',"Path":' . quoted($out));
revoke('"x":"\\\\","path":' . quoted($out));
echo "no path:\n";
revoke('"path":1,"fileType":".pdf"');
revoke('"path":{"path":"","x":[' . str_repeat('9', 30) . ']}');
revoke('"path":""');
revoke('"path":"in.pdf\u0000"');
revoke('"path":"' . $folder . str_repeat('/x', 3000) . '"');
echo "GB18030:\n";
$gbk = array('charset' => 'GB18030');
revoke('"path":' . quoted("$folder/in.pdf"), $gbk);
revoke("\"x\":\"\x81\x5c\",\"path\":" . quoted($out), $gbk);
revoke("\"path\":\"$folder/\xce\xd6/in.pdf\"", $gbk); /* 沃, opened by its name in UTF-8 */
revoke("\"path\":\"$folder/\xff\xff\"", $gbk);
echo "what PHP and the library could read differently:\n";
revoke('"path":' . quoted($out) . ',"path":' . quoted("$folder/in.pdf"));
revoke('"path":' . quoted("$folder/in.pdf") . ',"path":' . quoted($out));
revoke('"x":"\ud800","path":' . quoted($out));
revoke('"x":' . str_repeat('[', 63) . str_repeat(']', 63) . ',"path":' . quoted("$folder/in.pdf"));
revoke('"x":' . str_repeat('[', 64) . str_repeat(']', 64) . ',"path":' . quoted($out));
revoke('"x":{},"y":[],"n":12345678901234567890,"path":' . quoted("$folder/in.pdf"));
echo "CA file:\n";
revoke('"path":' . quoted("$folder/in.pdf"), array('ca_file' => $out));
revoke('"path":' . quoted("$folder/in.pdf"), array('ca_file' => 1));
revoke('"path":' . quoted("$folder/in.pdf"), array('ca_file' => 1.5));
revoke('"path":' . quoted("$folder/in.pdf"), array('ca_file' => 'file://' . $out));
revoke('"path":' . quoted("$folder/in.pdf"), array('ca_file' => array($out)));

/* Calls that open no files. */
$native = new Wotrus\Native($options);
show($native->call('POST /v1/Certificate/Nothing', '{"path":' . quoted($out) . '}'));
show($native->call('read_push', '{"dataAction":"x","path":' . quoted($out) . '}'));
show($native->call('query_order', '{"path":"'));
?>
--CLEAN--
<?php
$folder = __DIR__ . '/basedir';
@unlink("$folder/in.pdf");
@unlink("$folder/沃/in.pdf");
@unlink("$folder/link.pdf");
@unlink("$folder/1");
@unlink(__DIR__ . '/basedir-out.pdf');
@rmdir("$folder/沃");
@rmdir($folder);
--EXPECTF--
within:
sent
sent
sent
sent
sent
sent
sent
outside:
path: is outside PHP's open_basedir
bool(true)
string(9) "file_read"
int(0)
path: is outside PHP's open_basedir
bool(true)
string(9) "file_read"
int(0)
path: is outside PHP's open_basedir
bool(true)
string(9) "file_read"
int(0)
path: is outside PHP's open_basedir
bool(true)
string(9) "file_read"
int(0)
path: is outside PHP's open_basedir
bool(true)
string(9) "file_read"
int(0)
path: is outside PHP's open_basedir
bool(true)
string(9) "file_read"
int(0)
path: is outside PHP's open_basedir
bool(true)
string(9) "file_read"
int(0)
no path:
path: should be a text, but is a number
path: should be a text, but is an object
fileContent: %s
path: contains a NUL
path: is too long for a path
bool(true)
string(9) "file_read"
int(0)
GB18030:
sent
path: is outside PHP's open_basedir
bool(true)
string(9) "file_read"
int(0)
sent
json: is not GB18030
what PHP and the library could read differently:
sent
path: is outside PHP's open_basedir
bool(true)
string(9) "file_read"
int(0)
json: is not a JSON object
sent
json: is not a JSON object
sent
CA file:
ca_file: is outside PHP's open_basedir
ca_file: is outside PHP's open_basedir
ca_file: %s
ca_file: %s
ca_file: is neither text nor a number
8 protocol http_status answered: %s
0 ok none not_sent: 
1 argument invalid not_sent: json: is not a JSON object
