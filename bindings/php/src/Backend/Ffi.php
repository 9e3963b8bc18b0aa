<?php

declare(strict_types=1);

namespace Wotrus\Backend;

use Wotrus\Backend;

/**
 * The library through PHP's FFI. No function of FFI:: is called here, only the library's own: so it
 * works with a preloaded scope, where the rest of FFI is refused. No callback either: PHP code that
 * C calls cannot throw, and leaks.
 */
final class Ffi implements Backend
{
    private const CERTIFICATES = ['RSA', 'Sign', 'Encrypt'];

    /** @var \FFI with the functions of wotrus.ffi.h */
    private $library;
    /** @var \FFI\CData */
    private $client;
    /** @var string */
    private $way;

    private function __construct(\FFI $library, \FFI\CData $client, string $way)
    {
        $this->library = $library;
        $this->client = $client;
        $this->way = $way;
    }

    public function __destruct()
    {
        $this->library->wotrus_client_free($this->client);
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
        $config = self::config($this->library, $options);
        $client = $this->library->wotrus_client_with($this->client, $config);
        $this->library->wotrus_config_free($config);
        return new self($this->library, $client, $this->way);
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
        $reply = $this->library->wotrus_call($this->client, $operation, $json, $length);
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
