<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Client;
use Wotrus\Delivery;
use Wotrus\Exception;
use Wotrus\Kind;
use Wotrus\Testing\FakeClient;

/** The test double: queued answers, recorded calls, no server. */
final class FakeClientTest extends TestCase
{
    public function testItNeedsNeitherExtensionNorFfi(): void
    {
        $script = 'require $argv[1]; $c = new Wotrus\Testing\FakeClient(); $c->willAnswer(["orderID" => "A1"]);'
            . 'echo $c->createOrder(["orderinfoPost" => []])->order_id, " ", $c->backend();';
        self::assertSame([0, 'A1 fake'], self::php(['-d', 'ffi.enable=0', '-r', $script, self::top('bindings/php/autoload.php')]));
    }

    public function testAnswersAreGivenInOrderAndCallsRecorded(): void
    {
        $fake = (new FakeClient())->willAnswer(['orderID' => 'A1'])->willAnswer(['id' => 'A1', 'status' => 'issued'], ['attempts' => 2]);
        $client = self::asClient($fake);
        $created = $client->createOrder(self::order('fake-'));
        self::assertSame('A1', $created->order_id);
        $order = $client->with(['request_id' => 'r-1'])->queryOrder('A1');
        self::assertTrue($order->isIssued());
        self::assertSame(2, $order->attempts);
        self::assertSame(0, $fake->remaining());
        self::assertSame(['create_order', 'query_order'], array_column($fake->calls(), 'operation'));
        self::assertSame('沃通电子认证服务有限公司', $fake->calls()[0]['fields']['organizationPost']['OrgName']);
        self::assertSame(['orderID' => 'A1'], $fake->calls()[1]['fields']);
        self::assertSame([[], ['request_id' => 'r-1']], array_column($fake->calls(), 'options'));
    }

    private static function asClient(Client $client): Client
    {
        return $client;
    }

    public function testFailuresAreThrownAsTheirKind(): void
    {
        $kinds = (new \ReflectionClass(Kind::class))->getConstants();
        self::assertCount(11, $kinds);
        foreach ($kinds as $kind) {
            $fake = (new FakeClient())->willFail($kind, ['cause' => 'timeout', 'message' => 'no answer', 'idempotence_id' => 'order-4711']);
            $error = self::failure(static function () use ($fake): void {
                $fake->queryOrder('A1');
            });
            self::assertSame([$kind, 'timeout', 'no answer', 'order-4711'], [$error->getKind(), $error->getCause(), $error->getMessage(), $error->getIdempotenceId()]);
        }
        $fake = (new FakeClient())->willFail(Kind::UNKNOWN_OUTCOME);
        $error = self::failure(static function () use ($fake): void {
            $fake->createOrder(self::order('fake-'));
        });
        self::assertInstanceOf(Exception\UnknownOutcomeException::class, $error);
        self::assertSame(Delivery::UNKNOWN, $error->getDelivery());
    }

    public function testCertificatesAreMadeOfTheData(): void
    {
        $fake = (new FakeClient())->willAnswer(['pem_RSA' => "leaf\n", 'chains_RSA' => ["root\n", "intermediate\n"]]);
        $certificates = $fake->retrieveCertificate('A1');
        self::assertSame("leaf\nintermediate\n", $certificates->rsa->full_chain);
        self::assertSame("root\n", $certificates['certificates']['RSA']['root']);
        self::assertNull($certificates->sign);
    }

    public function testACallWithoutAQueuedAnswerIsAMistakeOfTheTest(): void
    {
        $this->expectException(\LogicException::class);
        (new FakeClient())->queryOrder('A1');
    }
}
