"""Errors: one class for each kind."""
from typing import Dict, Optional, Type


class WotrusError(Exception):
    """A call failed. str() is one sentence for a person, without secrets."""

    #: The kind as a word, such as "unknown_outcome".
    kind: str = ""

    def __init__(self, message: str, *, cause: str = "invalid", delivery: str = "not_sent",
                 http_status: Optional[int] = None, request_id: Optional[str] = None,
                 idempotence_id: Optional[str] = None, attempts: int = 0, retry_after: Optional[float] = None,
                 field: Optional[str] = None, service_message: Optional[str] = None) -> None:
        super().__init__(message)
        #: The same sentence as str().
        self.message = message
        #: A finer word than the kind: "dns", "tls", "timeout", "connection_lost", "http_status", ...
        self.cause = cause
        #: Whether the service received the call, over all attempts: "not_sent", "answered" or "unknown".
        self.delivery = delivery
        #: The HTTP status of the last answer.
        self.http_status = http_status
        #: The RequestID that was sent, by which the service finds the call in its logs.
        self.request_id = request_id
        #: The idempotenceID of the order or reissue.
        self.idempotence_id = idempotence_id
        #: The number of attempts; 0 if the call was refused before the first.
        self.attempts = attempts
        #: How long the service asked to wait, in seconds.
        self.retry_after = retry_after
        #: The field or option that was refused.
        self.field = field
        #: The service's own words.
        self.service_message = service_message


class ArgumentError(WotrusError):
    """An argument was refused before anything was sent; the message and ``field`` name it."""
    kind = "argument"


class ConfigError(WotrusError):
    """An option of the client is invalid."""
    kind = "config"


class AuthError(WotrusError):
    """The service rejected the token."""
    kind = "auth"


class RefusedError(WotrusError):
    """The service refused the call and said why, or the order ended without a certificate."""
    kind = "refused"


class NotReadyError(WotrusError):
    """The certificate is not issued yet."""
    kind = "not_ready"


class UnknownOutcomeError(WotrusError):
    """A writing call may have been processed, and no usable answer came: the order may exist."""
    kind = "unknown_outcome"


class NetworkError(WotrusError):
    """Nothing was sent, or a reading call got no answer."""
    kind = "network"


class ProtocolError(WotrusError):
    """The answer cannot be used."""
    kind = "protocol"


class FileError(WotrusError):
    """A local file cannot be read."""
    kind = "file"


class CancelledError(WotrusError):
    """The call was cancelled, or stopped by ``on_event``, whose exception is then ``__cause__``."""
    kind = "cancelled"


class InternalError(WotrusError):
    """A defect of the library."""
    kind = "internal"


_CLASSES: Dict[str, Type[WotrusError]] = {
    error.kind: error for error in (
        ArgumentError, ConfigError, AuthError, RefusedError, NotReadyError, UnknownOutcomeError, NetworkError,
        ProtocolError, FileError, CancelledError, InternalError)
}


def error_class(kind: str) -> Type[WotrusError]:
    """The class of a kind; WotrusError itself for one that a later version adds."""
    return _CLASSES.get(kind, WotrusError)
