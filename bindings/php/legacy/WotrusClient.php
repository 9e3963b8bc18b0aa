<?php
/**
 * WoTrus certificates for sites on PHP 5.6 to 7.3, and any later: one file over the extension
 * wotrus (in the folder ext). On PHP 7.4 and later the package's Wotrus\Client has the same calls.
 *
 *     require 'WotrusClient.php';
 *     $client = new WotrusClient(['token' => trim(file_get_contents('/etc/wotrus/token'))]);
 *     $order = $client->createOrder([...]);
 */

/**
 * A client of the WoTrus reseller API. Every call blocks until there is an answer, an error, or its
 * time is over, and throws a WotrusException for anything but success.
 *
 * Arrays go in and come out under the document's own names. What comes out has, beside them,
 * order_id (the order the answer is about: the one to go on with), request_id and attempts.
 *
 * Give every order an idempotenceID, your database key for it: then a lost answer does no harm.
 */
class WotrusClient
{
    /** The names of answers in lower case, each with the document's: it spells some in two ways. */
    private static $names;

    private $native;
    private $isGb18030 = false;

    /**
     * The options are those of the library: token (required), base_url, timeout, connect_timeout,
     * retries, ca_file, proxy, max_answer_size, user_agent, request_id; times in seconds. charset is
     * UTF-8 or, for sites in GBK, GB18030: all text in and out is in it.
     *
     * An option that cannot be used is reported by every call, as a WotrusException of kind config.
     */
    public function __construct(array $options)
    {
        if (!class_exists('Wotrus\Native', false)) {
            throw self::refusal('config', 'extension', 'wotrus is not loaded into this PHP ('
                . PHP_VERSION . ', ' . PHP_SAPI . '): build it in the folder ext, and add'
                . ' extension=wotrus.so to ' . (php_ini_loaded_file() ?: 'php.ini'));
        }
        $this->readCharset($options);
        $this->native = new Wotrus\Native($options);
    }

    /**
     * The same client with options of its own for some of its calls: request_id, timeout, retries,
     * charset. It shares the connections.
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
     * fileType and fileContent, or in their place the path of a file, which is read while it is
     * sent and costs no memory. Returns orderID, orderID_RSA.
     */
    public function createOrder(array $order)
    {
        return $this->operation('create_order', $order);
    }

    /** Queries an order (section 3): status, productName, cn, org, createTime, isPay, ... */
    public function queryOrder($orderID)
    {
        return $this->operation('query_order', ['orderID' => $orderID]);
    }

    /**
     * Retrieves an issued certificate (section 4); before it is issued the kind is not_ready. Beside
     * pem_RSA, chains_RSA, ... there is certificates: for each of RSA (ECC too), Sign and Encrypt
     * that came, pem, chain (as it came: the root first), full_chain (what a server's file holds)
     * and root.
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
    public function revokeCertificate(array $revocation)
    {
        return $this->operation('revoke_certificate', $revocation);
    }

    /**
     * Requests a reissue (section 7): orderID, csr, reason; csR_Encrypt for SM2; a proof as fileType
     * and fileContent, or as path, for SM2 and Sectigo products; idempotenceID. Returns newOrderID.
     */
    public function reissueCertificate(array $reissue)
    {
        return $this->operation('reissue_certificate', $reissue);
    }

    /** Has the service tell the customer that the order is issued (section 9). */
    public function notifyByEmail($orderID, $collectUrl)
    {
        return $this->operation('notify_by_email', ['orderID' => $orderID, 'collectUrl' => $collectUrl]);
    }

    /**
     * Waits up to $timeout seconds until the order is issued, and retrieves its certificate. A
     * review by people takes days: for the command line; a web page should rather wait for the push.
     */
    public function waitForCertificate($orderID, $timeout = 600)
    {
        return $this->operation('wait_for_certificate', ['orderID' => $orderID, 'timeout' => $timeout]);
    }

    /**
     * Any other endpoint, by method and path: "GET /v1/...", "POST /v1/...". Returns the whole
     * answer, with its envelope. A POST is never sent again once the service may have it.
     */
    public function call($operation, $body = null)
    {
        return $this->answer($operation, $body);
    }

