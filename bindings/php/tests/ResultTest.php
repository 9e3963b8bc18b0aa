<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Cause;
use Wotrus\Certificate;
use Wotrus\Certificates;
use Wotrus\Charset;
use Wotrus\CreatedOrder;
use Wotrus\Delivery;
use Wotrus\Exception\ProtocolException;
use Wotrus\FieldMap;
use Wotrus\Order;
use Wotrus\Push;
use Wotrus\Reply;
use Wotrus\Status;
use Wotrus\Testing\FakeClient;

/** Results are read as properties with types, and as arrays. */
final class ResultTest extends TestCase
{
    /** @var array<string, mixed> */
    private const ORDER = [
        'id' => 'A1', 'status' => 'issued', 'duration' => '12', 'isPay' => 1, 'includeRSA' => 'true', 'cn' => null,
        'org' => ['orgName' => 'x', 'userMobile' => '18610077459'], 'pendingLink' => 'https://example.com/secret',
        'createTime' => '2020-03-31T14:27:42.286+08:00', 'newField' => [1, 2],
    ];

    private static function queried(): Order
    {
        return (new FakeClient())->willAnswer(self::ORDER)->queryOrder('A1');
    }

    public function testPropertiesHaveTypes(): void
    {
        $order = self::queried();
        self::assertSame(['A1', 'issued', 12, 1, true], [$order->id, $order->status, $order->duration, $order->isPay, $order->includeRSA]);
        self::assertSame([null, null, null], [$order->cn, $order->productName, $order->isSNVerified]);
        self::assertSame('x', $order->org['orgName']);
        self::assertSame(['A1', 'fake-request', 1], [$order->order_id, $order->request_id, $order->attempts]);
        self::assertTrue(isset($order->status));
        self::assertFalse(isset($order->cn) || isset($order->productName) || isset($order->nothing));
        self::assertSame('2020-03-31 06:27:42', gmdate('Y-m-d H:i:s', $order->createdAt()->getTimestamp()));
        self::assertSame([true, false], [$order->isIssued(), $order->isFinal()]);
        self::assertContains(Status::CLOSED, Status::FINAL);
    }

    public function testArrayElementsAreAsReceived(): void
    {
        $order = self::queried();
        $all = self::ORDER + ['order_id' => 'A1', 'request_id' => 'fake-request', 'attempts' => 1];
        foreach ($all as $name => $value) {
            self::assertSame($value, $order[$name], $name);
            self::assertSame($value !== null, isset($order[$name]), $name);
        }
        self::assertSame($all, $order->toArray());
        self::assertSame($all, iterator_to_array($order));
        self::assertCount(count($all), $order);
        self::assertSame(json_encode($all), json_encode($order));
        self::assertSame('none', $order['nothing'] ?? 'none');
        self::assertSame($all, unserialize(serialize($order))->toArray());
    }

    public function testOneFieldReadsTheSameBeforeAndAfterAllAreRead(): void
    {
        $data = ['id' => 'A1', 'order_id' => 'other', 'attempts' => 9, 'page' => 3, 'isSuccess' => 'x', 'data' => ['a' => 1], '5' => 'five'];
        $client = new FakeClient();
        $results = [
            static function () use ($client): FieldMap {
                return $client->queryOrder('A1');
            },
            static function () use ($client): FieldMap {
                return $client->call('GET /v1/x');
            },
        ];
        foreach ($results as $result) {
            $client->willAnswer($data, ['order_id' => 'A1']);
            $all = $result()->toArray();
            foreach ($all as $name => $value) {
                $client->willAnswer($data, ['order_id' => 'A1']);
                self::assertSame($value, $result()[$name], (string) $name);
            }
            self::assertSame(['A1', 'fake-request', 1], [$all['order_id'], $all['request_id'], $all['attempts']]);
        }
    }

