<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The result of Client::queryOrder() (section 3).
 *
 * @property-read string      $id                   the order
 * @property-read string      $status               one of the constants of Status, or a new one of the service
 * @property-read string|null $productName
 * @property-read string|null $productID
 * @property-read string|null $cn                   the common name
 * @property-read string|null $sn                   the host names of an SSL order
 * @property-read array{id?: string|null, orgName?: string|null, orgPhone?: string|null, orgEmail?: string|null, userFirstName?: string|null, userLastName?: string|null, userEmail?: string|null, userMobile?: string|null, idCardNumber?: string|null, isUpload?: bool|null, status?: string|null} $org the organisation, personal data included
 * @property-read string|null $orderNumber
 * @property-read int|null    $duration             months
 * @property-read int|null    $durationType
 * @property-read string|null $createTime           RFC 3339; see createdAt()
 * @property-read int|null    $serverCount
 * @property-read bool|null   $includeRSA
 * @property-read bool|null   $isUploadedPic        whether the documents are uploaded
 * @property-read bool|null   $isSNVerified         whether the host names are validated
 * @property-read bool|null   $isCSRSubmited        whether the CSR is there (the document's spelling)
 * @property-read bool|null   $isCustomerInfoFilled
 * @property-read int|null    $isPay                one of the constants of Payment
 * @property-read string|null $pendingLink          a page where the end customer completes the order; keep it secret
 */
final class Order extends Result
{
    protected const PROPERTIES = self::CALL + [
        'id' => 'string', 'status' => 'string', 'productName' => '?string', 'productID' => '?string',
        'cn' => '?string', 'sn' => '?string', 'org' => 'array', 'orderNumber' => '?string',
        'duration' => '?int', 'durationType' => '?int', 'createTime' => '?string', 'serverCount' => '?int',
        'includeRSA' => '?bool', 'isUploadedPic' => '?bool', 'isSNVerified' => '?bool',
        'isCSRSubmited' => '?bool', 'isCustomerInfoFilled' => '?bool', 'isPay' => '?int',
        'pendingLink' => '?string',
    ];

    /** Whether the certificate can be retrieved. */
    public function isIssued(): bool
    {
        return $this->status === Status::ISSUED;
    }

    /** Whether the status never changes again. An issued order can still be revoked. */
    public function isFinal(): bool
    {
        return in_array($this->status, Status::FINAL, true);
    }

    /** createTime as an object; null if it is absent or not a time. */
    public function createdAt(): ?\DateTimeImmutable
    {
        try {
            return $this->createTime === null ? null : new \DateTimeImmutable($this->createTime);
        } catch (\Exception $error) {
            return null;
        }
    }
}
