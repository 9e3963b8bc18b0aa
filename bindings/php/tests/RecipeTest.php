<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Kind;
use Wotrus\Testing\FakeClient;

require_once dirname(__DIR__) . '/examples/pdo/Orders.php';

/** The recipes of examples/pdo and examples/laravel. */
final class RecipeTest extends TestCase
{
    /** @var array<string, mixed> */
    private const FIELDS = ['orderinfoPost' => ['commonName' => 'x'], 'organizationPost' => ['OrgName' => 'x']];

    /** @var string */
    private $log;
    /** @var string */
    private $oldLog;

    protected function setUp(): void
    {
        $this->log = $this->temporary();
        $this->oldLog = (string) ini_set('error_log', $this->log);
    }

    protected function tearDown(): void
    {
        ini_set('error_log', $this->oldLog);
        parent::tearDown();
    }

    private static function database(): \PDO
    {
        $database = new \PDO('sqlite::memory:');
        $database->exec((string) file_get_contents(dirname(__DIR__) . '/examples/pdo/schema.sql'));
        return $database;
    }

    /**
     * @return string[] the changes that one run reports
     */
    private static function follow(\Orders $orders, bool $onlyMarked = false): array
    {
        $changes = [];
        $orders->follow(static function (string $key, string $status) use (&$changes): void {
            $changes[] = "$key $status";
        }, $onlyMarked);
        return $changes;
    }

    public function testTwoClicksMakeOneOrder(): void
    {
        $fake = (new FakeClient())->willAnswer(['orderID' => 'A1']);
        $orders = new \Orders(self::database(), $fake);
        for ($clicks = 0; $clicks < 2; $clicks++) {
            $orders->place('order-1', self::FIELDS);
            $orders->send('order-1');
        }
        self::assertCount(1, $fake->calls());
        self::assertSame('order-1', $fake->calls()[0]['fields']['orderinfoPost']['idempotenceID']);
    }

    public function testAnUnknownOutcomeIsSentAgainWithTheSameId(): void
    {
        $fake = (new FakeClient())->willFail(Kind::UNKNOWN_OUTCOME)->willFail(Kind::NETWORK)->willAnswer(['orderID' => 'A1'])
            ->willAnswer(['id' => 'A1', 'status' => 'pending']);
        $orders = new \Orders(self::database(), $fake);
        $orders->place('order-1', self::FIELDS);
        $orders->send('order-1');
        self::assertSame([], self::follow($orders));
        self::assertSame(['order-1 pending'], self::follow($orders));
        $sent = array_slice($fake->calls(), 0, 3);
        self::assertSame(['create_order', 'create_order', 'create_order'], array_column($sent, 'operation'));
        self::assertSame($sent[0]['fields'], $sent[2]['fields']);
    }

    public function testAnOrderOfAKilledProcessIsSentAgainAsItWas(): void
    {
        $server = stream_socket_server('tcp://127.0.0.1:0');
        self::assertIsResource($server);
        $ini = $this->temporary();
        $options = ['base_url' => 'http://' . stream_socket_get_name($server, false)] + self::options();
        foreach ($options as $name => $value) {
            file_put_contents($ini, "$name = \"$value\"\n", FILE_APPEND);
        }
        $script = $this->temporary('<?php $orders = require ' . var_export(dirname(__DIR__) . '/examples/pdo/setup.php', true)
            . "; \$orders->place('order-1', " . var_export(self::order('x'), true) . "); \$orders->send('order-1');");
        $file = $this->temporary();
        $environment = ['WOTRUS_INI' => $ini, 'ORDERS_DSN' => "sqlite:$file"] + getenv();
        $command = array_merge([PHP_BINARY], self::settings(), ['-d', 'ffi.enable=1', $script]);
        $process = proc_open($command, [], $pipes, null, $environment);
        self::assertIsResource($process);
        // The service reads the request and never answers.
        $connection = stream_socket_accept($server, 30);
        self::assertIsResource($connection);
        self::assertStringStartsWith('POST /v1/Order/Create', (string) fgets($connection));
        proc_terminate($process, 9);
        proc_close($process);

        $database = new \PDO("sqlite:$file");
        self::assertEquals(1, $database->query('SELECT sends_without_answer FROM orders')->fetchColumn());
        $stored = json_decode($database->query('SELECT fields FROM orders')->fetchColumn(), true);
        $fake = (new FakeClient())->willAnswer(['orderID' => 'A1'])->willAnswer(['id' => 'A1', 'status' => 'pending']);
        self::assertSame(['order-1 pending'], self::follow(new \Orders($database, $fake)));
        self::assertSame($stored, $fake->calls()[0]['fields']);
        self::assertSame('order-1', $stored['orderinfoPost']['idempotenceID']);
    }

