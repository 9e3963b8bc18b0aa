<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Exception\UnavailableException;

/** The choice of the backend, and the reason why one cannot be used. */
final class BackendTest extends TestCase
{
    /**
     * The reasons that a PHP with these settings gives, by backend; "taken" is the backend it uses.
     *
     * @param string[] $settings
     * @return array<string, string>
     */
    private static function reasons(array $settings, ?string $library = null): array
    {
        $library = $library ?? (string) getenv('WOTRUS_TEST_LIBRARY');
        [$status, $output] = self::php(array_merge($settings, [__DIR__ . '/service/backends.php', $library]));
        self::assertSame(0, $status, $output);
        return json_decode($output, true);
    }

    /** A changed copy of the library. */
    private function changed(callable $change): string
    {
        return $this->temporary($change((string) file_get_contents((string) getenv('WOTRUS_TEST_LIBRARY'))), '.so.1');
    }

    public function testTheExtensionIsPreferred(): void
    {
        $reasons = self::reasons([]);
        self::assertSame(getenv('WOTRUS_TEST_WAY'), $reasons['taken']);
        if ($reasons['taken'] === 'ffi') {
            self::assertStringContainsString('extension wotrus is not loaded', $reasons['extension']);
        }
    }

    public function testAMissingFfiExtensionIsReported(): void
    {
        if (PHP_VERSION_ID >= 70400 && exec(PHP_BINARY . ' -n -m | grep -i ffi') === '') {
            self::assertStringContainsString('the extension FFI is not loaded', self::reasons(self::withoutIniFiles())['ffi']);
        } else {
            self::assertTrue(extension_loaded('ffi'));
        }
    }

    public function testADisabledFfiIsReported(): void
    {
        $reasons = self::reasons(['-d', 'ffi.enable=0']);
        self::assertSame('ffi.enable is off', $reasons['ffi']);
        self::assertSame('', self::reasons(['-d', 'ffi.enable=1'])['ffi']);
    }

    public function testScopeMeansFfi(): void
    {
        if (!extension_loaded('ffi')) {
            self::markTestSkipped('no FFI');
        }
        self::assertSame('ffi', self::client(['backend' => 'scope'])->backend());
    }

    public function testTheSapiIsReported(): void
    {
        $library = (string) getenv('WOTRUS_TEST_LIBRARY');
        foreach (['preload' => false, '1' => true] as $enable => $works) {
            $settings = ['-d', "ffi.enable=$enable", '-d', "user_agent=$library"];
            $service = new Service(__DIR__ . '/service/backends.php', array_merge(self::settings(), $settings));
            $reasons = json_decode($service->get(), true);
            self::assertSame($works, $reasons['ffi'] === '', $reasons['ffi']);
            if (!$works) {
                self::assertStringContainsString('ffi.enable=preload', $reasons['ffi']);
                self::assertStringContainsString('SAPI cli-server', $reasons['ffi']);
            }
        }
    }

    public function testAWrongPathIsReported(): void
    {
        self::assertSame('the library is not found at /nowhere/libwotrus.so.1', self::reasons([], '/nowhere/libwotrus.so.1')['ffi']);
        self::assertStringContainsString('not an absolute path', self::reasons([], 'libwotrus.so.1')['ffi']);
        $text = $this->temporary('this is not a library');
        self::assertSame("$text is not a shared library", self::reasons([], $text)['ffi']);
    }

    public function testAnotherArchitectureIsReported(): void
    {
        $file = $this->changed(static function (string $elf): string {
            return substr_replace($elf, pack('v', 183), 18, 2);
        });
        $reason = self::reasons([], $file)['ffi'];
        self::assertStringContainsString('architecture aarch64, but this PHP runs on ' . php_uname('m'), $reason);
    }

    public function testAnotherVersionOfGlibcIsReported(): void
    {
        $file = $this->changed(static function (string $elf): string {
            return (string) preg_replace('/GLIBC_2\.\d\d\0/', "GLIBC_9.99\0", $elf, 1);
        });
        self::assertMatchesRegularExpression('/needs glibc 9\.99, but this system has 2\.\d+/', self::reasons([], $file)['ffi']);
    }

    public function testAnotherAbiIsReported(): void
    {
        self::assertStringContainsString('has ABI 99, but this package needs ABI 1', self::reasons([], $this->stub(''))['ffi']);
        self::assertStringContainsString('wotrus_call', self::reasons([], $this->stub('wotrus_call'))['ffi']);
    }

    /** A library with ABI 99, without one of its functions. */
    private function stub(string $without): string
    {
        preg_match_all('/(wotrus_\w+)\(/', (string) file_get_contents(dirname(__DIR__) . '/src/wotrus.ffi.h'), $all);
        $source = 'int wotrus_abi(void) { return 99; } const char *wotrus_version(void) { return "9.0.0"; }';
        foreach (array_diff($all[1], ['wotrus_abi', 'wotrus_version', $without]) as $name) {
            $source .= " void $name(void) {}";
        }
        $file = $this->temporary('', '.so.1');
        exec('gcc -shared -fPIC -x c ' . escapeshellarg($this->temporary($source)) . ' -o ' . escapeshellarg($file), $output, $status);
        self::assertSame(0, $status);
        return $file;
    }

    public function testTheExceptionHasAllReasons(): void
    {
        $error = self::failure(static function (): void {
            self::client(['backend' => 'ffi', 'library' => '/nowhere/libwotrus.so.1']);
        });
        self::assertInstanceOf(UnavailableException::class, $error);
        self::assertSame('unavailable', $error->getCause());
        self::assertSame(['ffi'], array_column($error->getRefusals(), 'way'));
        self::assertStringContainsString('/nowhere/libwotrus.so.1', $error->getMessage());
        self::assertStringContainsString('wotrus-doctor', $error->getMessage());
    }

    public function testShutdownFunctionsCanUseAClientAfterAFatalError(): void
    {
        foreach (['memory', 'time', 'error'] as $end) {
            $data = $this->temporary((string) json_encode(self::options()));
            [$status, $output] = self::php(['-d', 'display_errors=0', '-d', 'log_errors=0', __DIR__ . '/service/fatal.php', $data, $end]);
            self::assertSame(255, $status, $output);
            // The extension keeps its client to the end.
            $last = getenv('WOTRUS_TEST_WAY') === 'extension' ? 'RefusedException' : 'ConfigException';
            self::assertSame("RefusedException\n$last\n", $output, $end);
        }
    }

    public function testTheDeclarationsForFfiAreThoseOfTheHeader(): void
    {
        $plain = static function (string $file): string {
            return (string) preg_replace('/\s+/', ' ', (string) file_get_contents($file));
        };
        $whole = $plain(self::top('include/wotrus.ffi.h'));
        $declared = explode(';', (string) preg_replace('~/\*.*?\*/~', '', $plain(dirname(__DIR__) . '/src/wotrus.ffi.h')));
        self::assertGreaterThan(25, count($declared));
        foreach (array_filter(array_map('trim', $declared)) as $declaration) {
            self::assertStringContainsString(" $declaration;", $whole);
        }
    }
}
