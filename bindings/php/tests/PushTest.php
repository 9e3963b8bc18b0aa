<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Backend\Finder;
use Wotrus\Exception\ArgumentException;
use Wotrus\Push;

/** PHP reads pushes without the library, with the same results. */
final class PushTest extends TestCase
{
    public function testTheDocumentsExampleIsRead(): void
    {
        $push = Push::parse((string) file_get_contents(self::top('tests/fixtures/push_order.json')));
        self::assertTrue($push->isOrder());
        self::assertSame('order', $push->action());
        self::assertSame('30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D', $push->orderId());
        self::assertTrue($push->isIssued());
        self::assertFalse($push->isRevoked());
    }

    public function testAnUnknownDataActionIsKept(): void
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
    public static function bodies(): array
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
            // Several spellings of a name.
            '{"dataAction":"order","ORDERID":"A1","OrderID":"A2"}', '{"dataAction":"order","orderID":"A1","OrderID":"A2"}',
            '{"dataAction":"order","OrderID":"A1","orderID":"A2"}', '{"dataAction":"order","OrderID":"A1","ORDERID":"A3","orderID":"A2","orderid":"A4"}',
            '{"dataAction":"x","data":{"STATUS":"a","Status":"b","ID":1,"Id":2,"id":3,"x":[{"CN":1,"Cn":2},{"CN":1,"cn":2},{"cn":1,"Cn":2}]}}',
            '{"dataAction":"order"}', '{"dataAction":7}', '{"dataAction":{"a":1}}', '{"dataAction":null}',
            '', ' ', '[]', '[1]', '"x"', '7', 'null', '<html>', '{', '{}', " {}\n", "{}x", "{'a':1}", '{"a":1,}',
            "\xff", "{\"dataAction\":\"\xd6\xd0\"}", '{"dataAction":"news","n":1e999}',
            $id('"\ud800"'), $id('"A\udc00"'), $id('"A\ufffd"'), $id("\"A\u{fffd}\""), $id('"A\ud83d\ude00"'), $id('"\\\\ud800"'),
            '{"dataAction":"order","orderID":"A\ufffd","x":"\ud800"}', '{"dataAction":"x","orderID":"\ud800"}', '{"dataAction":"order\ud800","orderID":"A1"}',
            str_repeat('{"a":', 63) . '1' . str_repeat('}', 63), str_repeat('{"a":', 64) . '1' . str_repeat('}', 64),
            str_repeat('{"a":', 65) . '1' . str_repeat('}', 65), str_repeat('{"a":', 100) . '1' . str_repeat('}', 100),
            '{"dataAction":"order","orderID":"A1","x":' . str_repeat('[', 63) . str_repeat(']', 63) . '}',
            '{"dataAction":"order","orderID":"A1","x":' . str_repeat('[', 64) . str_repeat(']', 64) . '}',
            str_repeat('{"a":', 600) . '1' . str_repeat('}', 600),
        ]);
    }

    /**
     * @dataProvider bodies
     */
    public function testPhpAndTheLibraryReadAPushAlike(string $body): void
    {
        $backend = Finder::open(['token' => 'none'], (string) getenv('WOTRUS_TEST_WAY'), (string) getenv('WOTRUS_TEST_LIBRARY'));
        $reply = $backend->call('read_push', $body);
        if ($reply->status() !== 0) {
            $error = self::failure(static function () use ($body): void {
                Push::parse($body);
            });
            self::assertInstanceOf(ArgumentException::class, $error);
            self::assertSame($reply->values()['error']['field'], $error->getField());
            return;
        }
        $push = Push::parse($body);
        self::assertSame($reply->orderId(), $push->orderId());
        self::assertSame($reply->body(), $push->body());
        self::assertEquals($reply->values(), $push->fields());
    }

    public function testBooleansMayBeText(): void
    {
        foreach (['true' => true, '"True"' => true, '1' => true, '"1"' => true, '" true "' => true, '"\\ttrue"' => true, 'false' => false, '"no"' => false, 'null' => false] as $json => $is) {
            $push = Push::parse('{"dataAction":"order","orderID":"A1","isIssued":' . $json . ',"isRevoked":' . $json . '}');
            self::assertSame([$is, $is], [$push->isIssued(), $push->isRevoked()], (string) $json);
        }
    }

    /**
     * Bodies of an attacker. Reading them ends in a Push or a WotrusException, soon, on any PHP.
     *
     * @return array<string, array{0: string}>
     */
    public static function hostileBodies(): array
    {
        $id = static function (string $id): string {
            return '{"dataAction":"order","orderID":' . $id . '}';
        };
        $bom = "\xef\xbb\xbf";
        $spaces = str_repeat(' ', 200000);
        return [
            'surrogate' => [$id('"\ud800"')],
            'surrogate name' => ['{"\ud800":"\udc00\\\\ud800"}'],
            'BOMs' => [str_repeat($bom, 300000)],
            'BOMs and a push' => [str_repeat($bom, 300000) . $id('"A1"')],
            'part of a BOM' => [str_repeat($bom, 100000) . "\xef\xbb"],
            'blanks' => [$id('"A' . $spaces . 'B"')],
            'blanks around' => [$id('"' . $spaces . 'A1' . $spaces . '"')],
            'other blanks' => [$id('"A' . str_repeat("\u{3000}", 100000) . 'B"')],
            'white space' => [$spaces . $id('"A1"') . $spaces],
            'nested arrays' => [str_repeat('[', 200000)],
            'nested id' => [$id(str_repeat('[', 2000) . str_repeat(']', 2000))],
            'huge number' => [$id('1e999999')],
            'many digits' => [$id(str_repeat('9', 300000))],
            'negative zero' => [$id('-0')],
            'fraction' => [$id('0.' . str_repeat('1', 100000))],
            'boolean id' => [$id('true')],
            'action' => ['{"dataAction":["order"],"isIssued":{"a":[]}}'],
            'flags' => ['{"dataAction":"order","orderID":"A1","isIssued":[],"isRevoked":1e999}'],
            'empty name' => ['{"":{"":[{"":""}]}}'],
            'NULs' => ["\0\0{}"],
            'escaped NUL' => ['{"\u0000dataAction":"order","dataAction":"\u0000order"}'],
        ];
    }

    /**
     * @dataProvider hostileBodies
     */
    public function testHostileBodiesGiveNoOtherException(string $body): void
    {
        $file = $this->temporary($body);
        $script = 'require $argv[1];'
            . 'set_error_handler(static function ($level, $message) { throw new ErrorException($message); });'
            . 'try { $push = Wotrus\Push::parse(file_get_contents($argv[2])); echo "push ", $push->orderId();'
            . ' $push->isIssued(); $push->isRevoked(); $push->action(); }'
            . 'catch (Wotrus\Exception\ArgumentException $error) { echo "refused ", $error->getField(); }';
        foreach (['1', '0'] as $jit) {
            $start = microtime(true);
            [$status, $output] = self::php(['-d', "pcre.jit=$jit", '-r', $script, self::top('bindings/php/autoload.php'), $file]);
            self::assertSame(0, $status, $output);
            self::assertMatchesRegularExpression('/^(push |refused (push|orderID)$)/', $output);
            self::assertLessThan(5, microtime(true) - $start);
        }
    }

    public function testBlanksAroundAnIdAreRemoved(): void
    {
        $push = Push::parse(str_repeat("\xef\xbb\xbf", 1000) . '{"dataAction":"order","orderID":" \u3000\u00a0A 1\u2003\t"}');
        self::assertSame('A 1', $push->orderId());
    }
}