    /**
     * Reads the body of a request that the service sent to your push URL (section 8), which is
     * file_get_contents('php://input'): dataAction and, where that is "order", orderID, isIssued and
     * isRevoked. It is a hint that anybody can send: query the order before acting on it, and answer
     * 200; else it is sent again, three times in all. All text is UTF-8.
     */
    public static function readPush($body)
    {
        // The library reads it; a client that connects nowhere asks it.
        $client = new self(['token' => 'tk_none']);
        $reply = $client->native->call('read_push', (string) $body);
        $client->check($reply);
        $push = self::named(json_decode(ltrim($reply['json'], "\xef\xbb\xbf"), true, 128, JSON_BIGINT_AS_STRING));
        if ($reply['order_id'] !== null) {
            $push['orderID'] = $reply['order_id'];
            foreach (['isIssued', 'isRevoked'] as $name) {
                $value = isset($push[$name]) ? $push[$name] : false;
                $push[$name] = is_bool($value) ? $value : in_array(strtolower(trim((string) $value)), ['true', '1'], true);
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

    /** What the service sent in data, beside what tells of the call. */
    private function operation($operation, array $body)
    {
        $answer = $this->answer($operation, $body);
        $data = isset($answer['data']) ? $answer['data'] : [];
        unset($answer['data'], $answer['isSuccess'], $answer['errorMsg'], $answer['successMsg'], $answer['page']);
        return (is_array($data) ? $data : ['data' => $data]) + $answer;
    }

    private function answer($operation, $body)
    {
        if ($body !== null) {
            if (!is_array($body)) {
                throw self::refusal('argument', 'body', 'is neither an array nor null');
            }
            // ASCII, everything else as \u: the second byte of a GBK character can be a backslash.
            // Of an empty array PHP would make a list.
            $body = $body === [] ? '{}' : json_encode($this->toUtf8($body, 'json', 0), JSON_UNESCAPED_SLASHES);
            if ($body === false) {
                throw self::refusal('argument', 'json', json_last_error_msg());
            }
        }
        $reply = $this->native->call($operation, $body);
        $this->check($reply);
        $answer = json_decode($reply['json'], true, 512, JSON_BIGINT_AS_STRING);
        // JSON that PHP cannot read, such as half of a surrogate pair, must not hide an order's id.
        $answer = is_array($answer) ? self::named($this->fromUtf8($answer)) : ['body' => $reply['body']];
        foreach (['order_id', 'request_id', 'attempts'] as $name) {
            $answer[$name] = $reply[$name];
        }
        if ($reply['certificates']) {
            $answer['certificates'] = $reply['certificates'];
        }
        return $answer;
    }

    private function check(array $reply)
    {
        if ($reply['status'] === 0) {
            return;
        }
        $json = $this->fromUtf8(json_decode($reply['json'], true));
        foreach (['field', 'service_message'] as $name) {
            $reply[$name] = isset($json['error'][$name]) ? $json['error'][$name] : null;
        }
        throw new WotrusException($reply);
    }

    /** The caller's value in UTF-8, with each text looked at under its field's name. */
    private function toUtf8($value, $field, $depth)
    {
        if (is_string($value)) {
            return $this->textToUtf8($value, $field);
        }
        if ($value === null || is_int($value) || is_bool($value) || (is_float($value) && is_finite($value))) {
            return $value;
        }
        // An object is how PHP writes {} when it is empty.
        $isObject = $value instanceof stdClass;
        if ((!is_array($value) && !$isObject) || $depth === 64) {
            throw self::refusal('argument', $field, 'is neither a text, a number, a boolean, null nor an array of them');
        }
        $all = [];
        foreach ($isObject ? get_object_vars($value) : $value as $name => $item) {
            $inner = is_int($name) ? "$field.$name" : $name;
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
            $utf8 = @iconv('GB18030', 'UTF-8', $text); // a notice for what is not GB18030
        } else {
            $utf8 = mb_check_encoding($text, 'GB18030') ? mb_convert_encoding($text, 'UTF-8', 'GB18030') : false;
        }
        if ($utf8 === false) {
            throw self::refusal('argument', $field, 'is not ' . ($this->isGb18030 ? 'GB18030' : 'UTF-8'));
        }
        return $utf8;
    }

    /** The service's value as the caller has text. All of Unicode is in GB18030. */
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

    /** The members of an answer under the document's own names, in whatever case they came. */
    private static function named(array $value)
    {
        if (self::$names === null) {
            foreach (explode(' ', 'isSuccess errorMsg successMsg data page total limit skip orderID'
                . ' orderID_RSA id productName productID cn sn org orgName orgPhone orgEmail'
                . ' userFirstName userLastName userEmail userMobile idCardNumber isUpload status'
                . ' orderNumber duration durationType createTime serverCount includeRSA isUploadedPic'
                . ' isSNVerified isCSRSubmited isCustomerInfoFilled isPay pendingLink pem_RSA'
                . ' chains_RSA pem_Sign chains_Sign pem_Encrypt chains_Encrypt result cancelResult'
                . ' cancelFailedReason revokeStatus revoked newOrderID sentResult dataAction isIssued'
                . ' isRevoked') as $name) {
                self::$names[strtolower($name)] = $name;
            }
        }
        $all = [];
        foreach ($value as $name => $item) {
            $lower = strtolower($name);
            $known = isset(self::$names[$lower]) ? self::$names[$lower] : $name;
            // Both spellings in one object: the document's own is the one that counts.
            if ($known !== $name && array_key_exists($known, $value)) {
                $known = $name;
            }
            $all[$known] = is_array($item) ? self::named($item) : $item;
        }
        return $all;
    }

    /** A mistake that is found here. */
    private static function refusal($kind, $field, $problem)
    {
        return new WotrusException([
            'status' => $kind === 'config' ? 2 : 1, 'kind' => $kind, 'cause' => 'invalid',
            'delivery' => 'not_sent', 'message' => "$field: $problem", 'field' => $field,
        ]);
    }
}

/**
 * Every failure. getMessage() is one sentence for a person, without secrets; getCode() is the kind's
 * number in C.
 */
class WotrusException extends RuntimeException
{
    private $facts;

    public function __construct(array $facts)
    {
        parent::__construct($facts['message'], $facts['status']);
        $this->facts = $facts;
        $this->forgetArguments();
    }

    /** argument, config, auth, refused, not_ready, unknown_outcome, network, protocol, file, ... */
    public function getKind()
    {
        return $this->fact('kind');
    }

    /** The finer reason: dns, tls, timeout, not_json, ... */
    public function getCause()
    {
        return $this->fact('cause');
    }

    /**
     * Whether the service got the call: not_sent (an order does not exist), answered (the service
     * decided), unknown (it may exist).
     */
    public function getDelivery()
    {
        return $this->fact('delivery');
    }

    /** The HTTP status of the last answer, null if none came. */
    public function getHttpStatus()
    {
        return $this->fact('http_status');
    }

    /** The RequestID that was sent: by it the service finds the call in its logs. */
    public function getRequestId()
    {
        return $this->fact('request_id');
    }

    /** The idempotenceID the call carried: with the same one it may be sent again. */
    public function getIdempotenceId()
    {
        return $this->fact('idempotence_id');
    }

    /** How often the call was sent; 0 when it was refused here. */
    public function getAttempts()
    {
        return (int) $this->fact('attempts');
    }

    /** How many seconds the service asked to wait, null if it did not. */
    public function getRetryAfter()
    {
        $time = $this->fact('retry_after_ms');
        return $time === null ? null : $time / 1000;
    }

    /** The field or option that was refused here, by its name. */
    public function getField()
    {
        return $this->fact('field');
    }

    /** The service's own words, if it gave any. */
    public function getServiceMessage()
    {
        return $this->fact('service_message');
    }

    private function fact($name)
    {
        return isset($this->facts[$name]) ? $this->facts[$name] : null;
    }

    /** A trace holds the arguments of calls: a token, an order. Error pages and logs show them. */
    private function forgetArguments()
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
