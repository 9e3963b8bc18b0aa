<?php

declare(strict_types=1);

namespace Wotrus;

/** The causes of failures: WotrusException::getCause(). A newer library may add some. */
final class Cause
{
    public const INVALID = 'invalid';
    /** The host name cannot be resolved. */
    public const DNS = 'dns';
    public const CONNECT = 'connect';
    public const PROXY = 'proxy';
    public const TLS = 'tls';
    public const TIMEOUT = 'timeout';
    /** The connection ended before the answer was complete. */
    public const CONNECTION_LOST = 'connection_lost';
    public const HTTP_STATUS = 'http_status';
    /** A redirect, which is not followed. */
    public const REDIRECT = 'redirect';
    /** The answer is not valid HTTP/1.1. */
    public const HTTP = 'http';
    public const NOT_JSON = 'not_json';
    /** JSON, but not the service's envelope, or without a required field. */
    public const ENVELOPE = 'envelope';
    public const TOO_LARGE = 'too_large';
    /** isSuccess, cancelResult or sentResult is false. */
    public const REFUSED = 'refused';
    public const NOT_ISSUED = 'not_issued';
    /** The order is rejected, closed or revoked. */
    public const ENDED = 'ended';
    /** A certificate cannot be read. */
    public const CERTIFICATE = 'certificate';
    public const FILE_READ = 'file_read';
    /** A file changed while it was sent. */
    public const FILE_CHANGED = 'file_changed';
    public const CANCELLED = 'cancelled';
    public const PANIC = 'panic';
    /** Neither the extension nor FFI can be used (of this package, not of the library). */
    public const UNAVAILABLE = 'unavailable';
}
