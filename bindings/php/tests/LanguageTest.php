<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Client;
use Wotrus\Exception;
use Wotrus\Messages;
use Wotrus\Push;
use Wotrus\Testing\FakeClient;

/** The option lang: messages of exceptions in Chinese, by the library, the extension and PHP itself. */
final class LanguageTest extends TestCase
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

    private static function message(callable $call): string
    {
        try {
            $call();
        } catch (Exception\CallException $exception) {
            return $exception->getMessage();
        }
        self::fail('nothing was thrown');
    }

    /**
     * @return array<string, array{string, string, callable}>
     */
    public static function failures(): array
    {
        return [
            'a field' => ['orderID: is empty', 'orderID：为空', static function (Client $client): void {
                $client->queryOrder(' ');
            }],
            'a refusal' => ['the service refused: 订单不存在', '服务端拒绝了请求：订单不存在', static function (Client $client): void {
                $client->queryOrder('no such order');
            }],
            'idempotenceID' => [
                'idempotencyID: looks like a misspelt idempotenceID: an order has it as idempotenceID in orderinfoPost',
                'idempotencyID：疑似 idempotenceID 的误写：订单的幂等值是 orderinfoPost 中的 idempotenceID',
                static function (Client $client): void {
                    $client->createOrder(['idempotencyID' => 'x'] + self::order('zh-'));
                },
            ],
            'text' => ['reason: is not UTF-8', 'reason：不是 UTF-8 编码', static function (Client $client): void {
                $client->cancelOrder('A1', "\xce\xd6\xcd");
            }],
            'an object' => [
                'order: is neither an array nor a request object',
                'order：既不是数组也不是请求对象',
                static function (Client $client): void {
                    /** @phpstan-ignore-next-line */
                    $client->createOrder('order');
                },
            ],
            'NUL' => ['operation: contains a NUL', 'operation：包含 NUL 字符', static function (Client $client): void {
                $client->call("GET /v1\0");
            }],
        ];
    }

    /**
     * @dataProvider failures
     */
    public function testMessagesAreInTheLanguageOfTheClient(string $english, string $chinese, callable $call): void
    {
        $client = self::client();
        foreach ([[$client, $english], [self::client(['lang' => 'zh']), $chinese], [$client->with(['lang' => 'zh']), $chinese]] as [$of, $message]) {
            self::assertSame($message, self::message(static function () use ($call, $of): void {
                $call($of);
            }));
        }
    }

    public function testRefusedOptionsAreDescribedInTheLanguageOfTheSameOptions(): void
    {
        foreach ([
            ['timeout：应为秒数，例如 2.5', ['timeout' => 'soon', 'lang' => 'zh']],
            ['timeout：应为秒数，例如 2.5', ['lang' => 'zh', 'timeout' => 'soon']],
            ['lang: is neither en nor zh', ['lang' => 'fr']],
            ['retries：既不是文本也不是数字', ['lang' => 'zh', 'retries' => []]],
            ["user_agent：包含 NUL 字符", ['lang' => 'zh', 'user_agent' => "a\0b"]],
            ['logger：不是 Psr\Log\LoggerInterface', ['lang' => 'zh', 'logger' => 7]],
            ['backend：不是 extension, ffi 之一', ['lang' => 'zh', 'backend' => 'soap']],
            ['nonsense：不是选项名称', ['lang' => 'zh', 'nonsense' => '1']],
        ] as [$message, $options]) {
            self::assertSame($message, self::message(static function () use ($options): void {
                self::client($options);
            }));
        }
        self::assertSame('retries：不是整数，或者过大', self::message(static function (): void {
            self::client(['lang' => 'zh'])->with(['retries' => 'two']);
        }));
    }

    public function testWithKeepsTheLanguage(): void
    {
        foreach (['zh' => 'reason：不是 UTF-8 编码', 'en' => 'reason: is not UTF-8'] as $lang => $message) {
            $client = self::client(['lang' => $lang])->with(['timeout' => 5]);
            self::assertSame($message, self::message(static function () use ($client): void {
                $client->cancelOrder('A1', "\xff");
            }));
        }
    }

    public function testMessagesAreInTheCharsetOfTheClient(): void
    {
        $client = self::client(['lang' => 'zh', 'charset' => 'GB18030']);
        foreach (['orderID：为空' => ' ', 'orderID：不是 GB18030 编码' => "\xff"] as $message => $id) {
            self::assertSame($message, iconv('GB18030', 'UTF-8', self::message(static function () use ($client, $id): void {
                $client->queryOrder($id);
            })));
        }
    }

    public function testARefusedCharsetIsReportedInTheCharsetOfTheClient(): void
    {
        foreach (['GB18030', 'UTF-8'] as $charset) {
            $client = self::client(['lang' => 'zh', 'charset' => $charset]);
            foreach (['GBK', ''] as $refused) {
                $message = self::message(static function () use ($client, $refused): void {
                    $client->with(['charset' => $refused]);
                });
                self::assertSame('charset：既不是 UTF-8 也不是 GB18030（GBK 和 GB2312 的超集）', iconv($charset, 'UTF-8', $message));
            }
        }
    }

    public function testAGatewaysPageIsQuotedAsPlainText(): void
    {
        foreach (['en' => 'an HTML or XML tag', 'zh' => '此处是 HTML 或 XML 标签'] as $lang => $reason) {
            $client = self::client(['token' => 'html', 'base_url' => self::$service->url, 'ca_file' => null, 'retries' => 0, 'lang' => $lang]);
            $message = self::message(static function () use ($client): void {
                $client->queryOrder('A1');
            });
            self::assertStringContainsString($reason, $message);
            self::assertStringContainsString('502 Bad Gateway', $message);
            self::assertStringNotContainsString('<', $message);
        }
    }

    public function testTheFakeClientHasLanguagesToo(): void
    {
        $fake = new FakeClient(['lang' => 'zh']);
        self::assertSame('order：既不是数组也不是请求对象', self::message(static function () use ($fake): void {
            /** @phpstan-ignore-next-line */
            $fake->createOrder(7);
        }));
        $fake->willFail('network', ['message' => '无法连接']);
        self::assertSame('无法连接', self::message(static function () use ($fake): void {
            $fake->queryOrder('A1');
        }));
    }

    public function testAnExceptionWithoutAClientCanBeShownInChinese(): void
    {
        try {
            Push::parse('{"dataAction":"order","orderID":"' . str_repeat('x', 129) . '"}');
            self::fail('nothing was thrown');
        } catch (Exception\ArgumentException $exception) {
            self::assertSame('orderID: is longer than 128 bytes', $exception->getMessage());
            self::assertSame('orderID：超过 128 字节', $exception->inChinese()->getMessage());
        }
        foreach (['push：不是 JSON 对象' => '[]', 'push：不是 UTF-8 编码' => "\xff", 'orderID：为空' => '{"dataAction":"order"}'] as $message => $body) {
            self::assertSame($message, self::message(static function () use ($body): void {
                Push::parse($body, 'zh');
            }));
        }
    }

    public function testAnUnknownLanguageOfAPushIsRefused(): void
    {
        foreach (['zh_CN', 'ZH', 'fr', ''] as $lang) {
            try {
                Push::parse('{"dataAction":"news"}', $lang);
                self::fail('nothing was thrown');
            } catch (Exception\ArgumentException $exception) {
                self::assertSame('lang', $exception->getField());
                self::assertSame('lang: is neither en nor zh', $exception->getMessage());
                self::assertSame('lang：既不是 en 也不是 zh', $exception->inChinese()->getMessage());
            }
        }
    }

    public function testTheReasonsWhyNoBackendCanBeUsedAreInTheLanguageOfTheOptions(): void
    {
        foreach (['UTF-8', 'GB18030'] as $charset) {
            $message = self::message(static function () use ($charset): void {
                self::client(['lang' => 'zh', 'charset' => $charset, 'backend' => 'ffi', 'library' => __FILE__]);
            });
            self::assertSame(
                '当前 PHP 无法使用 libwotrus。ffi：' . __FILE__ . ' 不是动态库（请以二进制模式重新复制）。请运行 bin/wotrus-doctor 查看详情。',
                $charset === 'UTF-8' ? $message : iconv('GB18030', 'UTF-8', $message)
            );
        }
    }

    public function testEveryMessageOfPhpAndTheExtensionHasAChineseText(): void
    {
        $files = array_merge(
            (array) glob(self::top('bindings/php/src/*.php')),
            (array) glob(self::top('bindings/php/src/Backend/*.php')),
            (array) glob(self::top('bindings/php/ext/*.c'))
        );
        $sources = implode('', array_map('file_get_contents', $files));
        preg_match_all('/CallException::(?:argument|config|file|certificate)\([^,]*,\s*\'((?:[^\'\\\\]|\\\\.)* (?:[^\'\\\\]|\\\\.)*)\'/', $sources, $ofPhp);
        preg_match_all('/wotrus_mistaken\([^"]*(?:"[^"]*"|name), \w+, "([^"]*)"\)/', $sources, $ofExtension);
        preg_match_all('/const PROBLEM = \'(.*)\';/', $sources, $named);
        $found = array_map('stripslashes', array_merge($ofPhp[1], $named[1]));
        // The text of a class name has a backslash of its own.
        $found = array_merge(str_replace('PsrLogLog', 'Psr\Log\Log', $found), $ofExtension[1]);
        preg_match_all('/new Refusal\(\s*\'([^\']*)\',\s*\'([^\']*)\'/', $sources, $refusals);
        self::assertSame(substr_count($sources, 'new Refusal('), count($refusals[0]));
        // The system's own message has no text in another language.
        $found = array_merge($found, array_diff(array_merge($refusals[1], $refusals[2]), ['%1$s']));
        self::assertGreaterThan(40, count($found));
        self::assertSame([], array_values(array_diff($found, Messages::known())));
        foreach (Messages::known() as $problem) {
            preg_match_all('/%(?:\d\$)?s/', $problem, $places);
            $chinese = (string) Messages::chinese($problem, ['<1>', '<2>', '<3>', '<4>']);
            self::assertSame(count($places[0]), preg_match_all('/<\d>/', $chinese), $problem);
        }
    }
}
