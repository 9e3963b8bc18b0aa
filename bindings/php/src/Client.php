<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Backend\Finder;
use Wotrus\Exception\CallException;

/**
 * A client of the WoTrus reseller API. Every call blocks until there is an answer, an error, or its
 * time is over, and throws a Wotrus\Exception\WotrusException for anything but success.
 *
 * Arrays go in and come out under the document's own names. What comes out has, beside them,
 * order_id (the order the answer is about: the one to go on with), request_id and attempts.
 *
 * Give every order an idempotenceID, your database key for it: then a lost answer does no harm.
 */
class Client
{
    /** @var Backend */
    private $backend;
    /** @var Charset */
    private $charset;
    /** @var Log */
    private $log;

    /**
     * The options are those of the library:
     *
     *   token            the API token, tk_...; required
     *   base_url         https://...; http:// for loopback only (https://restapi.wosign.com)
     *   timeout          seconds for a whole call, with every attempt and pause
     *                    (30, and 1 more for each 128 KiB that is sent)
     *   connect_timeout  seconds to resolve a name, and again to open a connection (10)
     *   retries          how often a call is sent again at most, where that is safe (2)
     *   ca_file          PEM file of the CAs to trust instead of the built-in ones
     *   proxy            http://[user:password@]host:port; never used for loopback (none)
     *   max_answer_size  bytes of an answer at most (1048576)
     *   user_agent       the User-Agent header (libwotrus/<version>)
     *   charset          UTF-8 or GB18030, of all text in and out (UTF-8)
     *   request_id       the RequestID of the calls (each gets one of its own)
     *
     * and three of PHP's: logger (a Psr\Log\LoggerInterface, told of each call when it is over),
     * backend ("extension", "scope" or "ffi": the only one to try) and library (the absolute path
     * of libwotrus.so.1, for FFI). Null counts as not given.
     *
     * An option that cannot be used is reported by every call, as a ConfigException.
     *
     * @param array<string, mixed> $options
     * @throws Exception\WotrusException
     */
    public function __construct(
        // For PHP 8.2, and a comment before 8: it keeps the token out of traces that are not ours.
        #[\SensitiveParameter]
        array $options
    ) {
        $this->log = new Log($options['logger'] ?? null);
        $way = Options::text($options, 'backend');
        if ($way !== null && !in_array($way, Finder::WAYS, true)) {
            throw CallException::config('backend', 'is none of ' . implode(', ', Finder::WAYS));
        }
        $library = Options::text($options, 'library');
        unset($options['logger'], $options['backend'], $options['library']);
        $texts = Options::texts($options);
        $this->charset = Charset::named($texts['charset'] ?? null);
        $this->backend = Finder::open($texts, $way, $library);
    }

    /**
     * The same client with options of its own for some of its calls: request_id, timeout, retries,
     * charset, logger. It shares the connections.
     *
     * @param array<string, mixed> $options
     */
    public function with(array $options): self
    {
        $that = clone $this;
        if (array_key_exists('logger', $options)) {
            $that->log = new Log($options['logger']);
            unset($options['logger']);
        }
        $texts = Options::texts($options);
        if (isset($texts['charset'])) {
            $that->charset = Charset::named($texts['charset']);
        }
        $that->backend = $this->backend->with($texts);
        return $that;
    }

    /**
     * Creates an order (section 2): orderinfoPost, organizationPost, documentsPost. A document has
     * fileType and fileContent, or in their place the path of a file, which is read while it is
     * sent and costs no memory.
     *
     * @param array<string, mixed> $order
     * @return array<string, mixed> orderID, orderID_RSA
     * @throws Exception\WotrusException
     */
    public function createOrder(
        #[\SensitiveParameter]
        array $order
    ): array {
        return $this->operation('create_order', $order);
    }

    /**
     * Queries an order (section 3).
     *
     * @return array<string, mixed> status, productName, cn, org, createTime, isPay, pendingLink, ...
     * @throws Exception\WotrusException
     */
    public function queryOrder(string $orderID): array
    {
        return $this->operation('query_order', ['orderID' => $orderID]);
    }

    /**
     * Retrieves an issued certificate (section 4). Beside the document's own there is certificates:
     * for each of RSA (ECC too), Sign and Encrypt that came, pem, chain (as it came: the root
     * first), full_chain (what a server's file holds) and root.
     *
     * @return array<string, mixed> pem_RSA, chains_RSA, ..., certificates
     * @throws Exception\WotrusException a NotReadyException before it is issued
     */
    public function retrieveCertificate(string $orderID): array
    {
        return $this->operation('retrieve_certificate', ['orderID' => $orderID]);
    }

