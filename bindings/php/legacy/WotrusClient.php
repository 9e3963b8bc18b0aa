<?php
/**
 * WoTrus certificates for sites on PHP 5.6 to 7.3; it works on later versions too. This file needs
 * the extension wotrus (in the folder ext). PHP 7.4 and later should use Wotrus\Client instead.
 *
 *     require 'WotrusClient.php';
 *     $client = new WotrusClient(['token' => trim(file_get_contents('/etc/wotrus/token'))]);
 *     $order = $client->createOrder([...]);
 */

/**
 * A client of the WoTrus reseller API. Every call blocks until there is an answer, an error, or its
 * time is over. A call that fails throws a WotrusException.
 *
 * Fields have the names of the service's document. A result has three more: order_id (the order to
 * use in further calls), request_id and attempts.
 *
 * Give every order an idempotenceID, such as its key in your database. Then it can be sent again
 * safely after a lost answer.
 */
class WotrusClient
{
    private $native;
    private $isGb18030 = false;

    /**
     * The options of the library: token (required), base_url, timeout, connect_timeout, retries,
     * ca_file, proxy, max_answer_size, user_agent, request_id; times are in seconds. charset, for all
     * text in and out, is UTF-8 or, for sites in GBK, GB18030.
     *
     * Every call reports an unusable option as a WotrusException of kind config.
     */
    public function __construct(
        #[\SensitiveParameter]
        array $options
    ) {
        if (!class_exists('Wotrus\Native', false)) {
            throw self::refusal('config', 'extension', 'wotrus is not loaded into this PHP ('
                . PHP_VERSION . ', ' . PHP_SAPI . '): build it in the folder ext, and add'
                . ' extension=wotrus.so to ' . (php_ini_loaded_file() ?: 'php.ini'));
        }
        $this->readCharset($options);
        $this->native = new Wotrus\Native($options);
    }

    /**
     * A client that shares the connections and has its own options: request_id, timeout, retries,
     * charset.
     */
    public function with(array $options)
    {
        $that = clone $this;
        $that->readCharset($options);
        $that->native = $this->native->with($options);
        return $that;
    }

    /**
     * Creates an order (section 2): orderinfoPost, organizationPost, documentsPost. A document has
     * fileType and fileContent, or instead the path of a file. The file is read while it is sent, so
     * it takes no memory. Returns orderID, orderID_RSA.
     */
    public function createOrder(
        #[\SensitiveParameter]
        array $order
    ) {
        return $this->operation('create_order', $order);
    }

    /** Queries an order (section 3): status, productName, cn, org, createTime, isPay, ... */
    public function queryOrder($orderID)
    {
        return $this->operation('query_order', ['orderID' => $orderID]);
    }

    /**
     * Retrieves an issued certificate (section 4); before that the exception's kind is not_ready. In
     * addition to pem_RSA, chains_RSA, ... the result has certificates: for each of RSA (also ECC),
     * Sign and Encrypt in the answer, pem, chain (in the order of the answer, root first), full_chain
     * (for a server's PEM file) and root.
     */
    public function retrieveCertificate($orderID)
    {
        return $this->operation('retrieve_certificate', ['orderID' => $orderID]);
    }

    /** Cancels an order that is neither issued nor revoked (section 5). */
    public function cancelOrder($orderID, $reason)
    {
        return $this->operation('cancel_order', ['orderID' => $orderID, 'reason' => $reason]);
    }

    /**
     * Requests a revocation (section 6): orderID, reason, and the organisation's proof as fileType
     * and fileContent, or as path. Returns revokeStatus, which may be pendingAudit, and revoked.
     */
    public function revokeCertificate(
        #[\SensitiveParameter]
        array $revocation
    ) {
        return $this->operation('revoke_certificate', $revocation);
    }

    /**
     * Requests a reissue (section 7): orderID, csr, reason; csR_Encrypt for SM2; a proof as fileType
     * and fileContent, or as path, for SM2 and Sectigo products; idempotenceID. Returns newOrderID.
     */
    public function reissueCertificate(
        #[\SensitiveParameter]
        array $reissue
    ) {
        return $this->operation('reissue_certificate', $reissue);
    }

