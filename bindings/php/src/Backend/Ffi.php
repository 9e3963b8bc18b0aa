<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Backend;
use Wotrus\Exception\CallException;
use Wotrus\Reply;

/**
 * The library through PHP's FFI. No method returns the FFI object, and no callback is used: an
 * exception that leaves a callback is fatal, and each callback leaks memory.
 */
final class Ffi extends FfiHandle implements Backend
{
    /** @var array<string, \FFI> the loaded libraries, by the option library */
    private static array $loaded = [];

    protected function release(\FFI\CData $pointer): void
    {
        $this->library->wotrus_client_free($pointer);
    }

    /**
     * @param array<string, string> $options
     * @param string|null           $path    the option library
     * @throws Refusal
     */
    public static function open(
        #[\SensitiveParameter]
        array $options,
        ?string $path
    ): self {
        self::checkPhp();
        $library = self::load($path);
        Library::checkAbi($library->wotrus_abi(), $library->wotrus_version());
        $config = self::config($library, $options);
        $client = $library->wotrus_client_new($config);
        $library->wotrus_config_free($config);
        return new self($library, $client);
    }

    /**
     * @throws Refusal
     */
    private static function checkPhp(): void
    {
        if (!extension_loaded('ffi')) {
            throw new Refusal(
                'the extension FFI is not loaded into this PHP (%1$s, %2$s)',
                'install it: php-ffi or php-common of the distribution; docker-php-ext-install ffi in Docker',
                PHP_VERSION,
                PHP_SAPI
            );
        }
        $enabled = strtolower((string) ini_get('ffi.enable'));
        if ($enabled === 'preload') {
            if (PHP_SAPI !== 'cli') {
                throw new Refusal(
                    'ffi.enable=preload allows FFI on the command line only, and this is the SAPI %1$s',
                    'set ffi.enable=1 in php.ini or php_admin_value[ffi.enable]=1 for the FPM pool (.user.ini, .htaccess and ini_set have no effect), or load the extension',
                    PHP_SAPI
                );
            }
        } elseif (!in_array($enabled, ['1', 'on', 'yes', 'true'], true)) {
            throw new Refusal('ffi.enable is off', 'set ffi.enable=preload or 1 in php.ini');
        }
    }

    /**
     * @throws Refusal
     */
    private static function load(?string $path): \FFI
    {
        $key = (string) $path;
        if (isset(self::$loaded[$key])) {
            return self::$loaded[$key];
        }
        // FFI resolves a relative path against the current folder, which a web server chooses.
        if ($path !== null && strncmp($path, '/', 1) !== 0) {
            throw new Refusal('library: %1$s is not an absolute path', 'write the path from / on', $path);
        }
        $header = (string) file_get_contents(dirname(__DIR__) . '/wotrus.ffi.h');
        foreach (Library::places($path) as $place) {
            try {
                return self::$loaded[$key] = \FFI::cdef($header, $place);
            } catch (\FFI\Exception $error) {
                // A file that exists but does not load is the cause; a missing one may be elsewhere.
                if (@is_file($place)) {
                    throw Library::explain($place, $error);
                }
            }
        }
        throw new Refusal(
            'the library is not found at %1$s',
            'install libwotrus (make install, then ldconfig), or give its path as the option library (wotrus-doctor: --library=)',
            implode(', ', Library::places($path))
        );
    }

    public function with(array $options): Backend
    {
        $config = self::config($this->library, $options);
        $with = $this->library->wotrus_client_with($this->pointer(), $config);
        $this->library->wotrus_config_free($config);
        return new self($this->library, $with);
    }

    public function way(): string
    {
        return 'ffi';
    }

    public function version(): string
    {
        return $this->library->wotrus_version();
    }

    public function check(): Reply
    {
        return new FfiReply($this->library, $this->library->wotrus_client_check($this->pointer()));
    }

    public function call(
        string $operation,
        #[\SensitiveParameter]
        ?string $json
    ): Reply {
        $length = $json === null ? 0 : strlen($json);
        return new FfiReply($this->library, $this->library->wotrus_call($this->pointer(), $operation, $json, $length));
    }

    /**
     * @param array<string, string> $options
     */
    private static function config(
        \FFI $library,
        #[\SensitiveParameter]
        array $options
    ): \FFI\CData {
        // "system" stands for the CAs of the operating system.
        if (isset($options['ca_file']) && $options['ca_file'] !== 'system') {
            $options['ca_file'] = OpenBasedir::allowed($options['ca_file']);
            if ($options['ca_file'] === null) {
                throw CallException::config('ca_file', OpenBasedir::PROBLEM);
            }
        }
        $config = $library->wotrus_config_new();
        foreach ($options as $name => $value) {
            $library->wotrus_config_set($config, (string) $name, $value);
        }
        return $config;
    }
}
