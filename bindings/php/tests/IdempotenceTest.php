<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Exception\ArgumentException;

/** An order whose idempotenceID is misspelt or misplaced is refused before anything is sent. */
final class IdempotenceTest extends TestCase
{
    /**
     * @return array<string, array{0: callable, 1: string}>
     */
    public static function mistakes(): array
    {
        $order = static function (callable $change): callable {
            return static function () use ($change): void {
                $order = self::order('x');
                unset($order['orderinfoPost']['idempotenceID']);
                self::client()->createOrder($change($order));
            };
        };
        $in = static function (string $part, string $name) use ($order): callable {
            return $order(static function (array $order) use ($part, $name): array {
                $order[$part][$name] = 'order-4711';
                return $order;
            });
        };
        $reissue = static function (array $fields): callable {
            return static function () use ($fields): void {
                self::client()->reissueCertificate($fields + ['orderID' => 'A1', 'csr' => self::csr(), 'reason' => 'x']);
            };
        };
        $place = 'its place is orderinfoPost.idempotenceID';
        return [
            'misspelt' => [$in('orderinfoPost', 'idempotentID'), "found as orderinfoPost.idempotentID; $place"],
            'snake case' => [$in('orderinfoPost', 'idempotence_id'), "found as orderinfoPost.idempotence_id; $place"],
            'key' => [$in('orderinfoPost', 'IdempotencyKey'), "found as orderinfoPost.IdempotencyKey; $place"],
            'upper case' => [$in('orderinfoPost', 'IDEMPOTENCE'), "found as orderinfoPost.IDEMPOTENCE; $place"],
            'other part' => [$in('organizationPost', 'idempotenceID'), "found as organizationPost.idempotenceID; $place"],
            'strange' => [$in('orderinfoPost', "idempotence\nID"), "found as orderinfoPost.another name; $place"],
            'top level' => [$order(static function (array $order): array {
                return $order + ['idempotenceID' => 'order-4711'];
            }), "found as idempotenceID; $place"],
            'in a document' => [$order(static function (array $order): array {
                $order['documentsPost'][0]['idempotenceID'] = 'order-4711';
                return $order;
            }), "found as documentsPost.0.idempotenceID; $place"],
            'in an object' => [$order(static function (array $order): array {
                $order['orderinfoPost'] = (object) ($order['orderinfoPost'] + ['idempotentID' => 'order-4711']);
                return $order;
            }), "found as orderinfoPost.idempotentID; $place"],
            'reissue, misspelt' => [$reissue(['idempotentID' => 'x']), 'found as idempotentID; its place is idempotenceID'],
            'reissue, nested' => [$reissue(['orderinfoPost' => ['idempotenceID' => 'x']]), 'found as orderinfoPost.idempotenceID; its place is idempotenceID'],
            'revocation' => [static function (): void {
                self::client()->revokeCertificate(['orderID' => 'A1', 'reason' => 'x', 'idempotenceID' => 'x', 'path' => self::licence()]);
            }, 'found as idempotenceID; only createOrder and reissueCertificate take one'],
            'by name' => [static function (): void {
                self::client()->call('create_order', ['idempotenceID' => 'x']);
            }, "found as idempotenceID; $place"],
        ];
    }

    /**
     * @dataProvider mistakes
     */
    public function testAMistakenIdempotenceIdIsRefused(callable $call, string $problem): void
    {
        $error = self::failure($call);
        self::assertInstanceOf(ArgumentException::class, $error, $error->getMessage());
        self::assertSame("idempotenceID: $problem", $error->getMessage());
        self::assertSame('idempotenceID', $error->getField());
        self::assertSame(['not_sent', 0], [$error->getDelivery(), $error->getAttempts()]);
    }

    public function testTheRightNameInItsPlaceIsAccepted(): void
    {
        foreach (['idempotenceID', 'IdempotenceID', 'IDEMPOTENCEID'] as $name) {
            $order = self::order('x');
            $id = uniqid('right-');
            unset($order['orderinfoPost']['idempotenceID']);
            $order['orderinfoPost'][$name] = $id;
            self::assertSame(self::client()->createOrder($order)['order_id'], self::client()->createOrder($order)['order_id']);
        }
    }

    public function testAPartWithoutItsSuffixIsRefused(): void
    {
        foreach (['documents' => 'documentsPost', 'orderInfo' => 'orderinfoPost', 'Organization' => 'organizationPost'] as $name => $right) {
            $error = self::failure(static function () use ($name): void {
                self::client()->createOrder(self::order('part-') + [$name => []]);
            });
            self::assertSame($right, $error->getField());
            self::assertInstanceOf(ArgumentException::class, $error);
        }
    }

    public function testOtherUnknownFieldsAreSent(): void
    {
        $service = new Service(__DIR__ . '/service/router.php');
        $client = self::client(['token' => 'echo', 'base_url' => $service->url, 'ca_file' => null]);
        $order = self::order('unknown-') + ['newPart' => ['documents' => 1]];
        $order['organizationPost']['documents'] = 'x';
        unset($order['documentsPost']);
        $sent = $client->createOrder($order)['sent'];
        self::assertSame(['documents' => 1], $sent['newPart']);
        self::assertSame('x', $sent['organizationPost']['documents']);
        $sent = $client->call('POST /v1/Other', ['idempotencyKey' => 'x', 'path' => 1])['data']['sent'];
        self::assertSame(['idempotencyKey' => 'x', 'path' => 1], $sent);
    }
}
