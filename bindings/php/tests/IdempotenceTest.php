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
        $place = ': an order has it as idempotenceID in orderinfoPost';
        $misspelt = ": looks like a misspelt idempotenceID$place";
        $misplaced = "idempotenceID: is in the wrong place$place";
        $reissued = ': a reissue has it as idempotenceID beside orderID';
        return [
            'misspelt' => [$in('orderinfoPost', 'idempotentID'), "idempotentID$misspelt"],
            'snake case' => [$in('orderinfoPost', 'idempotence_id'), "idempotence_id$misspelt"],
            'key' => [$in('orderinfoPost', 'IdempotencyKey'), "IdempotencyKey$misspelt"],
            'upper case' => [$in('orderinfoPost', 'IDEMPOTENCE'), "IDEMPOTENCE$misspelt"],
            'other part' => [$in('organizationPost', 'idempotenceID'), $misplaced],
            'strange' => [$in('orderinfoPost', "idempotence\nID"), 'idempotence\nID' . $misspelt],
            'top level' => [$order(static function (array $order): array {
                return $order + ['idempotenceID' => 'order-4711'];
            }), $misplaced],
            'in a document' => [$order(static function (array $order): array {
                $order['documentsPost'][0]['idempotenceID'] = 'order-4711';
                return $order;
            }), $misplaced],
            'in an object' => [$order(static function (array $order): array {
                $order['orderinfoPost'] = (object) ($order['orderinfoPost'] + ['idempotentID' => 'order-4711']);
                return $order;
            }), "idempotentID$misspelt"],
            'reissue, misspelt' => [$reissue(['idempotentID' => 'x']), "idempotentID: looks like a misspelt idempotenceID$reissued"],
            'reissue, nested' => [$reissue(['orderinfoPost' => ['idempotenceID' => 'x']]), "idempotenceID: is in the wrong place$reissued"],
            'revocation' => [static function (): void {
                self::client()->revokeCertificate(['orderID' => 'A1', 'reason' => 'x', 'idempotenceID' => 'x', 'path' => self::licence()]);
            }, 'idempotenceID: is in the wrong place: a revocation has none'],
            'cancellation' => [static function (): void {
                self::client()->call('cancel_order', ['orderID' => 'A1', 'reason' => 'x', 'IdempotenceKey' => 'x']);
            }, 'IdempotenceKey: looks like a misspelt idempotenceID: this operation has none'],
            'by name' => [static function (): void {
                self::client()->call('create_order', ['idempotenceID' => 'x']);
            }, $misplaced],
        ];
    }

    /**
     * @dataProvider mistakes
     */
    public function testAMistakenIdempotenceIdIsRefused(callable $call, string $problem): void
    {
        $error = self::failure($call);
        self::assertInstanceOf(ArgumentException::class, $error, $error->getMessage());
        self::assertSame($problem, $error->getMessage());
        self::assertSame(strstr($problem, ':', true), $error->getField());
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
