<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Backend;
use Wotrus\Exception\CallException;

/**
 * The library through PHP's FFI. No function of FFI:: is called here, only the library's own: so it
 * works with a preloaded scope, where the rest of FFI is refused. No callback either: PHP code that
 * C calls cannot throw, and leaks.
 */
final class Ffi implements Backend
{
    private const CERTIFICATES = ['RSA', 'Sign', 'Encrypt'];

    /** @var array<int, \WeakReference>|null those that hold a client, by their object's number */
    private static $holders;

    /** @var \FFI with the functions of wotrus.ffi.h */
    private $library;
    /** @var \FFI\CData|null */
    private $client;
    /** @var string */
    private $way;

    private function __construct(\FFI $library, \FFI\CData $client, string $way)
    {
        $this->library = $library;
        $this->client = $client;
        $this->way = $way;
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
     * After a fatal error (the memory limit, the time limit) PHP calls no destructor, and the worker
     * would keep the clients with their connections; but it does call shutdown functions.
     *
     * @internal
     */
    public static function shutDown(): void
    {
        $fatal = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_RECOVERABLE_ERROR | E_USER_ERROR;
        if (((error_get_last()['type'] ?? 0) & $fatal) !== 0) {
            // Behind the shutdown functions that are there: one of them may want to use a client.
            register_shutdown_function(static function (): void {
                foreach (self::$holders as $holder) {
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
        if ($client !== null) {
            $this->library->wotrus_client_free($client);
        }
    }

    /** The client, which is gone at the very end of a request that a fatal error has ended. */
    private function client(): \FFI\CData
    {
        if ($this->client === null) {
            throw CallException::config('client', 'is no longer there: a fatal error has ended the request');
        }
        return $this->client;
    }

    private function __clone()
    {
        // It would free the client twice.
    }

    /**
     * @param array<string, string> $options
     * @throws Refusal
     */
    public static function open(\FFI $library, array $options, string $way): self
    {
        Library::check($library->wotrus_abi(), $library->wotrus_version());
        $config = self::config($library, $options);
        $client = $library->wotrus_client_new($config);
        $library->wotrus_config_free($config);
        return new self($library, $client, $way);
    }

    public function with(array $options): Backend
    {
        $client = $this->client();
        $config = self::config($this->library, $options);
        $with = $this->library->wotrus_client_with($client, $config);
        $this->library->wotrus_config_free($config);
        return new self($this->library, $with, $this->way);
    }

    public function way(): string
    {
        return $this->way;
    }

    public function version(): string
    {
        return $this->library->wotrus_version();
    }

    public function call(string $operation, ?string $json): array
    {
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
            // JSON holds no NUL, so the length is not needed.
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
    private static function config(\FFI $library, array $options): \FFI\CData
    {
        $config = $library->wotrus_config_new();
        foreach ($options as $name => $value) {
            $library->wotrus_config_set($config, (string) $name, $value);
        }
        return $config;
    }
}
