"""Replies."""
import ctypes
import json
from typing import Any, List, Optional

from ._errors import WotrusError, error_class
from ._library import Handle, Text, encoded, from_charset, library


class Reply:
    """The reply of a call that succeeded. It is immutable; threads may share it."""

    def __init__(self, pointer: int, charset: str) -> None:
        self._handle = Handle(pointer, library().wotrus_reply_free)
        self._charset = charset

    def __repr__(self) -> str:
        # An answer may contain personal data.
        return f"<wotrus.Reply order_id={self.order_id!r} attempts={self.attempts}>"

    # --- about the call

    @property
    def kind(self) -> str:
        return self._text("kind") or ""

    @property
    def message(self) -> str:
        """The service's own message (successMsg), or ""."""
        return self._text("message") or ""

    @property
    def http_status(self) -> Optional[int]:
        """None if no answer came, as for a push."""
        return int(library().wotrus_reply_http_status(self._handle.pointer)) or None

    @property
    def request_id(self) -> Optional[str]:
        """The RequestID that was sent, by which the service finds the call in its logs."""
        return self._text("request_id")

    @property
    def idempotence_id(self) -> Optional[str]:
        """The idempotenceID of the order or reissue."""
        return self._text("idempotence_id")

    @property
    def attempts(self) -> int:
        """How often the call was sent."""
        return int(library().wotrus_reply_attempts(self._handle.pointer))

    @property
    def warnings(self) -> List[str]:
        """Such as: the answer is about another order than the one that was asked for."""
        warnings: List[str] = []
        while True:
            text = self._text("warning", len(warnings))
            if text is None:
                return warnings
            warnings.append(text)

    # --- what came

    @property
    def order_id(self) -> Optional[str]:
        """The ID of the order that was created, queried, reissued or pushed."""
        return self._text("order_id")

    def get(self, path: str) -> Optional[str]:
        """A field, such as "status", "org.orgName" or "chains_RSA.0", in any ASCII case.

        Numbers and booleans are returned as text, objects and arrays as JSON, null and absent fields as None.
        """
        return self._text("get", self._argument("path", path))

    def json(self) -> Any:
        """The whole reply: the answer with its envelope, or the push. May contain personal data."""
        return json.loads(self._bytes("json") or b"null")

    def body(self) -> Optional[bytes]:
        """The answer or the push as the bytes that came, in UTF-8."""
        return self._bytes("body")

    # --- certificates; which is "RSA" (also for ECC keys), "Sign" or "Encrypt" (SM2), None the first that came

    def pem(self, which: Optional[str] = None) -> Optional[str]:
        """The certificate in PEM; None if it did not come."""
        return self._certificate("pem", which)

    def full_chain(self, which: Optional[str] = None) -> Optional[str]:
        """The content of a server's certificate file: the certificate, then each issuer, without the root."""
        return self._certificate("full_chain", which)

    def full_chain_with_root(self, which: Optional[str] = None) -> Optional[str]:
        """The same followed by the root, if the service sent it."""
        return self._certificate("full_chain_with_root", which)

    def intermediates(self, which: Optional[str] = None) -> Optional[str]:
        """The issuers alone, without the root; "" if there are none."""
        return self._certificate("intermediates", which)

    def chain_status(self, which: Optional[str] = None) -> Optional[str]:
        """"complete", "incomplete" (clients will not trust the server) or "none"."""
        return self._certificate("chain_status", which)

    def chain(self, which: Optional[str] = None) -> List[str]:
        """The chain as the service sent it: the top root first."""
        chain: List[str] = []
        while True:
            text = self._text("chain", self._which(which), len(chain))
            if text is None:
                return chain
            chain.append(text)

    def root(self, which: Optional[str] = None) -> Optional[str]:
        """The root; None if the service did not send the chain up to it."""
        return self._certificate("root", which)

    def matches_csr(self, csr: Text, which: Optional[str] = None) -> Optional[bool]:
        """Whether the certificate belongs to the key of the CSR (PEM); None if one of the two cannot be read."""
        matches = library().wotrus_reply_matches_csr(
            self._handle.pointer, self._which(which), self._argument("csr", csr))
        return None if matches < 0 else bool(matches)

    # --- for this package

    def _error(self) -> Optional[WotrusError]:
        """The error that the reply tells of; None if the call succeeded."""
        if library().wotrus_reply_status(self._handle.pointer) == 0:
            return None
        error = error_class(self.kind)(
            self.message, cause=self._text("cause") or "", delivery=self._text("delivery") or "",
            http_status=self.http_status, request_id=self.request_id, idempotence_id=self.idempotence_id,
            attempts=self.attempts, retry_after=self._retry_after(), field=self.get("field"),
            service_message=self.get("service_message"))
        error.kind = self.kind
        return error

    def _certificate(self, function: str, which: Optional[str]) -> Optional[str]:
        return self._text(function, self._which(which))

    def _which(self, which: Optional[str]) -> Optional[bytes]:
        return None if which is None else self._argument("which", which)

    def _argument(self, name: str, text: Text) -> bytes:
        return encoded(text, self._charset, name)

    def _text(self, function: str, *arguments: Any) -> Optional[str]:
        text = getattr(library(), "wotrus_reply_" + function)(self._handle.pointer, *arguments)
        return None if text is None else from_charset(text, self._charset)

    def _bytes(self, function: str) -> Optional[bytes]:
        length = ctypes.c_size_t()
        pointer = getattr(library(), "wotrus_reply_" + function)(self._handle.pointer, ctypes.byref(length))
        return None if pointer is None else ctypes.string_at(pointer, length.value)

    def _retry_after(self) -> Optional[float]:
        milliseconds = library().wotrus_reply_retry_after_ms(self._handle.pointer)
        return None if milliseconds < 0 else milliseconds / 1000
