"""Orders, tracks, fetches, cancels, revokes and reissues WoTrus certificates.

    with wotrus.Client(token="tk_...") as client:
        order = wotrus.Order(productID="...", commonName="...", month=12, OrgName="...", countryCode="CN",
                             csR_RSA=csr, idempotenceID="order-4711")
        order.add_document(wotrus.DocumentType.BUSINESS_LICENCE, "licence.pdf")
        order_id = client.create_order(order).order_id
        certificate = client.wait_for_certificate(order_id).full_chain()
"""
from ._client import Client, read_push
from ._errors import (
    ArgumentError, AuthError, CancelledError, ConfigError, FileError, InternalError, NetworkError, NotReadyError,
    ProtocolError, RefusedError, UnknownOutcomeError, WotrusError)
from ._interrupt import Interrupted
from ._library import load_library, version
from ._reply import Reply
from ._requests import Document, DocumentType, Order, Reissue

__all__ = [
    "ArgumentError", "AuthError", "CancelledError", "Client", "ConfigError", "Document", "DocumentType", "FileError",
    "InternalError", "Interrupted", "NetworkError", "NotReadyError", "Order", "ProtocolError", "RefusedError",
    "Reissue", "Reply", "UnknownOutcomeError", "WotrusError", "load_library", "read_push", "version",
]
