<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Backend\Finder;
use Wotrus\Exception\ArgumentException;
use Wotrus\Push;

/** Pushes are read in PHP, without the library; and exactly as the library reads them. */
final class PushTest extends TestCase
{
    public function testTheDocumentsOwn(): void
    {
        $push = Push::parse((string) file_get_contents(self::top('tests/fixtures/push_order.json')));
        self::assertTrue($push->isOrder());
        self::assertSame('order', $push->action());
        self::assertSame('30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D', $push->orderId());
        self::assertTrue($push->isIssued());
        self::assertFalse($push->isRevoked());
    }

    public function testAnUnknownKindIsKept(): void
    {
        $push = Push::parse('{"DataAction":"organization","x":[1]}');
        self::assertSame('organization', $push->action());
        self::assertNull($push->orderId());
        self::assertSame(['dataAction' => 'organization', 'x' => [1]], $push->fields());
        self::assertSame('{"DataAction":"organization","x":[1]}', $push->body());
        self::assertSame('', Push::parse('{}')->action());
    }

    /**
     * @return array<int, array{0: string}>
     */
    public function bodies(): array
    {
        $id = static function (string $id): string {
            return '{"dataAction":"order","orderID":' . $id . ',"isIssued":true}';
        };
        return array_map(static function (string $body): array {
            return [$body];
        }, [
            '{"dataAction":"order","orderID":"A1","isIssued":true,"isRevoked":false}',
            "\xef\xbb\xbf" . '{"DATAACTION":"Order","orderid":" A1 ","ISISSUED":"TRUE","isrevoked":1}',
            '{"dataAction":"order","orderID":"A1","isIssued":"yes","isRevoked":"0"}',
            '{"dataAction":"order","orderID":"A1","isIssued":null}',
            '{"dataAction":"order","orderID":"A1","isIssued":2,"isRevoked":" 1 "}',
            $id('17'), $id('""'), $id('" "'), $id('null'), $id('{}'), $id('".."'), $id('"a\u0001b"'),
            $id('"' . str_repeat('x', 128) . '"'), $id('"' . str_repeat('x', 129) . '"'),
            $id('"\u0085a"'), $id('"a\u0085b"'), $id('"A\u0000"'), $id('"\u3000沃通\u00a0"'), $id('12345678901234567890123'),
            '{"dataAction":"order"}', '{"dataAction":7}', '{"dataAction":{"a":1}}', '{"dataAction":null}',
            '', ' ', '[]', '[1]', '"x"', '7', 'null', '<html>', '{', '{}', " {}\n", "{}x", "{'a':1}", '{"a":1,}',
            "\xff", "{\"dataAction\":\"\xd6\xd0\"}", '{"dataAction":"news","n":1e999}',
            str_repeat('{"a":', 63) . '1' . str_repeat('}', 63),
            str_repeat('{"a":', 70) . '1' . str_repeat('}', 70),
        ]);
    }

    /**
     * @dataProvider bodies
     */
    public function testPhpAndTheLibraryReadItAlike(string $body): void
    {
        $backend = Finder::open(['token' => 'none'], (string) getenv('WOTRUS_TEST_WAY'), (string) getenv('WOTRUS_TEST_LIBRARY'));
        $reply = $backend->call('read_push', $body);
        if ($reply['status'] !== 0) {
            $error = self::failure(static function () use ($body): void {
                Push::parse($body);
            });
            self::assertInstanceOf(ArgumentException::class, $error);
            self::assertSame($reply['message'], $error->getMessage());
            return;
        }
        $push = Push::parse($body);
        self::assertSame($reply['order_id'], $push->orderId());
        self::assertSame($reply['json'], $push->body());
    }

    public function testBooleansMayComeAsText(): void
    {
        foreach (['true' => true, '"True"' => true, '1' => true, '"1"' => true, 'false' => false, '"no"' => false, 'null' => false] as $json => $is) {
            $push = Push::parse('{"dataAction":"order","orderID":"A1","isIssued":' . $json . ',"isRevoked":' . $json . '}');
            self::assertSame([$is, $is], [$push->isIssued(), $push->isRevoked()], (string) $json);
        }
    }
}
