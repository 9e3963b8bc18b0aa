<?php

declare(strict_types=1);

namespace Wotrus;

use Wotrus\Backend\Finder;
use Wotrus\Exception\CallException;

/**
 * A client of the WoTrus reseller API. Every call blocks until there is an answer, an error, or its
 * time is over. A call that fails throws a Wotrus\Exception\WotrusException.
 *
 * Fields have the names of the service's document. A result has three more: order_id (the order to
 * use in further calls), request_id and attempts.
 *
 * Give every order an idempotenceID, such as its key in your database. Then it can be sent again
 * safely after a lost answer.
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
     * The options of the library:
     *
     *   token            the API token, tk_...; required
     *   base_url         https://...; http:// for loopback addresses only (https://restapi.wosign.com)
     *   timeout          seconds for a whole call, all attempts and pauses included
     *                    (30, plus 1 for each 128 KiB that is sent)
     *   connect_timeout  seconds to resolve a name, and again to open a connection (10)
     *   retries          how many times a call is sent again at most, where that is safe (2)
     *   ca_file          PEM file of the CAs to trust instead of the built-in ones
     *   proxy            http://[user:password@]host:port; never used for loopback addresses (none)
     *   max_answer_size  largest accepted answer in bytes (1048576)
     *   user_agent       the User-Agent header (libwotrus/<version>)
     *   charset          UTF-8 or GB18030, for all text in and out (UTF-8)
     *   request_id       the RequestID of the calls (a new one for each call)
     *
     * Options of this package: logger (a Psr\Log\LoggerInterface, which gets a line after each
     * call), backend ("extension" or "ffi": the only one to try) and library (the absolute path of
     * libwotrus.so.1, for FFI). Null means that an option is not set.
     *
     * Every call reports an unusable option as a ConfigException.
     *
     * @param array<string, mixed> $options
     * @throws Exception\WotrusException
     */
    public function __construct(
        // Keeps the token out of the traces of other exceptions, from PHP 8.2 on.
        #[\SensitiveParameter]
        array $options
    ) {
        $this->log = new Log($options['logger'] ?? null);
        $way = Options::text($options, 'backend');
        $library = Options::text($options, 'library');
        unset($options['logger'], $options['backend'], $options['library']);
        $texts = Options::texts($options);
        $this->charset = Charset::named($texts['charset'] ?? null);
        $this->backend = Finder::open($texts, $way, $library);
    }

    /**
     * A client that shares the connections and has options of its own: request_id, timeout, retries,
     * charset, logger.
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
     * fileType and fileContent, or instead the path of a file. The file is read while it is sent, so
     * it takes no memory.
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
     * Retrieves an issued certificate (section 4). In addition to the document's fields the result
     * has certificates: for each of RSA (also ECC), Sign and Encrypt in the answer, pem, chain (in
     * the order of the answer, root first), full_chain (for a server's PEM file) and root.
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
     * and fileContent, or as path. Success means that the request was accepted; revokeStatus may
     * still be "pendingAudit".
     *
     * @param array<string, mixed> $revocation
     * @return array<string, mixed> revokeStatus, revoked
     * @throws Exception\WotrusException
     */
    public function revokeCertificate(
        #[\SensitiveParameter]
        array $revocation
    ): array {
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
    public function reissueCertificate(
        #[\SensitiveParameter]
        array $reissue
    ): array {
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
     * Waits until the order is issued, and retrieves its certificate. Use it on the command line
     * only: a manual review takes days. A web page should wait for the push.
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
     * Calls any other endpoint by method and path: "GET /v1/...", "POST /v1/...". The body is sent
     * as it is. A POST is never sent again once the service may have it.
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

    /** The backend in use: "extension" or "ffi". */
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
     * A client holds connections and the token, so it is never stored in a session or cache.
     *
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
     * @param array<string, mixed> $body
     * @return array<string, mixed>
     */
    private function operation(
        string $operation,
        #[\SensitiveParameter]
        array $body
    ): array {
        $answer = $this->answer($operation, $body);
        $data = $answer['data'] ?? [];
        unset($answer['data'], $answer['isSuccess'], $answer['errorMsg'], $answer['successMsg'], $answer['page']);
        return (is_array($data) ? $data : ['data' => $data]) + $answer;
    }

    /**
     * @param array<string, mixed>|null $body
     * @return array<string, mixed>
     */
    private function answer(
        string $operation,
        #[\SensitiveParameter]
        ?array $body
    ): array {
        if (strpos($operation, "\0") !== false) {
            throw CallException::argument('operation', 'contains a NUL');
        }
        $body = $body === null ? null : RequestBody::json($operation, $body, $this->charset);
        $started = hrtime(true);
        $reply = $this->backend->call($operation, $body);
        $this->log->write($operation, $reply, (hrtime(true) - $started) / 1e9);
        $answer = $this->charset->encode(Json::read($reply['json']));
        if ($reply['status'] !== 0) {
            throw CallException::of($reply + [
                'field' => $answer['error']['field'] ?? null,
                'service_message' => $answer['error']['service_message'] ?? null,
            ]);
        }
        // JSON that PHP cannot read must not hide the id of an order.
        $answer = is_array($answer) ? FieldNames::normalized($answer) : ['body' => $reply['body']];
        foreach (['order_id', 'request_id', 'attempts'] as $name) {
            $answer[$name] = $reply[$name];
        }
        if ($reply['certificates'] !== []) {
            $answer['certificates'] = $reply['certificates'];
        }
        return $answer;
    }
}
