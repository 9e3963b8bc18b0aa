<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Client;
use Wotrus\Exception;
use Wotrus\Exception\CallException;

/** Every kind of failure has its exception class, with what the caller needs to know. */
final class FailureTest extends TestCase
{
    /** @var Service|null */
    private static $service;

    public static function setUpBeforeClass(): void
    {
        self::$service = new Service(__DIR__ . '/service/router.php');
    }

    public static function tearDownAfterClass(): void
    {
        self::$service = null;
    }

    /**
     * A client of the service in router.php, which gives faulty answers.
     *
     * @param array<string, mixed> $options
     */
    private static function badly(string $how, array $options = []): Client
    {
        $options += ['token' => $how, 'base_url' => self::$service->url, 'ca_file' => null, 'retries' => 0];
        return self::client($options);
    }

    /**
     * @return array<string, array{0: string, 1: string, 2: string, 3: string, 4: callable}>
     */
    public static function failures(): array
    {
        $query = static function (Client $client): void {
            $client->queryOrder('A1');
        };
        $cancel = static function (Client $client): void {
            $client->cancelOrder('A1', 'a mistake');
        };
        $order = static function (Client $client): void {
            $client->createOrder(self::order('badly-'));
        };
        $of = static function (string $how, callable $call, array $options = []): callable {
            return static function () use ($how, $call, $options): void {
                $call(self::badly($how, $options));
            };
        };
        return [
            'argument' => [Exception\ArgumentException::class, 'invalid', 'not_sent', 'orderID', static function (): void {
                self::client()->queryOrder(' ');
            }],
            'config' => [Exception\ConfigException::class, 'invalid', 'not_sent', 'base_url', static function (): void {
                self::client(['base_url' => 'http://example.com'])->queryOrder('A1');
            }],
            'auth' => [Exception\AuthException::class, 'http_status', 'answered', '', $of('nobody', $query)],
            'refused' => [Exception\RefusedException::class, 'refused', 'answered', '', static function (): void {
                self::client()->queryOrder('no such order');
            }],
            'not ready' => [Exception\NotReadyException::class, 'timeout', 'answered', '', $of('pending', static function (Client $client): void {
                $client->waitForCertificate('A1', 1);
            })],
            'unknown outcome: not JSON' => [Exception\UnknownOutcomeException::class, 'not_json', 'unknown', '', $of('html', $cancel)],
            'unknown outcome: 500' => [Exception\UnknownOutcomeException::class, 'http_status', 'unknown', '', $of('broken', $order)],
            'network' => [Exception\NetworkException::class, 'connect', 'not_sent', '', static function () use ($query): void {
                $query(self::client(['base_url' => 'http://127.0.0.1:1', 'retries' => 0]));
            }],
            'network: tls' => [Exception\NetworkException::class, 'tls', 'not_sent', '', static function () use ($query): void {
                $query(self::client(['ca_file' => null, 'retries' => 0]));
            }],
            'protocol' => [Exception\ProtocolException::class, 'not_json', 'unknown', '', $of('html', $query)],
            'protocol: redirect' => [Exception\ProtocolException::class, 'redirect', 'answered', '', $of('elsewhere', $query)],
            'file' => [Exception\FileException::class, 'file_read', 'not_sent', '', static function (): void {
                $order = self::order('file-');
                $order['documentsPost'][0]['path'] = '/nowhere/licence.pdf';
                self::client()->createOrder($order);
            }],
        ];
    }

    /**
     * @dataProvider failures
     */
    public function testEachKindHasItsExceptionClass(string $class, string $cause, string $delivery, string $field, callable $call): void
    {
        $error = self::failure($call);
        self::assertSame($class, get_class($error), $error->getMessage());
        self::assertSame($delivery, $error->getDelivery(), $error->getMessage());
        self::assertSame($cause, $error->getCause(), $error->getMessage());
        self::assertSame($field, (string) $error->getField());
        self::assertNotSame('', $error->getMessage());
        self::assertInstanceOf(CallException::class, $error);
    }

    public function testEveryStatusOfTheHeaderHasAnExceptionClass(): void
    {
        preg_match_all('/^  WOTRUS_([A-Z_]+) = (\d+)/m', (string) file_get_contents(self::top('include/wotrus.ffi.h')), $all, PREG_SET_ORDER);
        $kinds = [];
        foreach ($all as [, $name, $number]) {
            if (in_array($name, ['ABI', 'OK'], true)) {
                continue;
            }
            if ($kinds !== [] && (int) $number < count($kinds)) {
                break;
            }
            $kinds[] = $name;
            $error = CallException::of(['kind' => strtolower($name), 'status' => (int) $number, 'message' => '']);
            $class = str_replace(' ', '', ucwords(strtolower(str_replace('_', ' ', $name)))) . 'Exception';
            self::assertSame("Wotrus\\Exception\\$class", get_class($error));
        }
        self::assertCount(11, $kinds);
        self::assertSame(CallException::class, get_class(CallException::of(['kind' => 'later', 'status' => 99, 'message' => ''])));
    }