    /**
     * Cancels an order that is neither issued nor revoked (section 5).
     *
     * @return array<string, mixed> cancelResult
     * @throws Exception\WotrusException a RefusedException where cancelResult is false
     */
    public function cancelOrder(string $orderID, string $reason): array
    {
        return $this->operation('cancel_order', ['orderID' => $orderID, 'reason' => $reason]);
    }

    /**
     * Requests a revocation (section 6): orderID, reason, and the organisation's proof as fileType
     * and fileContent, or as path. The request was taken; it may still be "pendingAudit".
     *
     * @param array<string, mixed> $revocation
     * @return array<string, mixed> revokeStatus, revoked
     * @throws Exception\WotrusException
     */
    public function revokeCertificate(array $revocation): array
    {
        return $this->operation('revoke_certificate', $revocation);
    }

    /**
     * Requests a reissue (section 7): orderID, csr, reason; csR_Encrypt for SM2; a proof as
     * fileType and fileContent, or as path, for SM2 and Sectigo products; idempotenceID.
     *
     * @param array<string, mixed> $reissue
     * @return array<string, mixed> newOrderID
     * @throws Exception\WotrusException
     */
    public function reissueCertificate(array $reissue): array
    {
        return $this->operation('reissue_certificate', $reissue);
    }

    /**
     * Has the service tell the customer by e-mail that the order is issued (section 9).
     *
     * @param string $collectUrl where the certificate can be downloaded
     * @return array<string, mixed> sentResult
     * @throws Exception\WotrusException a RefusedException where sentResult is false
     */
    public function notifyByEmail(string $orderID, string $collectUrl): array
    {
        return $this->operation('notify_by_email', ['orderID' => $orderID, 'collectUrl' => $collectUrl]);
    }

    /**
     * Waits until the order is issued, and retrieves its certificate. A review by people takes
     * days: for the command line; a web page should rather wait for the push.
     *
     * @param float $timeout seconds
     * @return array<string, mixed> as retrieveCertificate
     * @throws Exception\WotrusException a NotReadyException when the time is over
     */
    public function waitForCertificate(string $orderID, float $timeout = 600): array
    {
        return $this->operation('wait_for_certificate', ['orderID' => $orderID, 'timeout' => $timeout]);
    }

    /**
     * Any other endpoint, by method and path: "GET /v1/...", "POST /v1/...". A POST is never sent
     * again once the service may have it.
     *
     * @param array<string, mixed>|null $body
     * @return array<string, mixed> the whole answer, with its envelope: isSuccess, data, page, ...
     * @throws Exception\WotrusException
     */
    public function call(
        string $operation,
        #[\SensitiveParameter]
        ?array $body = null
    ): array {
        return $this->answer($operation, $body);
    }

    /** The way to the library that is taken: "extension", "scope" or "ffi". */
    public function backend(): string
    {
        return $this->backend->way();
    }

    /** The version of the library. */
    public function libraryVersion(): string
    {
        return $this->backend->version();
    }

    /**
     * @param array<string, mixed> $body
     * @return array<string, mixed>
     */
    private function operation(string $operation, array $body): array
    {
        $answer = $this->answer($operation, $body);
        $data = $answer['data'] ?? [];
        unset($answer['data'], $answer['isSuccess'], $answer['errorMsg'], $answer['successMsg'], $answer['page']);
        return (is_array($data) ? $data : ['data' => $data]) + $answer;
    }

    /**
     * @param array<string, mixed>|null $body
     * @return array<string, mixed>
     */
    private function answer(string $operation, ?array $body): array
    {
        if (strpos($operation, "\0") !== false) {
            throw CallException::argument('operation', 'has a NUL in it');
        }
        $json = new Json($this->charset);
        $body = $body === null ? null : $json->encode($body);
        $started = hrtime(true);
        $reply = $this->backend->call($operation, $body);
        $this->log->tell($operation, $reply, (hrtime(true) - $started) / 1e9);
        $answer = $json->decode($reply['json']);
        if ($reply['status'] !== 0) {
            throw CallException::of($reply + [
                'field' => $answer['error']['field'] ?? null,
                'service_message' => $answer['error']['service_message'] ?? null,
            ]);
        }
        // JSON that PHP cannot read, such as half of a surrogate pair, must not hide an order's id.
        $answer = is_array($answer) ? Answer::named($answer) : ['body' => $reply['body']];
        foreach (['order_id', 'request_id', 'attempts'] as $name) {
            $answer[$name] = $reply[$name];
        }
        if ($reply['certificates'] !== []) {
            $answer['certificates'] = $reply['certificates'];
        }
        return $answer;
    }
}
