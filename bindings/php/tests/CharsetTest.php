<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Charset;
use Wotrus\Exception\ArgumentException;
use Wotrus\Exception\ConfigException;
use Wotrus\Exception\RefusedException;
use Wotrus\RequestBody;

/** The option charset: GBK text in and out; invalid text is refused, naming its field. */
final class CharsetTest extends TestCase
{
    /** 誠 ends in a backslash in GBK, ñ takes four bytes in GB18030, 😀 is beyond the BMP. */
    private const NAMES = ['沃通电子', '誠信', '一誠', '功能許蓋', 'ñandú 公司', '😀公司', 'plain', "a\"b\\c\nd"];

    /**
     * @param array<string, mixed> $order
     * @return array<string, mixed>
     */
    private static function gbk(array $order): array
    {
        array_walk_recursive($order, static function (&$value): void {
            $value = is_string($value) ? iconv('UTF-8', 'GB18030', $value) : $value;
        });
        return $order;
    }

    public function testObjectsAreSentAlikeInEveryCharset(): void
    {
        $self = new class () implements \JsonSerializable {
            /** @var string */
            public $name = 'x';
            /** @var string */
            protected $hidden = 'y';

            #[\ReturnTypeWillChange]
            public function jsonSerialize()
            {
                return $this;
            }
        };
        $fields = ['self' => $self, 'closure' => static function (): void {
        }, 'storage' => new \ArrayObject(['a' => $self]), 'date' => new \DateTime('2020-01-01'), 'empty' => new \stdClass()];
        $expected = json_decode((string) json_encode($fields), true);
        $service = new Service(__DIR__ . '/service/router.php');
        foreach (['UTF-8', 'GB18030'] as $charset) {
            $client = self::client(['token' => 'echo', 'base_url' => $service->url, 'ca_file' => null, 'charset' => $charset]);
            self::assertSame($expected, $client->call('POST /v1/x', $fields)['data']['sent'], $charset);
        }
    }

    public function testTheTestTextHasASecondByteThatIsABackslash(): void
    {
        self::assertSame("\xd5\x5c", iconv('UTF-8', 'GB18030', '誠'));
        self::assertSame(4, strlen((string) iconv('UTF-8', 'GB18030', 'ñ')));
    }

    public function testAnOrderIsSentAndReadInGbk(): void
    {
        $client = self::client(['charset' => 'GB18030']);
        foreach (self::NAMES as $name) {
            $created = $client->createOrder(self::gbk(self::order('gbk-', $name)));
            $order = $client->queryOrder($created['order_id']);
            self::assertSame(iconv('UTF-8', 'GB18030', $name), $order['org']['orgName']);
            // A client in UTF-8 reads what the service got.
            self::assertSame($name, self::client()->queryOrder($created['order_id'])['org']['orgName']);
            self::assertTrue($client->cancelOrder($created['order_id'], iconv('UTF-8', 'GB18030', $name))['cancelResult']);
        }
    }

    public function testPhpAndTheLibraryConvertEveryCharacterAlike(): void
    {
        // The library itself writes the id of this error in GB18030.
        $client = self::client(['charset' => 'gb18030', 'base_url' => 'http://127.0.0.1:1', 'retries' => 0]);
        foreach (['一丁七万丈三', '鿕㐀䶵', 'äöüß€', '。，、；：？！…—·', '😀𠀀'] as $text) {
            $order = self::order('x', $text);
            $order['orderinfoPost']['idempotenceID'] = $text;
            $error = self::failure(static function () use ($client, $order): void {
                $client->createOrder(self::gbk($order));
            });
            self::assertSame($text, iconv('GB18030', 'UTF-8', (string) $error->getIdempotenceId()));
        }
    }

    public function testNamesOfFieldsAreInGbkToo(): void
    {
        $service = new Service(__DIR__ . '/service/router.php');
        $client = self::client(['charset' => 'GB18030', 'token' => 'echo', 'base_url' => $service->url, 'ca_file' => null]);
        $sent = ["\xd5\x5c" => ["\xd5\x5c\xd0\xc5" => "\xd5\x5c", 5 => 'x']];
        self::assertSame($sent, $client->call('POST /v1/Other', $sent)['data']['sent']);
        $json = RequestBody::json('POST /v1/Other', $sent, Charset::named('GB18030'));
        self::assertSame(['誠' => ['誠信' => '誠', 5 => 'x']], json_decode($json, true));
    }

