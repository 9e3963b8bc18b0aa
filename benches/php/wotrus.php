<?php
// The PHP package with default options. BENCH_BACKEND is its backend: extension or ffi.

require __DIR__ . '/bench.php';
require getenv('BENCH_PHP') . '/autoload.php';

final class WotrusPeer implements Peer
{
    private Wotrus\Client $client;

    public function __construct()
    {
        $this->client = new Wotrus\Client([
            'token' => TOKEN,
            'base_url' => getenv('BENCH_URL'),
            'ca_file' => getenv('BENCH_CA'),
            'backend' => getenv('BENCH_BACKEND'),
            'library' => getenv('BENCH_LIBRARY'),
        ]);
    }

    public function query(): array
    {
        return fields($this->client->queryOrder(ORDER_ID));
    }

    public function create(): array
    {
        return [$this->client->createOrder(order())['orderID']];
    }

    public function upload(): array
    {
        $document = ['documentType' => 2, 'path' => getenv('BENCH_DOCUMENT')];
        return [$this->client->createOrder(order([$document]))['orderID']];
    }

    public function fetch(): array
    {
        return certificates($this->client->retrieveCertificate(ORDER_ID));
    }

    public function chain(): array
    {
        return [$this->client->retrieveCertificate(ORDER_ID)->rsa->full_chain];
    }
}

run(new WotrusPeer(), $argv);