    public function testFieldsBesideDataAreReadToo(): void
    {
        $service = new Service(__DIR__ . '/service/router.php');
        $client = self::client(['token' => 'beside', 'base_url' => $service->url, 'ca_file' => null]);
        $order = $client->queryOrder('A1');
        self::assertSame(['A1', 'here'], [$order['id'], $order['beside']]);
        $all = $client->queryOrder('A1')->toArray();
        self::assertSame(['id' => 'A1', 'status' => 'issued', 'beside' => 'here', 'order_id' => 'A1'], array_diff_key($all, ['request_id' => 1, 'attempts' => 1]));
    }

    public function testAnAnswerThatPhpCannotReadHidesNoId(): void
    {
        $reply = $this->createMock(Reply::class);
        $reply->method('orderId')->willReturn('A1');
        $reply->method('requestId')->willReturn('r-1');
        $reply->method('attempts')->willReturn(1);
        $reply->method('body')->willReturn('unreadable');
        $created = new CreatedOrder($reply, Charset::named(null));
        self::assertSame('A1', $created->order_id);
        self::assertSame('unreadable', $created['body']);
        self::assertSame(['body' => 'unreadable', 'order_id' => 'A1', 'request_id' => 'r-1', 'attempts' => 1], $created->toArray());
    }

    public function testATimeThatIsNoneIsNull(): void
    {
        foreach (['soon', null, ''] as $time) {
            $order = (new FakeClient())->willAnswer(['createTime' => $time])->queryOrder('A1');
            self::assertSame($time === '' ? '' : $time, $order->createTime);
            if ($time !== '') {
                self::assertNull($order->createdAt());
            }
        }
    }

    public function testAnEmptyResultIsAnObjectInJson(): void
    {
        self::assertSame('{}', json_encode(Push::parse('{}')));
    }

    public function testTheFirstCertificateIsTheOneForServers(): void
    {
        $pem = ['pem_Encrypt' => "encrypt\n", 'pem_Sign' => "sign\n", 'pem_RSA' => "rsa\n"];
        foreach (['rsa', 'sign', 'encrypt'] as $first) {
            $certificates = (new FakeClient())->willAnswer($pem)->retrieveCertificate('A1');
            self::assertSame("$first\n", $certificates->first()->pem);
            array_pop($pem);
        }
        self::assertNull((new FakeClient())->willAnswer(['x' => 1])->retrieveCertificate('A1')->first());
    }

    public function testABlankPemIsNoCertificate(): void
    {
        $fake = (new FakeClient())->willAnswer(['pem_RSA' => "rsa\n", 'pem_Sign' => " \n"])->willAnswer(['pem_RSA' => "rsa\n", 'pem_Sign' => " \n"]);
        self::assertSame(['RSA'], array_keys($fake->retrieveCertificate('A1')->toArray()['certificates']));
        $certificates = $fake->retrieveCertificate('A1');
        self::assertNull($certificates->sign);
        self::assertSame(['RSA'], array_keys($certificates->certificates));
    }

    public function testAMissingElementRaisesAWarning(): void
    {
        $messages = [];
        set_error_handler(static function (int $level, string $message) use (&$messages): bool {
            $messages[] = $message;
            return true;
        });
        $order = self::queried();
        self::assertNull($order['nothing']);
        self::assertNull($order['productName']);
        self::assertNull($order->nothing);
        restore_error_handler();
        self::assertSame(['Undefined array key "nothing"', 'Undefined property: Wotrus\Order::$nothing'], $messages);
    }

    public function testResultsAreReadOnly(): void
    {
        $order = self::queried();
        $changes = [
            static function () use ($order): void {
                $order['status'] = 'x';
            },
            static function () use ($order): void {
                unset($order['status']);
            },
            static function () use ($order): void {
                $order->status = 'x';
            },
            static function () use ($order): void {
                unset($order->status);
            },
        ];
        foreach ($changes as $change) {
            try {
                $change();
                self::fail('a result was changed');
            } catch (\LogicException $error) {
                self::assertStringContainsString('read-only', $error->getMessage());
            }
        }
        self::assertSame('issued', $order->status);
    }

