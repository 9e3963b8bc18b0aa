<?php
// open_basedir.php OPTIONS: sets open_basedir to the folder of OPTIONS, makes calls that name files
// inside and outside it, and prints what became of each, as JSON.

declare(strict_types=1);

use Wotrus\Client;
use Wotrus\Exception\WotrusException;

require dirname(__DIR__, 2) . '/autoload.php';

[, $file] = $argv;
['options' => $options, 'order' => $order] = json_decode((string) file_get_contents($file), true);
$folder = dirname($file);
$library = $options['library'];
$client = new Client($options);
chdir($folder);
symlink('/etc/hostname', "$folder/1");
ini_set('open_basedir', $folder . PATH_SEPARATOR . dirname(__DIR__, 2) . PATH_SEPARATOR . dirname($library));

$text = new class {
    public function __toString(): string
    {
        return '/etc/hostname';
    }
};
$json = static function (string $path): JsonSerializable {
    return new class ($path) implements JsonSerializable {
        private string $path;

        public function __construct(string $path)
        {
            $this->path = $path;
        }

        #[\ReturnTypeWillChange]
        public function jsonSerialize()
        {
            return $this->path;
        }
    };
};
$results = [];
$attempt = static function (string $name, callable $call) use (&$results): void {
    try {
        $call();
        $results[$name] = 'sent';
    } catch (WotrusException $error) {
        $results[$name] = $error->getKind() . ' ' . $error->getMessage();
    }
};
$paths = [
    'inside' => "$folder/in.pdf",
    'relative' => 'in.pdf',
    'outside' => '/etc/hostname',
    'relative outside' => '../../../../../../../../etc/hostname',
    'parent' => "$folder/../outside.pdf",
    'link' => "$folder/link.pdf",
    'wrapper' => 'file://' . dirname($folder) . '/outside.pdf',
    'filter' => 'php://filter/resource=' . dirname($folder) . '/outside.pdf',
    'number' => 1,
    'list' => ['/etc/hostname'],
    'object' => (object) ['path' => '/etc/hostname'],
    'text object' => $text,
    'empty' => '',
    'NUL' => "in.pdf\0",
    'long' => $folder . str_repeat('/x', 3000),
    'object that gives a path' => $json('/etc/hostname'),
    'object that gives a path inside' => $json('in.pdf'),
    'missing inside' => "$folder/missing.pdf",
];
foreach ($paths as $name => $path) {
    foreach (['path', 'PATH'] as $key) {
        $attempt($key === 'path' ? $name : "$name, $key", static function () use ($client, $order, $path, $key): void {
            $order['documentsPost'] = [['documentType' => 2, $key => $path]];
            $client->createOrder($order);
        });
    }
}
$attempt('revocation', static function () use ($client): void {
    $client->revokeCertificate(['orderID' => 'A1', 'reason' => 'x', 'path' => '/etc/hostname']);
});
$attempt('reissue', static function () use ($client, $order): void {
    $client->reissueCertificate(['orderID' => 'A1', 'csr' => $order['orderinfoPost']['csR_RSA'], 'reason' => 'x', 'path' => '/etc/hostname']);
});
$attempt('by name', static function () use ($client): void {
    $client->call('revoke_certificate', ['orderID' => 'A1', 'reason' => 'x', 'path' => '/etc/hostname']);
});
foreach (['ca_file' => '/etc/hostname', 'ca_file link' => "$folder/link.pdf", 'ca_file number' => 1, 'ca_file wrapper' => 'file:///etc/hostname',
    'ca_file list' => ['/etc/hostname'], 'ca_file object' => $text] as $name => $value) {
    $attempt($name, static function () use ($options, $value): void {
        (new Client(['ca_file' => $value] + $options))->queryOrder('A1');
    });
}
$attempt('ca_file inside', static function () use ($options): void {
    (new Client(['ca_file' => 'ca.pem'] + $options))->queryOrder('none');
});
$attempt('ca_file system', static function () use ($options): void {
    new Client(['ca_file' => 'system'] + $options);
});
$fake = (new Wotrus\Testing\FakeClient())->willAnswer([])->willAnswer([]);
$fake->revokeCertificate(['orderID' => 'A1', 'path' => 'in.pdf']);
$results['path of the library'] = $fake->calls()[0]['fields']['path'];
$fake->call('POST /v1/Other', ['path' => '/etc/hostname']);
$results['path of another endpoint'] = $fake->calls()[1]['fields']['path'];
$results['folder'] = getcwd();
echo json_encode($results);
