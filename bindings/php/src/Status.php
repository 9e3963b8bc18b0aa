<?php

declare(strict_types=1);

namespace Wotrus;

/** The statuses of an order. The service may send others; treat an unknown one as not issued. */
final class Status
{
    /** Needs no manual review: issues by itself after domain validation. */
    public const PENDING_AUTO_ISSUE = 'pendingAutoIssue';
    /** Waits for manual review. */
    public const PENDING = 'pending';
    /** Under review at WoTrus. */
    public const PENDING_SUBMIT_ORDER_TO_CA = 'pendingSubmitOrderToCA';
    /** Waits for domain control validation. */
    public const PENDING_DCV = 'pendingDCV';
    /** Waits for the CA. */
    public const PENDING_CA_ISSUED = 'pendingCAIssued';
    /** Issued: the certificate can be retrieved. */
    public const ISSUED = 'issued';
    /** The revocation is under manual review. */
    public const PENDING_REVOKE = 'pendingRevoke';
    public const REVOKED = 'revoked';
    public const REJECTED = 'rejected';
    public const CLOSED = 'closed';
    public const UNKNOWN = 'unknown';

    /** Statuses that never change again. */
    public const FINAL = [self::REVOKED, self::REJECTED, self::CLOSED];
}
