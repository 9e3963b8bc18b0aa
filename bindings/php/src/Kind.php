<?php

declare(strict_types=1);

namespace Wotrus;

/** The kinds of failure: WotrusException::getKind(). A newer library may add some. */
final class Kind
{
    /** Refused before anything was sent. */
    public const ARGUMENT = 'argument';
    /** An option cannot be used. */
    public const CONFIG = 'config';
    /** The service does not accept the token. */
    public const AUTH = 'auth';
    /** The service refused the call, or the order ended without a certificate. */
    public const REFUSED = 'refused';
    /** The certificate is not issued yet. */
    public const NOT_READY = 'not_ready';
    /** A writing call may have been processed, and no usable answer came. */
    public const UNKNOWN_OUTCOME = 'unknown_outcome';
    /** Nothing was sent, or a reading call got no answer. */
    public const NETWORK = 'network';
    /** The answer cannot be used. */
    public const PROTOCOL = 'protocol';
    /** A local file cannot be read. */
    public const FILE = 'file';
    public const CANCELLED = 'cancelled';
    /** A defect of the library. */
    public const INTERNAL = 'internal';
}