    public function testAnExceptionHasTheDetailsForASupportTicket(): void
    {
        $error = self::failure(static function (): void {
            $order = self::order('x');
            $order['orderinfoPost']['idempotenceID'] = 'order-4711';
            self::badly('busy', ['retries' => 0])->with(['request_id' => 'ticket-1'])->createOrder($order);
        });
        self::assertSame(503, $error->getHttpStatus());
        self::assertSame(7.0, $error->getRetryAfter());
        self::assertSame('ticket-1', $error->getRequestId());
        self::assertSame('order-4711', $error->getIdempotenceId());
        self::assertSame(1, $error->getAttempts());
        // A gateway may answer 503 after the service has done the work.
        self::assertSame(6, $error->getCode());

        $error = self::failure(static function (): void {
            self::badly('broken', ['retries' => 1])->queryOrder('A1');
        });
        self::assertSame(2, $error->getAttempts());
        self::assertNull($error->getRetryAfter());
        self::assertNull($error->getIdempotenceId());
    }

    public function testMessagesHaveNoMarkup(): void
    {
        $error = self::failure(static function (): void {
            self::badly('html')->queryOrder('A1');
        });
        self::assertStringContainsString('502 Bad Gateway', $error->getMessage());
        self::assertDoesNotMatchRegularExpression('/<[a-z\/]/', $error->getMessage());
    }

    public function testTheServicesMessageIsPassedOn(): void
    {
        $error = self::failure(static function (): void {
            self::client()->queryOrder('no such order');
        });
        self::assertSame('订单不存在', $error->getServiceMessage());
    }

    public function testFieldNamesHaveTheDocumentsSpelling(): void
    {
        $order = self::badly('upper')->queryOrder('A1');
        self::assertSame('issued', $order['status']);
        self::assertSame('x', $order['org']['orgName']);
        self::assertSame('12345678901234567890123', $order['orderNumber']);
        self::assertTrue(self::badly('upper')->call('GET /v1/Order/A1')['isSuccess']);
    }

    public function testOrderIdIsTakenFromOrderIdRsaIfNeeded(): void
    {
        $created = self::badly('rsa')->createOrder(self::order('rsa-'));
        self::assertNull($created['orderID']);
        self::assertSame('R1', $created['order_id']);
    }

    public function testAnUnpairedSurrogateDoesNotHideTheAnswer(): void
    {
        $created = self::badly('surrogate')->createOrder(self::order('surrogate-'));
        self::assertSame('A1', $created['order_id']);
        self::assertSame('A1', $created['orderID']);
        $answer = self::badly('surrogate')->call('GET /v1/Order/A1');
        self::assertSame("\u{fffd}", $answer['successMsg']);
    }

    public function testFieldsAreSentUnchanged(): void
    {
        $order = self::order('echo-');
        $order['orderinfoPost']['Hosts'] = ['a.example', 'b.example'];
        $order['organizationPost']['OtherName'] = "引号\"和反斜杠\\和换行\n";
        unset($order['documentsPost']);
        $sent = self::badly('echo')->createOrder($order)['sent'];
        self::assertSame(['a.example', 'b.example'], $sent['orderinfoPost']['Hosts']);
        self::assertSame($order['organizationPost']['OtherName'], $sent['organizationPost']['OtherName']);
        $sent = self::badly('echo')->call('POST /v1/Other', ['a' => [1, 2.5, true, null, 12.0], 'b' => new \stdClass()])['data']['sent'];
        self::assertSame(['a' => [1, 2.5, true, null, 12], 'b' => []], $sent);
    }

    public function testAWholeNumberIsSentWithoutAFraction(): void
    {
        $fake = (new \Wotrus\Testing\FakeClient())->willAnswer([])->willAnswer([]);
        $fake->createOrder(['orderinfoPost' => ['month' => 12.0, 'x' => 2.5]]);
        self::assertSame(['month' => 12, 'x' => 2.5], $fake->calls()[0]['fields']['orderinfoPost']);
        $fake->with(['charset' => 'GB18030'])->createOrder(['orderinfoPost' => ['month' => 12.0]]);
        self::assertSame(12, $fake->calls()[1]['fields']['orderinfoPost']['month']);
    }

