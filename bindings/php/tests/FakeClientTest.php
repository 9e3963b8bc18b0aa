<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Cause;
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

    public function testEveryFailureHasACauseThatExists(): void
    {
        $causes = (new \ReflectionClass(Cause::class))->getConstants();
        foreach ((new \ReflectionClass(Kind::class))->getConstants() as $kind) {
            $fake = (new FakeClient())->willFail($kind);
            $error = self::failure(static function () use ($fake): void {
                $fake->queryOrder('A1');
            });
            self::assertContains($error->getCause(), $causes);
        }
    }

    public function testAnIdMayBeANumber(): void
    {
        $order = (new FakeClient())->willAnswer(['id' => 5])->queryOrder('5');
        self::assertSame(['5', '5', 5], [$order->order_id, $order->id, $order['id']]);
    }

    public function testAResultOfFalseIsARefusal(): void
    {
        $fake = (new FakeClient())->willAnswer(['cancelResult' => false, 'cancelFailedReason' => '已签发'], ['request_id' => 'r-1'])
            ->willAnswer(['sentResult' => false])->willAnswer(['cancelResult' => false])->willAnswer(['cancelResult' => true]);
        $error = self::failure(static function () use ($fake): void {
            $fake->cancelOrder('A1', 'x');
        });
        self::assertInstanceOf(Exception\RefusedException::class, $error);
        self::assertSame(['已签发', Cause::REFUSED, Delivery::ANSWERED, 'r-1'], [$error->getServiceMessage(), $error->getCause(), $error->getDelivery(), $error->getRequestId()]);
        $error = self::failure(static function () use ($fake): void {
            $fake->notifyByEmail('A1', 'https://example.com/');
        });
        self::assertInstanceOf(Exception\RefusedException::class, $error);
        // Any other endpoint: the caller reads the answer.
        self::assertFalse($fake->call('POST /v1/Order/Cancel', [])['data']['cancelResult']);
        self::assertTrue($fake->cancelOrder('A1', 'x')->cancelResult);
    }

    public function testOptionsOfSeveralClientsAreCombined(): void
    {
        $fake = (new FakeClient())->willAnswer([])->willAnswer([]);
        $first = $fake->with(['request_id' => 'r-1', 'timeout' => 5]);
        $first->with(['request_id' => 'r-2'])->queryOrder('A1');
        $first->queryOrder('A1');
        self::assertEquals(['request_id' => 'r-2', 'timeout' => '5'], $fake->calls()[0]['options']);
        self::assertEquals(['request_id' => 'r-1', 'timeout' => '5'], $fake->calls()[1]['options']);
    }

    public function testAFullChainIsInTheOrderOfAServersFile(): void
    {
        $fake = (new FakeClient())->willAnswer(['pem_RSA' => "leaf\n", 'chains_RSA' => ["root\n", "upper\n", "lower\n"]]);
        self::assertSame("leaf\nlower\nupper\n", $fake->retrieveCertificate('A1')->rsa->full_chain);
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
        $old = ini_set('zend.exception_ignore_args', '0');
        try {
            (new FakeClient())->createOrder(['organizationPost' => ['UserMobile' => '18610077459']]);
            self::fail('nothing was thrown');
        } catch (\LogicException $error) {
            self::assertStringContainsString('no answer is queued for create_order', $error->getMessage());
            // PHP before 8.2 does not know which arguments are sensitive.
            self::assertSame([], array_column($error->getTrace(), 'args'));
        } finally {
            ini_set('zend.exception_ignore_args', (string) $old);
        }
    }
}
