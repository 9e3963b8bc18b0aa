<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The names of an answer's fields. The document spells some of them in two ways (Status in a table,
 * status in an example), so names are compared without case and get one spelling.
 */
final class FieldNames
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

    /** @var array<string, string>|null lower case => the document's spelling */
    private static ?array $known = null;
    /** @var array<string, string> the document's spelling => itself */
    private static array $exact;

    /**
     * The fields of an answer or a push, each with the document's spelling of its name.
     *
     * @param array<int|string, mixed> $fields
     * @return array<int|string, mixed>
     */
    public static function normalized(array $fields): array
    {
        if (self::$known === null) {
            self::$known = array_combine(array_map('strtolower', self::NAMES), self::NAMES);
            self::$exact = array_combine(self::NAMES, self::NAMES);
        }
        if (array_diff_key($fields, self::$exact) === []) {
            // The usual case: every name has the document's spelling already.
            foreach ($fields as $name => $value) {
                if (is_array($value)) {
                    $fields[$name] = self::normalized($value);
                }
            }
            return $fields;
        }
        $all = [];
        foreach ($fields as $name => $value) {
            $known = self::$known[strtolower((string) $name)] ?? $name;
            // If one object has both spellings, the document's own wins.
            if ($known !== $name && array_key_exists($known, $fields)) {
                $known = $name;
            }
            $all[$known] = is_array($value) ? self::normalized($value) : $value;
        }
        return $all;
    }
}
