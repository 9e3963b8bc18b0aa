<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * What the service answered, under the document's own names. The document spells them in more than
 * one case (Status in a table, status in an example), so an answer's are brought to one.
 */
final class Answer
{
    private const NAMES = [
        // The envelope, and the answers of sections 2 to 9.
        'isSuccess', 'errorMsg', 'successMsg', 'data', 'page', 'total', 'limit', 'skip',
        'orderID', 'orderID_RSA', 'id', 'productName', 'productID', 'cn', 'sn', 'org', 'orgName',
        'orgPhone', 'orgEmail', 'userFirstName', 'userLastName', 'userEmail', 'userMobile',
        'idCardNumber', 'isUpload', 'status', 'orderNumber', 'duration', 'durationType', 'createTime',
        'serverCount', 'includeRSA', 'isUploadedPic', 'isSNVerified', 'isCSRSubmited',
        'isCustomerInfoFilled', 'isPay', 'pendingLink', 'pem_RSA', 'chains_RSA', 'pem_Sign',
        'chains_Sign', 'pem_Encrypt', 'chains_Encrypt', 'result', 'cancelResult',
        'cancelFailedReason', 'revokeStatus', 'revoked', 'newOrderID', 'sentResult', 'dataAction',
        'isIssued', 'isRevoked',
    ];

    /** @var array<string, string>|null */
    private static $known;

    /**
     * The members of an answer or a push, with the names the document has for them.
     *
     * @param array<int|string, mixed> $value
     * @return array<int|string, mixed>
     */
    public static function named(array $value): array
    {
        if (self::$known === null) {
            self::$known = array_combine(array_map('strtolower', self::NAMES), self::NAMES);
        }
        $all = [];
        foreach ($value as $name => $item) {
            $known = self::$known[strtolower((string) $name)] ?? $name;
            // Both spellings in one object: the document's own is the one that counts.
            if ($known !== $name && array_key_exists($known, $value)) {
                $known = $name;
            }
            $all[$known] = is_array($item) ? self::named($item) : $item;
        }
        return $all;
    }
}