    /** Has the service tell the customer that the order is issued (section 9). */
    public function notifyByEmail($orderID, $collectUrl)
    {
        return $this->operation('notify_by_email', ['orderID' => $orderID, 'collectUrl' => $collectUrl]);
    }

    /**
     * Waits up to $timeout seconds until the order is issued, and retrieves its certificate. Use it
     * on the command line only: a manual review takes days. A web page should wait for the push.
     */
    public function waitForCertificate($orderID, $timeout = 600)
    {
        return $this->operation('wait_for_certificate', ['orderID' => $orderID, 'timeout' => $timeout]);
    }

    /**
     * Calls any other endpoint by method and path: "GET /v1/...", "POST /v1/...". Returns the whole
     * answer, with its envelope. A POST is never sent again once the service may have it.
     */
    public function call(
        $operation,
        #[\SensitiveParameter]
        $body = null
    ) {
        return $this->answer($operation, $body);
    }

    /**
     * Reads the body of a push, file_get_contents('php://input') at your push URL (section 8).
     * Returns dataAction and, for "order", orderID, isIssued and isRevoked; text is UTF-8. Anybody can
     * send a push, so it only tells when to query the order. Answer with HTTP 200; otherwise the
     * service sends it again, three times in all.
     */
    public static function readPush($body)
    {
        // The library reads the push. This client connects to nothing.
        $client = new self(['token' => 'tk_none']);
        $reply = $client->native->request('read_push', (string) $body);
        $client->check($reply);
        $push = self::values($reply);
        $push = is_array($push) ? $push : [];
        if ($reply->orderId() !== null) {
            $push['orderID'] = $reply->orderId();
            foreach (['isIssued', 'isRevoked'] as $name) {
                $value = isset($push[$name]) ? $push[$name] : false;
                $text = is_string($value) || is_int($value) ? strtolower(trim($value)) : '';
                $push[$name] = $value === true || $text === 'true' || $text === '1';
            }
        }
        return $push;
    }

    private function readCharset(array $options)
    {
        if (!isset($options['charset']) || !is_string($options['charset'])) {
            return;
        }
        $this->isGb18030 = strtoupper($options['charset']) === 'GB18030';
        if ($this->isGb18030 && !function_exists('iconv') && !function_exists('mb_convert_encoding')) {
            throw self::refusal('config', 'charset', 'GB18030 needs PHP\'s extension iconv or mbstring');
        }
    }

    /** The fields of data, together with order_id, request_id and attempts. */
    private function operation(
        $operation,
        #[\SensitiveParameter]
        array $body
    ) {
        $answer = $this->answer($operation, $body);
        $data = isset($answer['data']) ? $answer['data'] : [];
        unset($answer['data'], $answer['isSuccess'], $answer['errorMsg'], $answer['successMsg'], $answer['page']);
        return (is_array($data) ? $data : ['data' => $data]) + $answer;
    }

    private function answer(
        $operation,
        #[\SensitiveParameter]
        $body
    ) {
        if ($body !== null) {
            if (!is_array($body)) {
                throw self::refusal('argument', 'body', 'is neither an array nor null');
            }
            // json_encode() writes an empty array as []. The JSON is ASCII, because the second byte of
            // a GBK character may be a backslash.
            $body = $body === [] ? '{}' : json_encode($this->toUtf8($body, 'json', 0), JSON_UNESCAPED_SLASHES);
            if ($body === false) {
                throw self::refusal('argument', 'json', json_last_error_msg());
            }
        }
        $reply = $this->native->request($operation, $body);
        $this->check($reply);
        $answer = self::values($reply);
        // JSON that PHP cannot read must not hide the id of an order.
        $answer = is_array($answer) ? $this->fromUtf8($answer) : ['body' => $reply->body()];
        $answer['order_id'] = $reply->orderId();
        $answer['request_id'] = $reply->requestId();
        $answer['attempts'] = $reply->attempts();
        $certificates = [];
        foreach (['RSA', 'Sign', 'Encrypt'] as $which) {
            if ($reply->pem($which) !== null) {
                $certificates[$which] = ['pem' => $reply->pem($which), 'chain' => $reply->chain($which),
                    'full_chain' => $reply->fullChain($which), 'root' => $reply->root($which)];
            }
        }
        if ($certificates !== []) {
            $answer['certificates'] = $certificates + (isset($answer['certificates']) ? (array) $answer['certificates'] : []);
        }
        return $answer;
    }

