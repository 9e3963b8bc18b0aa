<?php

declare(strict_types=1);

namespace Wotrus\Tests;

use Wotrus\Client;
use Wotrus\Exception\WotrusException;
use Wotrus\Product;

abstract class TestCase extends \PHPUnit\Framework\TestCase
{
    /** @var string[] */
    private $files = [];

    protected function tearDown(): void
    {
        array_map('unlink', array_filter($this->files, 'is_file'));
    }

    /**
     * @param array<string, mixed> $options
     * @return array<string, mixed>
     */
    protected static function options(array $options = []): array
    {
        return $options + [
            'token' => getenv('WOTRUS_TOKEN'),
            'base_url' => getenv('WOTRUS_BASE_URL'),
            'ca_file' => getenv('WOTRUS_CA_FILE'),
            'backend' => getenv('WOTRUS_TEST_WAY'),
            'library' => getenv('WOTRUS_TEST_LIBRARY'),
        ];
    }

    /**
     * @param array<string, mixed> $options
     */
    protected static function client(array $options = []): Client
    {
        return new Client(self::options($options));
    }

    protected static function csr(): string
    {
        return (string) file_get_contents(self::top('tests/fixtures/example.csr'));
    }

    protected static function licence(): string
    {
        return self::top('cli/assets/licence.pdf');
    }

    protected static function top(string $path): string
    {
        return dirname(__DIR__, 3) . '/' . $path;
    }

    /**
     * @return array<string, mixed>
     */
    protected static function order(string $key, string $name = '沃通电子认证服务有限公司'): array
    {
        return [
            'orderinfoPost' => [
                'productID' => Product::PDF_SIGNING,
                'commonName' => $name,
                'csR_RSA' => self::csr(),
                'month' => 12,
                'idempotenceID' => uniqid($key),
            ],
            'organizationPost' => ['OrgName' => $name, 'countryCode' => 'CN'],
            'documentsPost' => [['documentType' => 2, 'path' => self::licence()]],
        ];
    }

    /** The exception that the call must throw. */
    protected static function failure(callable $call): WotrusException
    {
        try {
            $call();
        } catch (WotrusException $error) {
            return $error;
        }
        self::fail('no exception was thrown');
    }

    /** A file that is removed after the test. */
    protected function temporary(string $content = '', string $ending = ''): string
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'wotrus-');
        $this->files[] = $file;
        if ($ending !== '') {
            rename($file, $file . $ending);
            $file .= $ending;
            $this->files[] = $file;
        }
        file_put_contents($file, $content);
        return $file;
    }

    /**
     * Runs PHP in a process of its own, with the same php.ini. Returns the exit status and the output.
     *
     * @param string[] $arguments
     * @return array{0: int, 1: string}
     */
    protected static function php(array $arguments): array
    {
        $command = array_merge([PHP_BINARY], self::settings(), $arguments);
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);
        return [proc_close($process), $output];
    }

    /**
     * Arguments that load the extension into another PHP, if it is under test.
     *
     * @return string[]
     */
    protected static function settings(): array
    {
        $extension = (string) getenv('WOTRUS_TEST_EXTENSION');
        return $extension === '' ? [] : ['-d', "extension=$extension"];
    }

    /**
     * Arguments of a PHP that reads no ini files. In some builds, such as Debian's 7.4, json is a module.
     *
     * @return string[]
     */
    protected static function withoutIniFiles(): array
    {
        $json = PHP_EXTENSION_DIR . '/json.so';
        return file_exists($json) ? ['-n', '-d', "extension=$json"] : ['-n'];
    }
}
