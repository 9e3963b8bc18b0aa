<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The fields of a revocation (section 6), for Client::revokeCertificate().
 */
final class RevocationRequest
{
    use ProofFields;

    public function __construct(string $orderID, string $reason)
    {
        $this->fields = ['orderID' => $orderID, 'reason' => $reason];
    }
}
