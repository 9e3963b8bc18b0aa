<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Backend;
use Wotrus\Exception\CallException;

/**
 * The library through PHP's FFI. No method returns the FFI object, and no callback is used: an
 * exception that leaves a callback is fatal, and each callback leaks memory.
 */
final class Ffi implements Backend
{
    private const CERTIFICATES = ['RSA', 'Sign', 'Encrypt'];

    /** @var array<string, \FFI> the loaded libraries, by the option library */
    private static $loaded = [];
    /** @var array<int, \WeakReference<self>>|null objects that hold a client, by their object id */
    private static $holders;

    /** @var \FFI the functions of src/wotrus.ffi.h */
    private $library;
    /** @var \FFI\CData|null */
    private $client;

    private function __construct(\FFI $library, \FFI\CData $client)
    {
        $this->library = $library;
        $this->client = $client;
        if (self::$holders === null) {
            self::$holders = [];
            register_shutdown_function([self::class, 'shutDown']);
        }
        self::$holders[spl_object_id($this)] = \WeakReference::create($this);
    }

    public function __destruct()
    {
        unset(self::$holders[spl_object_id($this)]);
        $this->free();
    }

    /**
     * PHP calls no destructors after a fatal error (memory limit, time limit), so the process would
     * keep the clients and their connections. It does call shutdown functions.
     *
     * @internal
     */
    public static function shutDown(): void
    {
        $fatal = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_RECOVERABLE_ERROR | E_USER_ERROR;
        if (((error_get_last()['type'] ?? 0) & $fatal) !== 0) {
            // Registered now, so that it runs after the shutdown functions that may still use a client.
            register_shutdown_function(static function (): void {
                foreach (self::$holders ?? [] as $holder) {
                    $backend = $holder->get();
                    if ($backend !== null) {
                        $backend->free();
                    }
                }
            });
        }
    }

    private function free(): void
    {
        $client = $this->client;
        $this->client = null;
        // unserialize() can make an object that never passed the constructor.
        if ($this->library instanceof \FFI && $client instanceof \FFI\CData) {
            $this->library->wotrus_client_free($client);
        }
    }

    /** The client. It has been freed at the very end of a request that a fatal error ended. */
    private function client(): \FFI\CData
    {
        if ($this->client === null) {
            throw CallException::config('client', 'has been freed because a fatal error ended the request');
        }
        return $this->client;
    }

    private function __clone()
    {
        // Two objects would free one client.
    }

    /**
     * @return array<string, mixed>
     */
    public function __serialize(): array
    {
        throw new \LogicException(self::class . ' cannot be serialized');
    }

    /**
     * @param array<string, mixed> $data
     */
    public function __unserialize(array $data): void
    {
        throw new \LogicException(self::class . ' cannot be unserialized');
    }

    /**
     * @return array<string, string> what var_dump() shows
     */
    public function __debugInfo(): array
    {
        return ['way' => $this->way()];
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
                'the extension FFI is not loaded into this PHP (' . PHP_VERSION . ', ' . PHP_SAPI . ')',
                'install it: php-ffi or php-common of the distribution; docker-php-ext-install ffi in Docker'
            );
        }
        $enabled = strtolower((string) ini_get('ffi.enable'));
        if ($enabled === 'preload') {
            if (PHP_SAPI !== 'cli') {
                throw new Refusal(
                    'ffi.enable=preload allows FFI on the command line only, and this is the SAPI ' . PHP_SAPI,
                    'set ffi.enable=1 in php.ini or php_admin_value[ffi.enable]=1 for the FPM pool (.user.ini,'
                        . ' .htaccess and ini_set have no effect), or load the extension'
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
            throw new Refusal("library: $path is not an absolute path", 'write the path from / on');
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
            'the library is not found at ' . implode(', ', Library::places($path)),
            'install libwotrus (make install, then ldconfig), or give its path as the option library'
                . ' (wotrus-doctor: --library=)'
        );
    }

    public function with(array $options): Backend
    {
        $client = $this->client();
        $config = self::config($this->library, $options);
        $with = $this->library->wotrus_client_with($client, $config);
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

    public function call(
        string $operation,
        #[\SensitiveParameter]
        ?string $json
    ): array {
        $length = $json === null ? 0 : strlen($json);
        $reply = $this->library->wotrus_call($this->client(), $operation, $json, $length);
        try {
            return $this->read($reply);
        } finally {
            $this->library->wotrus_reply_free($reply);
        }
    }

    /**
     * @return array<string, mixed>
     */
    private function read(\FFI\CData $reply): array
    {
        $c = $this->library;
        $status = $c->wotrus_reply_status($reply);
        $httpStatus = $c->wotrus_reply_http_status($reply);
        $retryAfter = $c->wotrus_reply_retry_after_ms($reply);
        return [
            'status' => $status,
            'kind' => $c->wotrus_reply_kind($reply),
            'cause' => $c->wotrus_reply_cause($reply),
            'delivery' => $c->wotrus_reply_delivery($reply),
            'message' => $c->wotrus_reply_message($reply),
            'http_status' => $httpStatus === 0 ? null : $httpStatus,
            'request_id' => $c->wotrus_reply_request_id($reply),
            'idempotence_id' => $c->wotrus_reply_idempotence_id($reply),
            'attempts' => $c->wotrus_reply_attempts($reply),
            'retry_after_ms' => $retryAfter < 0 ? null : $retryAfter,
            'order_id' => $c->wotrus_reply_order_id($reply),
            // JSON contains no NUL, so the length is not needed.
            'json' => $c->wotrus_reply_json($reply, null),
            'body' => $c->wotrus_reply_body($reply, null),
            'certificates' => $status === 0 ? $this->certificates($reply) : [],
        ];
    }

    /**
     * @return array<string, array<string, mixed>>
     */
    private function certificates(\FFI\CData $reply): array
    {
        $c = $this->library;
        $all = [];
        foreach (self::CERTIFICATES as $which) {
            $pem = $c->wotrus_reply_pem($reply, $which);
            if ($pem === null) {
                continue;
            }
            $chain = [];
            while (($one = $c->wotrus_reply_chain($reply, $which, count($chain))) !== null) {
                $chain[] = $one;
            }
            $all[$which] = [
                'pem' => $pem,
                'chain' => $chain,
                'full_chain' => $c->wotrus_reply_full_chain($reply, $which),
                'root' => $c->wotrus_reply_root($reply, $which),
            ];
        }
        return $all;
    }

    /**
     * @param array<string, string> $options
     */
    private static function config(
        \FFI $library,
        #[\SensitiveParameter]
        array $options
    ): \FFI\CData {
        if (isset($options['ca_file'])) {
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
