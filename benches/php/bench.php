<?php
// Code that both PHP peers share: their arguments, the order, and the output.

const ORDER_ID = 'a4a78326-0546-4602-9586-8ee3c05e8068';
const TOKEN = 'tk_bench';

/** The create request of the service's document, without its empty fields. */
function order(array $documents = []): array
{
    static $csr;
    $csr = $csr ?? file_get_contents(getenv('BENCH_CSR'));
    return [
        'orderinfoPost' => [
            'productID' => '76ECE651-B59E-48F2-A47B-135614AADAD9',
            'commonName' => '沃通电子认证服务有限公司',
            'csR_RSA' => $csr,
            'month' => 12,
            'idempotenceID' => 'order-4711',
        ],
        'organizationPost' => [
            'OrgName' => '刘大强',
            'OrgPhone' => '18610077459',
            'OrgEmail' => 'ldq@wotrus.com',
            'UserFirstName' => '大强',
            'UserLastName' => '刘',
            'UserEmail' => 'ldq@wotrus.com',
            'UserMobile' => '18610077459',
            'countryCode' => 'CN',
        ],
        'documentsPost' => $documents,
    ];
}

/** The works; each returns what it read from the answer. */
interface Peer
{
    public function query(): array;
    public function create(): array;
    public function upload(): array;
    public function fetch(): array;
    /** Reads the file for a server only: the certificate and its intermediates. */
    public function chain(): array;
}

/** @param array|ArrayAccess $data */
function fields($data): array
{
    return [$data['id'], $data['cn'], $data['org']['orgName'], $data['createTime'], $data['status']];
}

/** @param array|ArrayAccess $data */
function certificates($data): array
{
    $texts = [];
    foreach (['RSA', 'Sign', 'Encrypt'] as $name) {
        array_push($texts, $data["pem_$name"], ...$data["chains_$name"]);
    }
    return [implode('', $texts)];
}

/** peer WORK COUNT: does the work COUNT times and prints what the last one read. */
function run(Peer $peer, array $arguments): void
{
    [, $work, $count] = $arguments;
    $idle = $work === 'idle';
    for ($left = $idle ? 1 : (int) $count; $left > 0; $left--) {
        $read = $idle ? $peer->query() : $peer->$work();
    }
    echo implode("\n", $read), in_array($work, ['fetch', 'chain'], true) ? '' : "\n";
    if ($idle) {
        stream_get_contents(STDIN);
    }
}