    private function check(Wotrus\NativeReply $reply)
    {
        if ($reply->status() === 0) {
            return;
        }
        $json = $this->fromUtf8(self::values($reply));
        $facts = $reply->facts();
        foreach (['field', 'service_message'] as $name) {
            $facts[$name] = isset($json['error'][$name]) ? $json['error'][$name] : null;
        }
        throw new WotrusException($facts);
    }

    /** The caller's value in UTF-8. A text in another charset is refused, naming its field. */
    private function toUtf8($value, $field, $depth)
    {
        if (is_string($value)) {
            return $this->textToUtf8($value, $field);
        }
        if ($value === null || is_int($value) || is_bool($value) || (is_float($value) && is_finite($value))) {
            return $value;
        }
        // Objects as json_encode() sees them. An empty one is the only way to write {}.
        if ($depth < 64 && ($value instanceof JsonSerializable || $value instanceof BackedEnum)) {
            $inner = $value instanceof JsonSerializable ? $value->jsonSerialize() : $value->value;
            if ($inner !== $value) {
                return $this->toUtf8($inner, $field, $depth + 1);
            }
        }
        $isObject = is_object($value) && !$value instanceof UnitEnum;
        if ((!is_array($value) && !$isObject) || $depth === 64) {
            throw self::refusal('argument', $field, 'is neither text, a number, a boolean, null nor an array of these');
        }
        $all = [];
        // A cast makes an array that contains the closure.
        foreach ($value instanceof Closure ? [] : (array) $value as $name => $item) {
            // Names that begin with NUL are those of private and protected properties.
            if ($isObject && strncmp($name, "\0", 1) === 0) {
                continue;
            }
            // Messages are logged, so any other name must not be in them.
            $inner = is_int($name) ? "$field.$name" : (preg_match('/^\w{1,64}$/D', $name) ? $name : $field);
            $all[is_int($name) ? $name : $this->textToUtf8($name, 'json')] = $this->toUtf8($item, $inner, $depth + 1);
        }
        return $isObject ? (object) $all : $all;
    }

    private function textToUtf8($text, $field)
    {
        if (!preg_match('/[\x80-\xff]/', $text)) {
            return $text;
        }
        if (!$this->isGb18030) {
            $utf8 = preg_match('//u', $text) ? $text : false;
        } elseif (function_exists('iconv')) {
            $utf8 = @iconv('GB18030', 'UTF-8', $text); // raises a notice for invalid text
        } else {
            $utf8 = mb_check_encoding($text, 'GB18030') ? mb_convert_encoding($text, 'UTF-8', 'GB18030') : false;
        }
        if ($utf8 === false) {
            throw self::refusal('argument', $field, 'is not ' . ($this->isGb18030 ? 'GB18030' : 'UTF-8'));
        }
        return $utf8;
    }

    /** The service's value in the caller's charset. GB18030 includes all of Unicode. */
    private function fromUtf8($value)
    {
        if (!$this->isGb18030 || (!is_string($value) && !is_array($value))) {
            return $value;
        }
        if (is_string($value)) {
            if (!preg_match('/[\x80-\xff]/', $value)) {
                return $value;
            }
            $text = function_exists('iconv')
                ? @iconv('UTF-8', 'GB18030', $value)
                : mb_convert_encoding($value, 'GB18030', 'UTF-8');
            return $text === false ? $value : $text;
        }
        $all = [];
        foreach ($value as $name => $item) {
            $all[is_string($name) ? $this->fromUtf8($name) : $name] = $this->fromUtf8($item);
        }
        return $all;
    }

