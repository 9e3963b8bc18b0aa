<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Exception\RefusedException;
use Wotrus\Exception\UnavailableException;

/** Every operation, against the sandbox. */
final class ClientTest extends TestCase
{
    public function testTheBackendIsTheOneUnderTest(): void
    {
        self::assertSame(getenv('WOTRUS_TEST_WAY'), self::client()->backend());
        self::assertMatchesRegularExpression('/^\d+\.\d+\.\d+/', self::client()->libraryVersion());
    }

    public function testTheLifeCycleOfAnOrder(): void
    {
        $client = self::client();
        $created = $client->createOrder(self::order('life-'));
        $id = $created['order_id'];
        self::assertSame($created['orderID'], $id);
        self::assertNotSame('', $created['request_id']);
        self::assertSame(1, $created['attempts']);

        $order = $client->queryOrder($id);
        self::assertSame($id, $order['id']);
        self::assertSame('沃通电子认证服务有限公司', $order['org']['orgName']);
        self::assertSame(12, $order['duration']);
        self::assertTrue($order['isCSRSubmited']);

        $answer = $client->waitForCertificate($id, 60);
        self::assertNull($answer['pem_Sign']);
        self::assertSame(['RSA'], array_keys($answer['certificates']));
        $rsa = $answer['certificates']['RSA'];
        self::assertSame(2, substr_count($rsa['full_chain'], 'BEGIN CERTIFICATE'));
        self::assertStringStartsWith(trim($rsa['pem']), $rsa['full_chain']);
        self::assertSame($answer['chains_RSA'], $rsa['chain']);
        self::assertStringContainsString('BEGIN CERTIFICATE', $rsa['root']);
        self::assertSame("\x30\x82", substr((string) base64_decode((string) preg_replace('/-----.*-----/', '', $rsa['pem'])), 0, 2));
        self::assertSame($rsa->toArray(), $client->retrieveCertificate($id)['certificates']['RSA']->toArray());

        self::assertTrue($client->notifyByEmail($id, 'https://example.com/collect')['sentResult']);

        $reissued = $client->reissueCertificate([
            'orderID' => $id,
            'csr' => self::csr(),
            'reason' => '换服务器',
            'idempotenceID' => uniqid('reissue-'),
        ]);
        self::assertSame($reissued['newOrderID'], $reissued['order_id']);

        $revoked = $client->revokeCertificate(['orderID' => $id, 'reason' => '不再使用', 'path' => self::licence()]);
        self::assertSame('pendingAudit', $revoked['revokeStatus']);
        self::assertFalse($revoked['revoked']);
    }

    public function testASecondCancellationIsRefused(): void
    {
        $client = self::client();
        $id = $client->createOrder(self::order('cancel-'))['order_id'];
        self::assertTrue($client->cancelOrder($id, '客户取消')['cancelResult']);
        $error = self::failure(static function () use ($client, $id): void {
            $client->cancelOrder($id, '再来一次');
        });
        self::assertInstanceOf(RefusedException::class, $error);
        self::assertSame('answered', $error->getDelivery());
    }

    public function testTheSameIdempotenceIdGivesTheSameOrder(): void
    {
        $order = self::order('same-');
        $first = self::client()->createOrder($order);
        $second = self::client()->createOrder($order);
        self::assertSame($first['order_id'], $second['order_id']);
    }

    public function testADocumentCanBeGivenAsBytes(): void
    {
        $order = self::order('bytes-');
        $order['documentsPost'] = [[
            'documentType' => 1,
            'fileType' => '.pdf',
            'fileContent' => base64_encode((string) file_get_contents(self::licence())),
        ]];
        self::assertNotSame('', self::client()->createOrder($order)['order_id']);
    }

    public function testOtherEndpointsCanBeCalled(): void
    {
        $client = self::client();
        $id = $client->createOrder(self::order('call-'))['order_id'];
        $answer = $client->call("GET /v1/Order/$id");
        self::assertTrue($answer['isSuccess']);
        self::assertSame($id, $answer['data']['id']);
        self::assertNull($answer['page']);
        $answer = $client->call('POST /v1/Order/Cancel', ['orderID' => $id, 'reason' => 'a mistake']);
        self::assertTrue($answer['data']['cancelResult']);
    }

    public function testWithGivesOptionsToSomeCalls(): void
    {
        $client = self::client();
        $id = $client->createOrder(self::order('with-'))['order_id'];
        $mine = $client->with(['request_id' => 'ticket-42', 'timeout' => 20.5, 'retries' => 0]);
        self::assertSame('ticket-42', $mine->queryOrder($id)['request_id']);
        self::assertNotSame('ticket-42', $client->queryOrder($id)['request_id']);
        unset($client);
        self::assertSame($id, $mine->queryOrder($id)['id']);
        $error = self::failure(static function () use ($mine): void {
            $mine->with(['base_url' => 'https://example.com']);
        });
        self::assertSame('base_url', $error->getField());
    }

    public function testAClientWorksInBothProcessesAfterAFork(): void
    {
        $client = self::client();
        $id = $client->createOrder(self::order('fork-'))['order_id'];
        $child = pcntl_fork();
        if ($child === 0) {
            $good = 0;
            for ($i = 0; $i < 20; $i++) {
                $good += $client->queryOrder($id)['id'] === $id ? 1 : 0;
            }
            // A signal ends the child without PHPUnit's destructors and handlers.
            posix_kill(getmypid(), $good === 20 ? SIGUSR1 : SIGKILL);
        }
        for ($i = 0; $i < 20; $i++) {
            self::assertSame($id, $client->queryOrder($id)['id']);
        }
        pcntl_waitpid($child, $status);
        self::assertSame(SIGUSR1, pcntl_wtermsig($status));
    }