    public function testDumpsShowNoPersonalDataAndNoLink(): void
    {
        $personal = [];
        foreach (['orgName', 'orgPhone', 'orgEmail', 'userFirstName', 'userLastName', 'userEmail', 'userMobile', 'idCardNumber', 'newName'] as $name) {
            $personal[$name] = "private-$name";
        }
        $order = ['cn' => 'private-cn', 'body' => 'private-body', 'org' => $personal, 'pendingLink' => 'https://example.com/private-link'] + self::ORDER;
        unset($personal['newName']);
        $client = new FakeClient();
        $client->willAnswer($order)->willAnswer($order)->willAnswer($order);
        $queried = $client->queryOrder('A1');
        $read = $client->queryOrder('A1');
        self::assertSame('private-cn', $read->cn);
        $push = Push::parse((string) json_encode(['dataAction' => 'x'] + $personal));
        foreach ([$queried, $read, $client->call('GET /v1/Order/A1'), $push] as $fields) {
            ob_start();
            var_dump($fields);
            $dump = ob_get_clean() . print_r($fields, true);
            self::assertStringContainsString('(redacted)', $dump);
            self::assertStringNotContainsString('private-', $dump);
        }
        self::assertStringContainsString('issued', print_r($queried, true));
    }

    public function testEveryPropertyIsDocumented(): void
    {
        $classes = 0;
        foreach ((array) glob(dirname(__DIR__) . '/src/*.php') as $file) {
            $class = new \ReflectionClass('Wotrus\\' . basename((string) $file, '.php'));
            if (!$class->isSubclassOf(FieldMap::class) || $class->isAbstract()) {
                continue;
            }
            $classes++;
            $documented = (string) $class->getDocComment();
            for ($parent = $class->getParentClass(); $parent !== false; $parent = $parent->getParentClass()) {
                $documented .= $parent->getDocComment();
            }
            preg_match_all('/@property-read .*?\$(\w+)/', $documented, $names);
            $properties = array_keys($class->getConstant('PROPERTIES'));
            sort($properties);
            $names = array_values(array_unique($names[1]));
            sort($names);
            self::assertSame($properties, $names, $class->getName());
        }
        self::assertSame(10, $classes);
    }

    public function testCertificatesAreTheSameInEveryForm(): void
    {
        $client = self::client();
        $id = $client->createOrder(self::order('result-'))->order_id;
        self::assertIsString($id);
        $certificates = $client->waitForCertificate($id, 60);
        $all = $client->retrieveCertificate($id)->toArray();
        self::assertSame($all['pem_RSA'], $certificates->pem_RSA);
        self::assertSame($all['pem_RSA'], $certificates['pem_RSA']);
        self::assertSame($all['chains_RSA'], $certificates->chains_RSA);
        self::assertSame($all['chains_RSA'], $certificates['chains_RSA']);
        self::assertNull($certificates['pem_Sign']);
        self::assertSame(['RSA'], array_keys($certificates->certificates));
        self::assertSame($all['certificates'], ['RSA' => $certificates->certificates['RSA']->toArray()]);
        $rsa = $certificates->rsa;
        self::assertInstanceOf(Certificate::class, $rsa);
        self::assertSame($all['certificates']['RSA'], ['pem' => $rsa->pem, 'chain' => $rsa->chain, 'full_chain' => $rsa->full_chain, 'root' => $rsa['root']]);
        self::assertSame($rsa, $certificates->first());
        self::assertNull($certificates->sign);
        self::assertFalse(isset($certificates->encrypt));

        // In a queue or cache, and after the client is gone.
        unset($client);
        $stored = unserialize(serialize($certificates));
        self::assertInstanceOf(Certificates::class, $stored);
        self::assertSame($all['certificates']['RSA']['full_chain'], $stored->rsa->full_chain);
        self::assertSame($all['certificates'], json_decode((string) json_encode($stored), true)['certificates']);
        self::assertSame($rsa->pem, unserialize(serialize($rsa))->pem);
        self::assertInstanceOf(Certificate::class, iterator_to_array($stored)['certificates']['RSA']);
        self::assertSame($rsa->pem, $stored['certificates']['RSA']->pem);
        self::assertSame($certificates->toArray(), $stored->toArray());

        $answer = self::client()->call('retrieve_certificate', ['orderID' => $id]);
        foreach ([$answer, unserialize(serialize($answer))] as $one) {
            self::assertSame(['RSA'], array_keys($one['certificates']));
            self::assertInstanceOf(Certificate::class, $one['certificates']['RSA']);
            self::assertSame($rsa->full_chain, $one['certificates']['RSA']->full_chain);
            self::assertSame($rsa->pem, $one['data']['pem_RSA']);
        }
    }

