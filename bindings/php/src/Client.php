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
    private Backend $backend;
    private Charset $charset;
    private Log $log;
    private bool $isChinese;

    /**
     * The options of the library:
     *
     *   token            the API token, tk_...; required
     *   base_url         https://...; http:// for loopback addresses only (https://restapi.wosign.com)
     *   timeout          seconds for a whole call, all attempts and pauses included
     *                    (30, plus 1 for each 128 KiB that is sent)
     *   connect_timeout  seconds to resolve a name, and again to open a connection (10)
     *   retries          how many times a call is sent again at most, where that is safe (2)
     *   ca_file          PEM file of the CAs to trust instead of the built-in ones; "system": those of
     *                    the operating system
     *   proxy            http://[user:password@]host:port; user and password percent-encoded;
     *                    never used for loopback addresses (none)
     *   max_answer_size  largest accepted answer in bytes (1048576)
     *   user_agent       the User-Agent header (libwotrus/<version>)
     *   charset          UTF-8 or GB18030, for all text in and out (UTF-8)
     *   request_id       the RequestID of the calls (a new one for each call)
     *   lang             zh: messages of exceptions in Chinese; en: in English (en)
     *
     * Options of this package: logger (a Psr\Log\LoggerInterface, which gets a line after each
     * call), backend ("extension" or "ffi": the only one to try) and library (the absolute path of
     * libwotrus.so.1, for FFI). Null means that an option is not set.
     *
     * @param array{
     *     token?: string|null, base_url?: string|null, timeout?: float|int|string|null, connect_timeout?: float|int|string|null,
     *     retries?: int|string|null, ca_file?: string|null, proxy?: string|null, max_answer_size?: int|string|null,
     *     user_agent?: string|null, charset?: string|null, request_id?: string|null, logger?: object|null,
     *     backend?: Backend|string|null, library?: string|null
     * }|array<string, mixed> $options
     * @throws Exception\ConfigException if an option cannot be used; an UnavailableException if
     *                                   neither the extension nor FFI can be used
     */
    public function __construct(
        // Keeps the token out of the traces of other exceptions, from PHP 8.2 on.
        #[\SensitiveParameter]
        array $options
    ) {
        $this->charset = Charset::named(null);
        $this->isChinese = ($options['lang'] ?? null) === 'zh';
        try {
            $this->log = new Log($options['logger'] ?? null);
            $backend = $options['backend'] ?? null;
            $way = $backend instanceof Backend ? null : Options::text($options, 'backend');
            $library = Options::text($options, 'library');
            unset($options['logger'], $options['backend'], $options['library']);
            $texts = Options::texts($options);
            $this->charset = Charset::named($texts['charset'] ?? null);
            $this->backend = $backend instanceof Backend ? $backend : Finder::open($texts, $way, $library);
            $this->checkOptions();
        } catch (CallException $exception) {
            throw $this->localized($exception);
        }
    }

    /**
     * A client that shares the connections and has its own options: request_id, timeout, retries,
     * charset, lang, logger.
     *
     * @param array{
     *     request_id?: string|null, timeout?: float|int|string|null, retries?: int|string|null, charset?: string|null, logger?: object|null
     * }|array<string, mixed> $options
     * @return static
     * @throws Exception\WotrusException if an option cannot be used
     */
    public function with(array $options): self
    {
        $that = clone $this;
        $that->isChinese = isset($options['lang']) ? $options['lang'] === 'zh' : $this->isChinese;
        try {
            if (array_key_exists('logger', $options)) {
                $that->log = new Log($options['logger']);
                unset($options['logger']);
            }
            $texts = Options::texts($options);
            if (isset($texts['charset'])) {
                $that->charset = Charset::named($texts['charset']);
            }
            $that->backend = $this->backend->with($texts);
            $that->checkOptions();
        } catch (CallException $exception) {
            throw $that->localized($exception);
        }
        return $that;
    }

    /**
     * Creates an order (section 2): orderinfoPost, organizationPost, documentsPost. A document has
     * fileType and fileContent, or instead the path of a file. The file is read while it is sent, so
     * it takes no memory.
     *
     * @param OrderRequest|array{
     *     orderinfoPost: array{
     *         productID: string, commonName: string, month: int, csR_RSA?: string, uKeyPassword?: string,
     *         uKeyShipAddress?: string, idempotenceID?: string
     *     },
     *     organizationPost: array{
     *         OrgName: string, BusinessCategory?: string, OrgPhone?: string, OrgEmail?: string, UserFirstName?: string,
     *         UserLastName?: string, UserEmail?: string, UserMobile?: string, IDCardNO?: string, countryCode?: string,
     *         state?: string, city?: string, street?: string, zip?: string, businessLicense?: string, OtherName?: string|null
     *     },
     *     documentsPost?: list<array{documentType: int, path?: string, fileType?: string, fileContent?: string}>
     * }|array<string, mixed> $order
     * @throws Exception\WotrusException
     */
    public function createOrder(
        #[\SensitiveParameter]
        $order
    ): CreatedOrder {
        $fields = $order instanceof OrderRequest ? $order->toArray() : $order;
        return new CreatedOrder($this->request('create_order', $this->checkedFields('create_order', 'order', $fields)), $this->charset);
    }

    /**
     * Queries an order (section 3).
     *
     * @throws Exception\WotrusException
     */
    public function queryOrder(string $orderID): Order
    {
        return new Order($this->request('query_order', ['orderID' => $orderID]), $this->charset);
    }

    /**
     * Retrieves an issued certificate (section 4).
     *
     * @throws Exception\WotrusException a NotReadyException before it is issued
     */
    public function retrieveCertificate(string $orderID): Certificates
    {
        return new Certificates($this->request('retrieve_certificate', ['orderID' => $orderID]), $this->charset);
    }

    /**
     * Cancels an order that is neither issued nor revoked (section 5).
     *
     * @throws Exception\WotrusException a RefusedException where cancelResult is false
     */
    public function cancelOrder(string $orderID, string $reason): Cancellation
    {
        return new Cancellation($this->request('cancel_order', ['orderID' => $orderID, 'reason' => $reason]), $this->charset);
    }

    /**
     * Requests a revocation (section 6): orderID, reason, and the organisation's proof as fileType
     * and fileContent, or as path. Success means that the request was accepted; revokeStatus may
     * still be "pendingAudit".
     *
     * @param RevocationRequest|array{orderID: string, reason: string, path?: string, fileType?: string, fileContent?: string}|array<string, mixed> $revocation
     * @throws Exception\WotrusException
     */
    public function revokeCertificate(
        #[\SensitiveParameter]
        $revocation
    ): Revocation {
        $fields = $revocation instanceof RevocationRequest ? $revocation->toArray() : $revocation;
        return new Revocation($this->request('revoke_certificate', $this->checkedFields('revoke_certificate', 'revocation', $fields)), $this->charset);
    }

    /**
     * Requests a reissue (section 7): orderID, csr, reason; csR_Encrypt for SM2; a proof as
     * fileType and fileContent, or as path, for SM2 and Sectigo products; idempotenceID.
     *
     * @param ReissueRequest|array{orderID: string, csr: string, reason: string, csR_Encrypt?: string, idempotenceID?: string, path?: string, fileType?: string, fileContent?: string}|array<string, mixed> $reissue
     * @throws Exception\WotrusException
     */
    public function reissueCertificate(
        #[\SensitiveParameter]
        $reissue
    ): ReissuedOrder {
        $fields = $reissue instanceof ReissueRequest ? $reissue->toArray() : $reissue;
        return new ReissuedOrder($this->request('reissue_certificate', $this->checkedFields('reissue_certificate', 'reissue', $fields)), $this->charset);
    }

    /**
     * Tells the service to inform the customer by e-mail that the order is issued (section 9).
     *
     * @param string $collectUrl where the certificate can be downloaded
     * @throws Exception\WotrusException a RefusedException where sentResult is false
     */
    public function notifyByEmail(string $orderID, string $collectUrl): EmailNotification
    {
        $fields = ['orderID' => $orderID, 'collectUrl' => $collectUrl];
        return new EmailNotification($this->request('notify_by_email', $fields), $this->charset);
    }

    /**
     * Waits until the order is issued, and retrieves its certificate. Use it on the command line
     * only: a manual review takes days. A web page should wait for the push.
     *
     * @param float $timeout seconds
     * @throws Exception\WotrusException a NotReadyException when the time is over
     */
    public function waitForCertificate(string $orderID, float $timeout = 600): Certificates
    {
        $fields = ['orderID' => $orderID, 'timeout' => $timeout];
        return new Certificates($this->request('wait_for_certificate', $fields), $this->charset);
    }

    /**
     * Calls any other endpoint by method and path: "GET /v1/...", "POST /v1/...". The body is sent
     * as it is. A POST is never sent again once the service may have it.
     *
     * @param array<string, mixed>|null $body
     * @throws Exception\WotrusException
     */
    public function call(
        string $operation,
        #[\SensitiveParameter]
        ?array $body = null
    ): Answer {
        return new Answer($this->request($operation, $body), $this->charset);
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
     * @param mixed $fields
     * @return array<string, mixed>
     */
    private function checkedFields(
        string $operation,
        string $name,
        #[\SensitiveParameter]
        $fields
    ): array {
        if (!is_array($fields)) {
            throw $this->refused($operation, CallException::argument($name, 'is neither an array nor a request object'));
        }
        return $fields;
    }

    /** Asks the library whether the options can be used. Nothing is sent. */
    private function checkOptions(): void
    {
        $reply = $this->backend->check();
        if ($reply->status() !== 0) {
            throw $this->exception($reply);
        }
    }

    /**
     * @param array<string, mixed>|null $fields
     */
    private function request(
        string $operation,
        #[\SensitiveParameter]
        ?array $fields
    ): Reply {
        try {
            if (strpos($operation, "\0") !== false) {
                throw CallException::argument('operation', 'contains a NUL');
            }
            $json = $fields === null ? null : RequestBody::json($operation, $fields, $this->charset);
            $started = hrtime(true);
            $reply = $this->backend->call($operation, $json);
        } catch (CallException $exception) {
            throw $this->refused($operation, $exception);
        }
        $this->log->write($operation, $reply, (hrtime(true) - $started) / 1e9);
        if ($reply->status() !== 0) {
            throw $this->localized($this->exception($reply));
        }
        return $reply;
    }

    /** The exception for a call that PHP refuses before the library gets it. */
    private function refused(string $operation, CallException $exception): CallException
    {
        $exception = $this->localized($exception);
        $this->log->refusal($operation, $exception);
        return $exception;
    }

    private function localized(CallException $exception): CallException
    {
        return $this->isChinese ? $exception->inChinese($this->charset) : $exception;
    }

    private function exception(Reply $reply): CallException
    {
        $failure = $this->charset->encode($reply->values())['error'] ?? [];
        return CallException::of($reply->facts() + [
            'field' => $failure['field'] ?? null,
            'service_message' => $failure['service_message'] ?? null,
        ]);
    }
}