    public function testReferencesInAnOrderAreReadAndStayAsTheyAre(): void
    {
        $name = '沃通';
        $order = self::order('references-');
        $order['orderinfoPost']['commonName'] = &$name;
        $part = &$order['organizationPost'];
        $before = (string) json_encode($order);
        self::assertSame('沃通', self::client()->queryOrder((string) self::client()->createOrder($order)->order_id)->cn);
        self::assertSame($before, json_encode($order));
        $part['OrgName'] = 'changed later';
        self::assertSame('changed later', $order['organizationPost']['OrgName']);
        $endless = self::order('endless-');
        $endless['orderinfoPost']['more'] = &$endless['orderinfoPost'];
        $error = self::failure(static function () use ($endless): void {
            self::client()->createOrder($endless);
        });
        self::assertSame('not_sent', $error->getDelivery());
    }

    public function testCallsCanBeMadeWhileAnotherCallIsLoggedAndWhileCyclesAreFreed(): void
    {
        $seen = new \ArrayObject();
        $inner = self::client();
        $logger = new class ($seen, $inner) {
            private \ArrayObject $seen;
            private \Wotrus\Client $client;

            public function __construct(\ArrayObject $seen, \Wotrus\Client $client)
            {
                $this->seen = $seen;
                $this->client = $client;
            }

            public function log(): void
            {
                $this->query();
            }

            public function __destruct()
            {
                $this->query();
            }

            private function query(): void
            {
                try {
                    $this->client->queryOrder('no such order');
                } catch (RefusedException $error) {
                    $this->seen[] = $error->getDelivery();
                }
            }
        };
        $client = $inner->with(['logger' => $logger]);
        $order = $client->createOrder(self::order('nested-'));
        self::assertSame($order['orderID'], $client->queryOrder((string) $order->order_id)->id);
        self::assertSame(['answered', 'answered'], $seen->getArrayCopy());
        // Only the collector of cycles frees these two.
        $cycle = new \stdClass();
        $cycle->own = [$cycle, $logger, $client];
        unset($cycle, $logger, $client);
        gc_collect_cycles();
        self::assertSame(['answered', 'answered', 'answered'], $seen->getArrayCopy());
    }

    public function testTheTokenIsNeitherDumpedNorInTraces(): void
    {
        $token = 'tk_do_not_show_me';
        $client = self::client(['token' => $token]);
        $error = self::failure(static function () use ($client): void {
            $client->queryOrder('x');
        });
        ob_start();
        var_dump($client);
        $shown = ob_get_clean() . print_r($client, true) . var_export($error->getMessage(), true);
        self::assertStringNotContainsString($token, $shown . $error);
    }

    public function testNoExceptionContainsTheToken(): void
    {
        $token = 'tk_do_not_show_me';
        // Frameworks print traces with the arguments of the calls.
        $old = ini_set('zend.exception_ignore_args', '0');
        $calls = [
            'unavailable' => static function () use ($token): void {
                self::client(['token' => $token, 'backend' => 'ffi', 'library' => '/nowhere/libwotrus.so.1']);
            },
            'no extension' => static function () use ($token): void {
                self::client(['token' => $token, 'library' => '/nowhere/libwotrus.so.1', 'ca_file' => []]);
            },
            'backend' => static function () use ($token): void {
                self::client(['token' => $token, 'backend' => 'none']);
            },
            'ca_file' => static function () use ($token): void {
                self::client(['token' => $token, 'ca_file' => '/nowhere/ca.pem'])->queryOrder('A1');
            },
            'NUL' => static function () use ($token): void {
                self::client(['token' => "$token\0"]);
            },
            'charset' => static function () use ($token): void {
                self::client(['token' => $token, 'charset' => 'BIG5'])->with(['timeout' => 1])->queryOrder('A1');
            },
            'answer' => static function () use ($token): void {
                $service = new Service(__DIR__ . '/service/router.php');
                self::client(['token' => $token, 'base_url' => $service->url, 'ca_file' => null])->queryOrder('A1');
            },
        ];
        foreach ($calls as $name => $call) {
            $error = self::failure($call);
            self::assertNotSame([], $error->getTrace(), $name);
            for ($each = $error; $each !== null; $each = $each->getPrevious()) {
                self::assertStringNotContainsString($token, print_r($each->getTrace(), true), $name);
                self::assertStringNotContainsString($token, (string) $each, $name);
            }
            foreach ($error instanceof UnavailableException ? $error->getRefusals() : [] as $refusal) {
                self::assertStringNotContainsString($token, print_r($refusal->getTrace(), true) . $refusal, $name);
            }
            self::assertStringNotContainsString($token, print_r((array) $error, true), $name);
        }
        ini_set('zend.exception_ignore_args', (string) $old);
    }

    public function testFreedClientsFreeTheirMemory(): void
    {
        $resident = static function (): int {
            preg_match('/^VmRSS:\s+(\d+)/m', (string) file_get_contents('/proc/self/status'), $match);
            return (int) $match[1];
        };
        $use = static function (): void {
            for ($i = 0; $i < 300; $i++) {
                self::failure(static function (): void {
                    self::client()->with(['retries' => 1])->queryOrder('');
                });
            }
        };
        $use();
        $before = $resident();
        $use();
        $use();
        self::assertLessThan(1024, $resident() - $before, 'KiB');
    }
}