    public function testAFieldOfTheServiceIsStoredAsItIs(): void
    {
        $service = new Service(__DIR__ . '/service/router.php');
        $client = self::client(['token' => 'certificates', 'base_url' => $service->url, 'ca_file' => null]);
        $answer = $client->call('GET /v1/x');
        self::assertSame(['a', 7, null, [], ['id' => 'C1'], 'RSA' => 'b'], $answer['certificates']);
        $certificates = (new FakeClient())->willAnswer(['pem_Sign' => "sign\n", 'certificates' => $answer['certificates']])
            ->retrieveCertificate('A1');
        foreach ([$answer, $certificates] as $one) {
            self::assertSame($one->toArray(), unserialize(serialize($one))->toArray());
        }
        self::assertNull(unserialize(serialize($certificates))->rsa);
    }

    public function testAFullChainThatCannotBeReadIsAnException(): void
    {
        $service = new Service(__DIR__ . '/service/router.php');
        $client = self::client(['token' => 'unreadable', 'base_url' => $service->url, 'ca_file' => null]);
        $certificates = $client->retrieveCertificate('A1');
        self::assertSame(['no certificate', null], [$certificates->rsa->pem, $certificates->rsa->full_chain]);
        foreach ([$certificates, unserialize(serialize($certificates))] as $one) {
            $error = self::failure(static function () use ($one): void {
                $one->rsa->fullChain();
            });
            self::assertInstanceOf(ProtocolException::class, $error);
            self::assertSame([Cause::CERTIFICATE, Delivery::ANSWERED], [$error->getCause(), $error->getDelivery()]);
        }
        $fake = (new FakeClient())->willAnswer(['pem_RSA' => "leaf\n"])->retrieveCertificate('A1');
        self::assertSame("leaf\n", $fake->rsa->fullChain());
    }

    public function testAChainWithOtherValuesIsReadAsReceived(): void
    {
        foreach ([[], ['a', null], [null, 'a'], ['a', null, 'b'], ['a', 1], ['a', ['b']]] as $chain) {
            $answer = ['pem_RSA' => 'leaf', 'chains_RSA' => $chain];
            self::assertSame($chain, (new FakeClient())->willAnswer($answer)->retrieveCertificate('A1')['chains_RSA']);
        }
        $none = (new FakeClient())->willAnswer(['pem_RSA' => 'leaf'])->retrieveCertificate('A1');
        self::assertSame([], $none->chains_RSA);
        self::assertFalse(isset($none['chains_RSA']));
    }

    public function testAPushIsReadAsArrayToo(): void
    {
        $push = Push::parse('{"dataAction":"order","orderid":" A1 ","isIssued":"true"}');
        self::assertSame(['order', ' A1 ', true, false], [$push->dataAction, $push->orderID, $push->isIssued, $push->isRevoked]);
        self::assertSame(['dataAction' => 'order', 'orderID' => ' A1 ', 'isIssued' => 'true'], $push->toArray());
        self::assertSame('A1', $push->orderId());
    }

    public function testACreatedOrderIsReadWithoutDecodingTheAnswer(): void
    {
        $created = self::client()->createOrder(self::order('created-'));
        self::assertInstanceOf(CreatedOrder::class, $created);
        self::assertSame($created->order_id, $created['orderID']);
        self::assertSame($created->orderID, $created->toArray()['orderID']);
    }
}
