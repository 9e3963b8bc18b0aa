<?php

declare(strict_types=1);

namespace Wotrus;

/**
 * The result of Client::revokeCertificate() (section 6).
 *
 * @property-read string $revokeStatus such as "pendingAudit": the request was accepted
 * @property-read bool   $revoked      whether the certificate is revoked already
 */
final class Revocation extends Result
{
    protected const PROPERTIES = self::CALL + ['revokeStatus' => 'string', 'revoked' => 'bool'];
}
