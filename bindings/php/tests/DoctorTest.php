<?php

declare(strict_types=1);

namespace Wotrus\Tests;

/** wotrus-doctor, on the command line and as a web page. */
final class DoctorTest extends TestCase
{
    /**
     * @param string[] $arguments
     * @param string[] $settings
     * @return array{0: int, 1: string}
     */
    private static function doctor(array $arguments, array $settings = []): array
    {
        return self::php(array_merge($settings, [dirname(__DIR__) . '/bin/wotrus-doctor'], $arguments));
    }

    private static function library(): string
    {
        return '--library=' . getenv('WOTRUS_TEST_LIBRARY');
    }

    public function testItReportsWhatWorks(): void
    {
        [$status, $output] = self::doctor([self::library()]);
        self::assertSame(0, $status, $output);
        $way = getenv('WOTRUS_TEST_WAY');
        self::assertMatchesRegularExpression("/^works    $way +libwotrus \\d/m", $output);
        self::assertStringContainsString("Wotrus\\Client uses: $way.", $output);
        self::assertMatchesRegularExpression('/^works    charset +GB18030/m', $output);
    }

    public function testItReportsWhatIsMissingAndWhatToDo(): void
    {
        [$status, $output] = self::php(array_merge(self::withoutIniFiles(), [dirname(__DIR__) . '/bin/wotrus-doctor', '--library=/nowhere']));
        if (getenv('WOTRUS_TEST_WAY') === 'extension') {
            self::assertSame(0, $status, $output);
        } else {
            self::assertSame(1, $status, $output);
            self::assertStringContainsString('Wotrus\Client cannot be used', $output);
            self::assertMatchesRegularExpression("/^missing  extension .*\n +what to do: build it/m", $output);
        }
        self::assertSame(substr_count($output, 'missing  '), substr_count($output, 'what to do: '));
    }

    public function testThePageExaminesTheWebServersPhp(): void
    {
        $service = new Service(dirname(__DIR__) . '/examples/doctor.php', array_merge(self::settings(), ['-d', 'ffi.enable=preload']));
        $output = $service->get();
        self::assertStringContainsString('(cli-server)', $output);
        self::assertStringContainsString('this is the SAPI cli-server', $output);
        self::assertStringNotContainsString('This is the PHP of the command line', $output);
    }

    public function testUnknownArgumentsAreRefused(): void
    {
        foreach ([['--nope'], ['what'], ['preload'], ['preload', 'a', 'b']] as $arguments) {
            [$status, $output] = self::doctor($arguments);
            self::assertSame(2, $status);
            self::assertStringContainsString('usage: wotrus-doctor', $output);
        }
        self::assertSame(0, self::doctor(['--help'])[0]);
    }

    public function testSettingsOfEarlierVersionsAreNamed(): void
    {
        if (!extension_loaded('ffi')) {
            self::markTestSkipped('no FFI');
        }
        $script = dirname(__DIR__) . '/preload.php';
        $header = $this->temporary("#define FFI_SCOPE \"wotrus\"\nint getpid(void);\n", '-wotrus-preload.h');
        [, $output] = self::doctor([self::library()], ['-d', "ffi.preload=$header", '-d', "opcache.preload=$script"]);
        self::assertStringContainsString("ffi.preload=$header", $output);
        self::assertStringContainsString("opcache.preload=$script", $output);
        self::assertSame(2, substr_count($output, 'remove this line from php.ini'));
        [, $output] = self::doctor([self::library()], ['-d', 'opcache.preload=/srv/site/preload.php']);
        self::assertStringNotContainsString('remove this line', $output);
    }

    public function testThePreloadScriptOfEarlierVersionsStillLoads(): void
    {
        $settings = ['-d', 'opcache.enable_cli=1', '-d', 'opcache.preload=' . dirname(__DIR__) . '/preload.php', '-d', 'opcache.preload_user=nobody'];
        self::assertSame([0, 'runs'], self::php(array_merge($settings, ['-r', 'echo "runs";'])));
    }
}