    /**
     * @return array<string, array{string, array<string, mixed>}>
     */
    public static function refusals(): array
    {
        $all = ['refused' => [Kind::REFUSED, []]];
        foreach ([400, 409, 413, 415, 422] as $status) {
            $all["HTTP $status"] = [Kind::PROTOCOL, ['cause' => 'http_status', 'http_status' => $status]];
        }
        return $all;
    }

    /**
     * @dataProvider refusals
     * @param array<string, mixed> $facts
     */
    public function testARefusedOrderIsNotSentAgain(string $kind, array $facts): void
    {
        $fake = (new FakeClient())->willFail($kind, ['message' => 'no'] + $facts);
        $database = self::database();
        $orders = new \Orders($database, $fake);
        $orders->place('order-1', self::FIELDS);
        $orders->send('order-1');
        self::assertSame([], self::follow($orders));
        self::assertSame('no', $database->query('SELECT problem FROM orders')->fetchColumn());
    }

    /**
     * @return array<string, array{string, array<string, mixed>}>
     */
    public static function failuresThatEndNoOrder(): array
    {
        return [
            'wrong token' => [Kind::AUTH, ['http_status' => 401]],
            'wrong URL' => [Kind::PROTOCOL, ['cause' => 'http_status', 'http_status' => 404]],
            'wrong permission' => [Kind::PROTOCOL, ['cause' => 'http_status', 'http_status' => 403]],
            'redirect' => [Kind::PROTOCOL, ['cause' => 'redirect', 'http_status' => 302]],
            'no connection' => [Kind::NETWORK, []],
            'missing file' => [Kind::FILE, []],
        ];
    }

    /**
     * @dataProvider failuresThatEndNoOrder
     * @param array<string, mixed> $facts
     */
    public function testAnOrderIsSentAgainAfterAFailureThatDoesNotConcernIt(string $kind, array $facts): void
    {
        $fake = (new FakeClient())->willFail($kind, $facts)->willAnswer(['orderID' => 'A1'])->willAnswer(['id' => 'A1', 'status' => 'pending']);
        $database = self::database();
        $orders = new \Orders($database, $fake);
        $orders->place('order-1', self::FIELDS);
        $orders->send('order-1');
        $row = $database->query('SELECT problem, sends_without_answer FROM orders')->fetch(\PDO::FETCH_NUM);
        self::assertEquals([null, 0], $row);
        self::assertStringContainsString("order order-1: fake failure: $kind", (string) file_get_contents($this->log));
        self::assertSame(['order-1 pending'], self::follow($orders));
    }

    public function testARefusalAfterAnUnknownOutcomeIsLeftForAPerson(): void
    {
        foreach ([Kind::REFUSED, Kind::ARGUMENT] as $kind) {
            $fake = (new FakeClient())->willFail(Kind::UNKNOWN_OUTCOME)->willFail(Kind::AUTH)->willFail($kind, ['message' => '余额不足']);
            $database = self::database();
            $orders = new \Orders($database, $fake);
            $orders->place('order-1', self::FIELDS);
            $orders->send('order-1');
            self::follow($orders);
            self::follow($orders);
            self::follow($orders);
            self::assertSame(0, $fake->remaining());
            $row = $database->query('SELECT problem, sends_without_answer FROM orders')->fetch(\PDO::FETCH_NUM);
            self::assertEquals(['the order may exist, because an earlier send had no answer: 余额不足', 1], $row);
        }
    }

    public function testACertificateThatCannotBeReadKeepsTheOrderOpen(): void
    {
        $service = new Service(__DIR__ . '/service/router.php');
        $client = self::client(['token' => 'unreadable', 'base_url' => $service->url, 'ca_file' => null]);
        $database = self::database();
        $orders = new \Orders($database, $client);
        $orders->place('order-1', self::order('x'));
        $orders->send('order-1');
        for ($runs = 0; $runs < 2; $runs++) {
            self::assertSame([], self::follow($orders, true));
        }
        self::assertSame(2, substr_count((string) file_get_contents($this->log), 'order order-1: full_chain: '));
        self::assertSame('created', $database->query('SELECT status FROM orders WHERE full_chain IS NULL')->fetchColumn());
    }