    public function testValuesThatJsonCannotExpressAreRefusedByName(): void
    {
        $loop = [];
        $loop['again'] = &$loop;
        foreach (['file' => fopen(__FILE__, 'r'), 'share' => NAN, 'again' => $loop, 'Hosts' => ['a', "\xd6\xd0"]] as $name => $value) {
            $error = self::failure(static function () use ($name, $value): void {
                self::badly('echo')->call('POST /v1/Other', [$name => $value]);
            });
            self::assertInstanceOf(Exception\ArgumentException::class, $error);
            self::assertSame($name === 'Hosts' ? 'Hosts.1' : $name, $error->getField());
            self::assertStringStartsWith($error->getField() . ': ', $error->getMessage());
        }
    }

    public function testObjectsAreSentAsJsonEncodeWritesThem(): void
    {
        $text = new class implements \JsonSerializable {
            #[\ReturnTypeWillChange]
            public function jsonSerialize()
            {
                return ['a' => 'b'];
            }
        };
        $order = new class {
            /** @var string */
            public $orderID = 'A1';
            /** @var string */
            private $hidden = "\xff";

            public function hidden(): string
            {
                return $this->hidden;
            }
        };
        $values = ['known' => $order, 'json' => $text, 'nested' => [(object) ['order' => $order]], 'empty' => new \stdClass(), 'when' => new \DateTime('2020-01-01')];
        if (PHP_VERSION_ID >= 80100) {
            eval('enum DocumentKind: int { case Licence = 2; } enum Plain { case One; }');
            $values['enum'] = constant('DocumentKind::Licence');
        }
        $expected = json_decode((string) json_encode($values), true);
        foreach (['UTF-8', 'GB18030'] as $charset) {
            $client = self::badly('echo', ['charset' => $charset]);
            self::assertSame($expected, $client->call('POST /v1/Other', $values)['data']['sent'], $charset);
            $created = $client->createOrder(array_merge(self::order('x', 'x'), ['documentsPost' => [], 'own' => $values]));
            self::assertSame($expected, $created['sent']['own'], $charset);
            foreach (['OrgName' => 'should be a text, but is an object', 'street' => 'should be a text, but is an object'] as $name => $problem) {
                $error = self::failure(static function () use ($client, $name, $order): void {
                    $wrong = self::order('x', 'x');
                    $wrong['organizationPost'][$name] = $order;
                    $client->createOrder($wrong);
                });
                self::assertSame("$name: $problem", $error->getMessage(), $charset);
            }
            if (PHP_VERSION_ID >= 80100) {
                $error = self::failure(static function () use ($client): void {
                    $client->call('POST /v1/Other', ['plain' => constant('Plain::One')]);
                });
                self::assertSame('plain', $error->getField(), $charset);
            }
        }
    }

    public function testAnEmptyArrayIsSentAsAnEmptyObject(): void
    {
        $error = self::failure(static function (): void {
            self::client()->createOrder([]);
        });
        self::assertSame('productID', $error->getField());
        self::assertSame([], self::badly('echo')->call('POST /v1/Other', [])['data']['sent']);
    }

    public function testOptionsAreTextOrNumbers(): void
    {
        $order = self::badly('pending', ['timeout' => 30, 'connect_timeout' => 2.5, 'proxy' => null])->queryOrder('A1');
        self::assertSame('pending', $order['status']);
        foreach (['timeout' => true, 'proxy' => [], 'user_agent' => "a\0b", 'backend' => 'none', 'logger' => 'x', 'retries' => 1.5] as $name => $value) {
            $error = self::failure(static function () use ($name, $value): void {
                self::badly('pending', [$name => $value]);
            });
            self::assertInstanceOf(Exception\ConfigException::class, $error);
            self::assertSame($name, $error->getField());
        }
        $error = self::failure(static function (): void {
            self::client(["tim\0eout" => 5]);
        });
        self::assertInstanceOf(Exception\ConfigException::class, $error);
        self::assertSame('tim\0eout: contains a NUL', $error->getMessage());
        $error = self::failure(static function (): void {
            self::client()->call("GET /v1/\0");
        });
        self::assertSame('operation', $error->getField());
    }

    public function testTheLibraryChecksOptionsInTheConstructor(): void
    {
        foreach (['base_url' => 'http://example.com', 'token' => '', 'timeout' => 'soon', 'charset' => 'BIG5',
            'ca_file' => '/nowhere/ca.pem', 'request_id' => "a\nb", 'proxy' => 'ftp://x', 'no_such_option' => 1] as $name => $value) {
            $error = self::failure(static function () use ($name, $value): void {
                self::client([$name => $value]);
            });
            self::assertInstanceOf(Exception\ConfigException::class, $error);
            self::assertSame($name, $error->getField());
        }
        $error = self::failure(static function (): void {
            self::client()->with(['timeout' => -1]);
        });
        self::assertSame('timeout', $error->getField());
        $error = self::failure(static function (): void {
            self::client()->with(['request_id' => str_repeat('x', 1000)]);
        });
        self::assertInstanceOf(Exception\ConfigException::class, $error);
        self::assertSame('request_id', $error->getField());
    }
}
