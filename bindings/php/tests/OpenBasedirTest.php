<?php

declare(strict_types=1);

namespace Wotrus\Tests;

/** The files that the library opens for PHP are bound by open_basedir, with the extension and with FFI. */
final class OpenBasedirTest extends TestCase
{
    /** @var array<string, string> */
    private static $results;

    public static function setUpBeforeClass(): void
    {
        $parent = sys_get_temp_dir() . '/' . uniqid('wotrus-');
        $folder = "$parent/site";
        mkdir($folder, 0700, true);
        copy(self::licence(), "$folder/in.pdf");
        copy(self::licence(), "$parent/outside.pdf");
        copy((string) getenv('WOTRUS_CA_FILE'), "$folder/ca.pem");
        symlink("$parent/outside.pdf", "$folder/link.pdf");
        $options = self::options();
        // PHP reads the options before it sets open_basedir; the CA file may be outside by then.
        file_put_contents("$folder/data", json_encode(['options' => $options, 'order' => self::order('basedir-')]));
        [$status, $output] = self::php([__DIR__ . '/service/open_basedir.php', "$folder/data"]);
        array_map('unlink', (array) glob("$folder/*"));
        rmdir($folder);
        unlink("$parent/outside.pdf");
        rmdir($parent);
        self::assertSame(0, $status, $output);
        self::$results = json_decode($output, true);
    }

    public function testFilesInsideAreSent(): void
    {
        foreach (['inside', 'relative', 'inside, PATH', 'relative, PATH', 'object that gives a path inside'] as $name) {
            self::assertSame('sent', self::$results[$name], $name);
        }
        self::assertSame(self::$results['folder'] . '/in.pdf', self::$results['path of the library']);
        self::assertSame('/etc/hostname', self::$results['path of another endpoint']);
        self::assertStringStartsWith('refused ', self::$results['ca_file inside']);
        self::assertStringStartsWith('file ', self::$results['missing inside']);
        self::assertStringNotContainsString('open_basedir', self::$results['missing inside']);
    }

    public function testDocumentsOutsideAreRefused(): void
    {
        foreach (['outside', 'relative outside', 'parent', 'link'] as $name) {
            foreach ([$name, "$name, PATH"] as $one) {
                self::assertSame('file path: is outside PHP\'s open_basedir', self::$results[$one], $one);
            }
        }
        foreach (['revocation', 'reissue', 'by name'] as $name) {
            self::assertSame('file path: is outside PHP\'s open_basedir', self::$results[$name], $name);
        }
    }

    public function testStreamWrappersAreFileNames(): void
    {
        foreach (['wrapper', 'filter'] as $name) {
            self::assertMatchesRegularExpression('/^file /', self::$results[$name], $name);
        }
    }

    public function testAPathThatIsNotTextIsRefused(): void
    {
        foreach (['number' => 'a number', 'list' => 'a list', 'text object' => 'an object'] as $name => $type) {
            self::assertSame("argument path: should be a text, but is $type", self::$results[$name], $name);
        }
        self::assertSame('file path: is outside PHP\'s open_basedir', self::$results['object']);
        self::assertStringStartsWith('argument fileContent: is required', self::$results['empty']);
        self::assertSame('argument path: contains a NUL', self::$results['NUL']);
        self::assertSame('file path: is too long for a path', self::$results['long']);
        self::assertSame('file path: is outside PHP\'s open_basedir', self::$results['object that gives a path']);
    }

    public function testTheCasOfTheSystemAreNoFileOfThisName(): void
    {
        // A minimal system has none; then the library names the files that it looked for.
        self::assertMatchesRegularExpression('/^(sent$|config ca_file: system: none of )/', self::$results['ca_file system']);
    }

    public function testACaFileOutsideIsRefused(): void
    {
        foreach (['ca_file', 'ca_file link', 'ca_file number'] as $name) {
            self::assertSame('config ca_file: is outside PHP\'s open_basedir', self::$results[$name], $name);
        }
        foreach (['ca_file list', 'ca_file object'] as $name) {
            self::assertSame('config ca_file: is neither text nor a number', self::$results[$name], $name);
        }
        self::assertMatchesRegularExpression('/^config ca_file: /', self::$results['ca_file wrapper']);
    }
}