    public function testTheFullRunWaitsForTheRunOfMarkedOrders(): void
    {
        $cron = dirname(__DIR__) . '/examples/pdo/cron.php';
        $ini = $this->temporary();
        foreach (self::options() as $name => $value) {
            file_put_contents($ini, "$name = \"$value\"\n", FILE_APPEND);
        }
        $environment = ['WOTRUS_INI' => $ini, 'ORDERS_DSN' => 'sqlite::memory:'] + getenv();
        $command = array_merge([PHP_BINARY], self::settings(), [$cron]);
        $lock = fopen($cron, 'r');
        self::assertIsResource($lock);
        self::assertTrue(flock($lock, LOCK_EX | LOCK_NB));
        $full = proc_open($command, [], $pipes, null, $environment);
        $marked = proc_open(array_merge($command, ['--marked']), [], $pipes, null, $environment);
        self::assertIsResource($full);
        self::assertIsResource($marked);
        self::assertSame(0, proc_close($marked));
        usleep(500000);
        self::assertTrue(proc_get_status($full)['running']);
        flock($lock, LOCK_UN);
        self::assertSame(0, proc_close($full));
    }

    public function testThreePushesMakeOneChange(): void
    {
        $fake = (new FakeClient())->willAnswer(['orderID' => 'A1'])->willAnswer(['id' => 'A1', 'status' => 'issued'])
            ->willAnswer(['pem_RSA' => "leaf\n", 'chains_RSA' => ["root\n", "intermediate\n"]]);
        $database = self::database();
        $orders = new \Orders($database, $fake);
        $orders->place('order-1', self::FIELDS);
        $orders->send('order-1');
        for ($pushes = 0; $pushes < 3; $pushes++) {
            self::assertTrue($orders->markForQuery('A1'));
        }
        self::assertFalse($orders->markForQuery('A2'));
        self::assertSame(['order-1 issued'], self::follow($orders, true));
        self::assertSame("leaf\nintermediate\n", $database->query('SELECT full_chain FROM orders')->fetchColumn());
        self::assertSame([], self::follow($orders, true));
        self::assertSame([], self::follow($orders));
        self::assertSame(0, $fake->remaining());

        // A push about a revocation.
        $orders->markForQuery('A1');
        $fake->willAnswer(['id' => 'A1', 'status' => 'revoked']);
        self::assertSame(['order-1 revoked'], self::follow($orders, true));
        self::assertSame([], self::follow($orders));
    }

    public function testThePagesAndTheCronJob(): void
    {
        $folder = sys_get_temp_dir() . '/' . uniqid('wotrus-');
        mkdir($folder);
        $ini = "$folder/wotrus.ini";
        foreach (self::options() as $name => $value) {
            file_put_contents($ini, "$name = \"$value\"\n", FILE_APPEND);
        }
        $environment = ['WOTRUS_INI' => $ini, 'ORDERS_DSN' => "sqlite:$folder/orders.db", 'ORDERS_LICENCE' => self::licence()];
        foreach ($environment as $name => $value) {
            putenv("$name=$value");
        }
        $settings = array_merge(self::settings(), ['-d', 'ffi.enable=1']);
        $page = new Service(dirname(__DIR__) . '/examples/pdo/order.php', $settings);
        preg_match('/value="(order-\w+)"/', $page->get(), $key);
        for ($clicks = 0; $clicks < 2; $clicks++) {
            self::assertSame("placed: $key[1]\n", $page->post(http_build_query(['key' => $key[1], 'name' => '沃通', 'csr' => self::csr()])));
        }
        $database = new \PDO("sqlite:$folder/orders.db");
        $rows = $database->query('SELECT order_id, problem FROM orders')->fetchAll(\PDO::FETCH_ASSOC);
        self::assertCount(1, $rows);
        self::assertNull($rows[0]['problem']);
        $id = $rows[0]['order_id'];
        self::client()->waitForCertificate($id, 60);

        $push = new Service(dirname(__DIR__) . '/examples/pdo/push.php', $settings);
        for ($pushes = 0; $pushes < 3; $pushes++) {
            self::assertSame('', $push->post(json_encode(['dataAction' => 'order', 'orderID' => $id, 'isIssued' => true])));
        }
        $runs = [];
        for ($run = 0; $run < 3; $run++) {
            [$status, $runs[]] = self::php([dirname(__DIR__) . '/examples/pdo/cron.php', '--marked']);
            self::assertSame(0, $status);
        }
        self::assertSame(["$key[1] is issued\n", '', ''], $runs);
        self::assertStringContainsString('BEGIN CERTIFICATE', $database->query('SELECT full_chain FROM orders')->fetchColumn());
        foreach (array_keys($environment) as $name) {
            putenv($name);
        }
        array_map('unlink', (array) glob("$folder/*"));
        rmdir($folder);
    }

    public function testLaravel(): void
    {
        if (stream_resolve_include_path('Illuminate/autoload.php') === false) {
            $this->addToAssertionCount(1); // Laravel is not installed
            return;
        }
        [$status, $output] = self::php(['-d', 'display_errors=1', __DIR__ . '/service/laravel.php']);
        self::assertSame([0, "backend\nA1 issued\n200\n200\n400\n[\"query_order\"]\n"], [$status, $output]);
    }
}