    /** The answer, or the failure, as arrays; null if PHP cannot read it. */
    private static function values(Wotrus\NativeReply $reply)
    {
        $values = $reply->values();
        return $values !== null ? $values : self::decode($reply->json());
    }

    /** The value as arrays; null if PHP cannot read it. */
    private static function decode($json)
    {
        $json = ltrim($json, "\xef\xbb\xbf");
        $value = json_decode($json, true, 512, JSON_BIGINT_AS_STRING);
        if ($value === null && json_last_error() === JSON_ERROR_UTF16) {
            // PHP refuses a whole document for an unpaired surrogate, which becomes U+FFFD here.
            $escape = '/\\\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)/s';
            $json = preg_replace_callback($escape, function ($match) {
                return isset($match[1]) ? '\ufffd' : $match[0];
            }, $json);
            $value = json_decode($json, true, 512, JSON_BIGINT_AS_STRING);
        }
        return $value;
    }

    /** An exception for a mistake that is found before the library is called. */
    private static function refusal($kind, $field, $problem)
    {
        return new WotrusException([
            'status' => $kind === 'config' ? 2 : 1, 'kind' => $kind, 'cause' => 'invalid',
            'delivery' => 'not_sent', 'message' => "$field: $problem", 'field' => $field,
        ]);
    }
}

/**
 * Every failure. getMessage() is one sentence without secrets; getCode() is the number of the kind
 * in C.
 */
class WotrusException extends RuntimeException
{
    private $facts;

    public function __construct(array $facts)
    {
        parent::__construct($facts['message'], $facts['status']);
        $this->facts = $facts;
        $this->removeArguments();
    }

    /** argument, config, auth, refused, not_ready, unknown_outcome, network, protocol, file, ... */
    public function getKind()
    {
        return $this->fact('kind');
    }

    /** The cause within the kind: dns, tls, timeout, not_json, ... */
    public function getCause()
    {
        return $this->fact('cause');
    }

    /**
     * Whether the service got the call: not_sent (the order does not exist), answered (the service
     * has decided), unknown (the order may exist).
     */
    public function getDelivery()
    {
        return $this->fact('delivery');
    }

    /** The HTTP status of the last answer; null if there was none. */
    public function getHttpStatus()
    {
        return $this->fact('http_status');
    }

    /** The RequestID that was sent. The service finds the call in its logs by it. */
    public function getRequestId()
    {
        return $this->fact('request_id');
    }

    /** The idempotenceID of the call. With the same one the call may be sent again. */
    public function getIdempotenceId()
    {
        return $this->fact('idempotence_id');
    }

    /** How many times the call was sent; 0 if it was refused before. */
    public function getAttempts()
    {
        return (int) $this->fact('attempts');
    }

    /** The seconds that the service asked to wait; null if it did not ask. */
    public function getRetryAfter()
    {
        $time = $this->fact('retry_after_ms');
        return $time === null ? null : $time / 1000;
    }

    /** The name of the field or option that was refused. */
    public function getField()
    {
        return $this->fact('field');
    }

    /** The service's own message; null if there was none. */
    public function getServiceMessage()
    {
        return $this->fact('service_message');
    }

    private function fact($name)
    {
        return isset($this->facts[$name]) ? $this->facts[$name] : null;
    }

    /** The arguments include the token and the order, and error pages and logs print traces. */
    private function removeArguments()
    {
        $property = new ReflectionProperty('Exception', 'trace');
        if (PHP_VERSION_ID < 80100) {
            $property->setAccessible(true);
        }
        $trace = $property->getValue($this);
        foreach (array_keys($trace) as $frame) {
            unset($trace[$frame]['args']);
        }
        $property->setValue($this, $trace);
    }
}
