<?php

declare(strict_types=1);

namespace Wotrus\Tests;

/** wotrus-doctor, on the command line and as a page; and the recipe it tries before it writes it. */
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

    public function testItSaysWhatWorks(): void
    {
        [$status, $said] = self::doctor([self::library()]);
        self::assertSame(0, $status, $said);
        $way = getenv('WOTRUS_TEST_WAY');
        self::assertMatchesRegularExpression("/^works    $way +libwotrus \\d/m", $said);
        self::assertStringContainsString("takes the way: $way.", $said);
        self::assertMatchesRegularExpression('/^works    charset +GB18030/m', $said);
    }

    public function testItSaysWhatIsMissingAndWhatToDo(): void
    {
        [$status, $said] = self::php(['-n', dirname(__DIR__) . '/bin/wotrus-doctor', '--library=/nowhere']);
        if (getenv('WOTRUS_TEST_WAY') === 'extension') {
            self::assertSame(0, $status, $said);
        } else {
            self::assertSame(1, $status, $said);
            self::assertStringContainsString('cannot be used here', $said);
            self::assertMatchesRegularExpression("/^missing  extension .*\n +what to do: build it/m", $said);
        }
        self::assertSame(substr_count($said, 'missing  '), substr_count($said, 'what to do: '));
    }

    public function testAPageAsksTheWebServersPhp(): void
    {
        $service = new Service(dirname(__DIR__) . '/examples/doctor.php', array_merge(self::settings(), ['-d', 'ffi.enable=preload']));
        $said = $service->get();
        self::assertStringContainsString('(cli-server)', $said);
        self::assertStringContainsString('this is the SAPI cli-server', $said);
        self::assertStringNotContainsString('This is the PHP of the command line', $said);
    }

    public function testWhatIsNoOptionIsRefused(): void
    {
        foreach ([['--nope'], ['what'], ['preload', 'a', 'b']] as $arguments) {
            [$status, $said] = self::doctor($arguments);
            self::assertSame(2, $status);
            self::assertStringContainsString('usage: wotrus-doctor', $said);
        }
        self::assertSame(0, self::doctor(['--help'])[0]);
    }

    public function testTheRecipeIsWrittenWhenItWorks(): void
    {
        if (!extension_loaded('ffi')) {
            self::assertSame(1, self::doctor(['preload', self::library()])[0]);
            return;
        }
        $folder = $this->folder();
        $ini = "$folder/99-wotrus.ini";
        [$status, $said] = self::doctor(['preload', self::library(), '--user=nobody', $ini]);
        self::assertSame(0, $status, $said);
        $settings = parse_ini_file($ini);
        self::assertSame('preload', $settings['ffi.enable']);
        self::assertSame("$folder/wotrus-preload.h", $settings['ffi.preload']);

        // A PHP that has the settings by this ini alone takes the scope.
        $script = 'require $argv[1]; echo (new Wotrus\Client(["token" => "x", "backend" => "scope"]))->backend();';
        $arguments = ['-d', 'opcache.enable_cli=1', '-r', $script, self::top('bindings/php/autoload.php')];
        foreach (array_reverse($settings) as $name => $value) {
            array_unshift($arguments, '-d', "$name=$value");
        }
        self::assertSame([0, 'scope'], self::php($arguments));
        $this->remove($folder);
    }

    public function testTheRecipeIsPrintedWithoutAnIni(): void
    {
        if (!extension_loaded('ffi')) {
            self::assertSame(1, self::doctor(['preload', self::library()])[0]);
            return;
        }
        [$status, $said] = self::doctor(['preload', self::library(), '--user=nobody']);
        self::assertSame(0, $status, $said);
        self::assertStringContainsString('#define FFI_SCOPE "wotrus"', $said);
        self::assertStringContainsString('opcache.preload=', $said);
    }

    public function testABadRecipeIsNeverWritten(): void
    {
        $folder = $this->folder();
        $ini = "$folder/99-wotrus.ini";
        file_put_contents($ini, "ffi.enable=preload\n");
        $bad = [
            [['--library=/nowhere/libwotrus.so.1'], []],
            [[self::library(), '--user=no-such-user'], []],
            [[self::library(), '--user=nobody'], ['-d', 'ffi.enable=0']],
            [['--library=' . $this->temporary('no library')], []],
        ];
        foreach ($bad as [$arguments, $settings]) {
            [$status, $said] = self::doctor(array_merge(['preload'], $arguments, [$ini]), $settings);
            self::assertSame(1, $status, $said);
            self::assertStringContainsString('Nothing was written.', $said);
            self::assertStringContainsString('what to do: ', $said);
            self::assertSame("ffi.enable=preload\n", file_get_contents($ini));
            self::assertSame(['.', '..', '99-wotrus.ini'], scandir($folder));
        }
        $this->remove($folder);
        [$status, $said] = self::doctor(['preload', self::library(), '--user=nobody', '/nowhere/99-wotrus.ini']);
        self::assertSame(1, $status, $said);
    }

    private function folder(): string
    {
        $folder = sys_get_temp_dir() . '/' . uniqid('wotrus-');
        mkdir($folder);
        return $folder;
    }

    private function remove(string $folder): void
    {
        array_map('unlink', (array) glob("$folder/*"));
        rmdir($folder);
    }
}
