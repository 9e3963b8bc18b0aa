<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The fields of a reissue (section 7), for Client::reissueCertificate(). SM2 and Sectigo products need
 * a proof.
 */
final class ReissueRequest
{
    use ProofFields;

    /**
     * @param string $idempotenceID the key of the reissue in your database: with it the reissue can
     *                              be sent again safely
     * @param string $orderID       the issued order
     * @param string $csr           the new certificate request in PEM
     */
    public function __construct(string $idempotenceID, string $orderID, string $csr, string $reason)
    {
        $this->fields = ['orderID' => $orderID, 'csr' => $csr, 'reason' => $reason, 'idempotenceID' => $idempotenceID];
    }

    /** The request for the encryption certificate, for SM2. */
    public function encryptionCsr(string $pem): self
    {
        $this->fields['csR_Encrypt'] = $pem;
        return $this;
    }
}
