<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Kind;
use Wotrus\Testing\FakeClient;

/** A PSR-3 logger gets one line about each finished call, and a logger that throws breaks no call. */
final class LogTest extends TestCase
{
    public function testEachCallIsLoggedOnce(): void
    {
        $logger = new Logger();
        $client = self::client(['logger' => $logger]);
        $order = self::order('log-');
        $id = $client->createOrder($order)['order_id'];
        self::assertCount(1, $logger->lines);
        [$level, $message, $context] = $logger->lines[0];
        self::assertSame('info', $level);
        self::assertSame('WoTrus create_order: ok', $message);
        self::assertSame($order['orderinfoPost']['idempotenceID'], $context['idempotence_id']);
        self::assertSame($id, $context['order_id']);
        self::assertSame('answered', $context['delivery']);
        self::assertSame(1, $context['attempts']);
        self::assertSame(200, $context['http_status']);
        self::assertIsInt($context['elapsed_ms']);
        self::failure(static function () use ($client): void {
            $client->queryOrder('nothing');
        });
        self::assertSame(['warning', 'WoTrus query_order: the service refused: 订单不存在'], array_slice($logger->lines[1], 0, 2));
        $client->with(['logger' => null])->queryOrder($id);
        self::assertCount(2, $logger->lines);
        self::failure(static function () use ($logger): void {
            self::client(['logger' => $logger, 'base_url' => 'http://127.0.0.1:1', 'retries' => 0])->queryOrder('A1');
        });
        self::assertSame('error', $logger->lines[2][0]);
    }

    public function testCallsThatPhpRefusesAreLoggedToo(): void
    {
        $logger = new Logger();
        $client = self::client(['logger' => $logger, 'lang' => 'zh']);
        $calls = [
            'cancel_order: reason：不是 UTF-8 编码' => static function () use ($client): void {
                $client->cancelOrder('A1', "\xff");
            },
            'create_order: order：既不是数组也不是请求对象' => static function () use ($client): void {
                /** @phpstan-ignore-next-line */
                $client->createOrder(null);
            },
            'GET /v1\0: operation：包含 NUL 字符' => static function () use ($client): void {
                $client->call("GET /v1\0");
            },
            'query_order: orderID：为空' => static function () use ($client): void {
                $client->queryOrder('');
            },
        ];
        foreach ($calls as $line => $call) {
            $logger->lines = [];
            self::failure($call);
            self::assertCount(1, $logger->lines, $line);
            [$level, $message, $context] = $logger->lines[0];
            self::assertSame(['warning', "WoTrus $line"], [$level, $message]);
            self::assertSame(['argument', 'not_sent', 0], [$context['kind'], $context['delivery'], $context['attempts']]);
        }
    }

    public function testNamesOfFieldsForgeNoLines(): void
    {
        $logger = new Logger();
        $client = self::client(['logger' => $logger]);
        foreach (["x\nforged", "OrgName\n", "x\u{2028}", str_repeat('k', 65), ''] as $name) {
            self::failure(static function () use ($client, $name): void {
                $client->createOrder(['organizationPost' => [$name => "\xff"]]);
            });
        }
        self::assertSame(array_fill(0, 5, 'WoTrus create_order: organizationPost: is not UTF-8'), array_column($logger->lines, 1));
    }

    public function testLevels(): void
    {
        foreach ([Kind::NOT_READY => 'info', Kind::ARGUMENT => 'warning', Kind::REFUSED => 'warning', Kind::CANCELLED => 'warning',
            Kind::UNKNOWN_OUTCOME => 'error', Kind::AUTH => 'error', Kind::INTERNAL => 'error'] as $kind => $level) {
            $logger = new Logger();
            $fake = (new FakeClient(['logger' => $logger]))->willFail($kind);
            self::failure(static function () use ($fake): void {
                $fake->retrieveCertificate('A1');
            });
            self::assertSame($level, $logger->lines[0][0], $kind);
        }
    }

    public function testNoSecretIsLogged(): void
    {
        $logger = new Logger();
        $order = self::order('secret-');
        $order['organizationPost'] += ['UserMobile' => '18610077459', 'IDCardNO' => '110101199003070011'];
        $order['orderinfoPost']['uKeyPassword'] = 'pa55word';
        self::client(['logger' => $logger])->createOrder($order);
        $logged = (string) json_encode($logger->lines);
        foreach (['18610077459', '110101199003070011', 'pa55word', (string) getenv('WOTRUS_TOKEN')] as $secret) {
            self::assertStringNotContainsString($secret, $logged);
        }
    }

    public function testALoggerThatThrowsDoesNotLoseTheOrder(): void
    {
        $logger = new Logger();
        $logger->fails = true;
        $file = $this->temporary();
        $old = ini_set('error_log', $file);
        $created = self::client(['logger' => $logger])->createOrder(self::order('fail-'));
        ini_set('error_log', (string) $old);
        self::assertNotSame('', $created['order_id']);
        self::assertStringContainsString('disk full', (string) file_get_contents($file));
    }
}