    public function testTheServicesMessageIsInGbk(): void
    {
        $error = self::failure(static function (): void {
            self::client(['charset' => 'GB18030'])->queryOrder('nothing');
        });
        self::assertInstanceOf(RefusedException::class, $error);
        self::assertSame('订单不存在', iconv('GB18030', 'UTF-8', (string) $error->getServiceMessage()));
        self::assertStringContainsString((string) $error->getServiceMessage(), $error->getMessage());
    }

    public function testInvalidTextIsRefusedNamingTheField(): void
    {
        foreach (['UTF-8' => "\xce\xd6\xcd\xa8", 'GB18030' => "\xff\xff"] as $charset => $bad) {
            $client = self::client(['charset' => $charset]);
            $order = $charset === 'UTF-8' ? self::order('bad-') : self::gbk(self::order('bad-'));
            foreach (['OrgName', 'street'] as $field) {
                $wrong = $order;
                $wrong['organizationPost'][$field] = $bad;
                $error = self::failure(static function () use ($client, $wrong): void {
                    $client->createOrder($wrong);
                });
                self::assertInstanceOf(ArgumentException::class, $error);
                self::assertSame($field, $error->getField());
                self::assertSame("$field: is not $charset", $error->getMessage());
            }
            $error = self::failure(static function () use ($client, $bad): void {
                $client->cancelOrder('A1', $bad);
            });
            self::assertSame('reason', $error->getField());
        }
    }

    public function testATruncatedCharacterIsRefused(): void
    {
        // Also with an error handler that turns notices into exceptions.
        set_error_handler(static function (int $level, string $message): bool {
            throw new \ErrorException($message);
        });
        foreach (["\xce", "abc\x81", "\x81\x30\x81"] as $cut) {
            $error = self::failure(static function () use ($cut): void {
                self::client(['charset' => 'GB18030'])->cancelOrder('A1', $cut);
            });
            self::assertSame('reason', $error->getField());
        }
        restore_error_handler();
    }

    public function testWithCanSetTheCharset(): void
    {
        $client = self::client();
        $id = $client->createOrder(self::order('own-', '誠信'))['order_id'];
        $gbk = $client->with(['charset' => 'GB18030']);
        self::assertSame("\xd5\x5c\xd0\xc5", $gbk->queryOrder($id)['org']['orgName']);
        self::assertSame('誠信', $client->queryOrder($id)['org']['orgName']);
    }

    public function testOtherCharsetsAreRefused(): void
    {
        $error = self::failure(static function (): void {
            self::client(['charset' => 'BIG5'])->queryOrder('A1');
        });
        self::assertInstanceOf(ConfigException::class, $error);
        self::assertSame('charset', $error->getField());
    }

    public function testAPathIsConvertedToUtf8(): void
    {
        $folder = sys_get_temp_dir() . '/' . uniqid('wotrus-');
        $utf8 = "$folder/营业执照.pdf";
        mkdir($folder);
        copy(self::licence(), $utf8);
        $order = self::gbk(self::order('path-'));
        $order['documentsPost'][0]['path'] = iconv('UTF-8', 'GB18030', $utf8);
        $client = self::client(['charset' => 'GB18030']);
        self::assertNotSame('', $client->createOrder($order)['order_id']);
        rename($utf8, iconv('UTF-8', 'GB18030', $utf8));
        $error = self::failure(static function () use ($client, $order): void {
            $client->createOrder($order);
        });
        unlink(iconv('UTF-8', 'GB18030', $utf8));
        rmdir($folder);
        self::assertSame('path', $error->getField());
        self::assertStringContainsString('name of the file on disk', $error->getMessage());
    }

    public function testMbstringReplacesIconv(): void
    {
        [$status, $output] = self::php(['-d', 'disable_functions=iconv', '-r', 'require $argv[1];'
            . '$c = Wotrus\Charset::named("GB18030");'
            . 'echo $c->decode("\xd5\x5c\xd0\xc5", "x"), " ", bin2hex($c->encode("誠信"));'
            . 'try { $c->decode("\xff\xff", "street"); } catch (Exception $e) { echo " ", $e->getMessage(); }', self::top('bindings/php/autoload.php')]);
        self::assertSame([0, '誠信 d55cd0c5 street: is not GB18030'], [$status, $output]);
        [, $output] = self::php(['-d', 'disable_functions=iconv,mb_convert_encoding', '-r', 'require $argv[1];'
            . 'try { Wotrus\Charset::named("GB18030"); } catch (Exception $e) { echo $e->getMessage(); }', self::top('bindings/php/autoload.php')]);
        self::assertStringContainsString('iconv or mbstring', $output);
        self::assertTrue(Charset::named(null)->isUtf8());
    }
}
