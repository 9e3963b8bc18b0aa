"""Orders, reissues and documents: what is sent."""
import os
from typing import Any, Dict, List, Optional, Tuple, Union

from ._declarations import AUTHORIZATION, BUSINESS_LICENCE, IDENTITY_CARD
from ._errors import ArgumentError
from ._library import Content, Handle, Text, content_of, encoded, library, text_of


class DocumentType:
    """documentType in section 2; another number that the service accepts may be given too."""

    AUTHORIZATION = AUTHORIZATION
    BUSINESS_LICENCE = BUSINESS_LICENCE
    IDENTITY_CARD = IDENTITY_CARD


class Document:
    """A file to send. Give a path: the file is read while it is sent.

    Document("licence.pdf") or Document(bytes=scan, file_type=".jpg"). file_type is derived from the name of a
    file unless it is given.
    """

    def __init__(self, path: "Optional[Union[str, os.PathLike[str]]]" = None, *, bytes: Optional[Content] = None,
                 file_type: Optional[str] = None) -> None:
        if (path is None) == (bytes is None):
            raise TypeError("a document has a path or bytes")
        self._path, self._file_type = path, file_type
        self._content = None if bytes is None else content_of(bytes, "bytes")

    def _handle(self, charset: str) -> Handle:
        file_type = None if self._file_type is None else encoded(self._file_type, "utf-8", "file_type")
        if self._path is None:
            content = self._content or b""
            pointer = library().wotrus_document_from_bytes(content, len(content), file_type)
        else:
            # On Windows a path is text in the client's charset; elsewhere it is the bytes of the file system.
            path = os.fspath(self._path) if os.name == "nt" else os.fsencode(self._path)
            if not path:
                raise ArgumentError("path: is empty", field="path")
            pointer = library().wotrus_document_from_path(encoded(path, charset, "path"), file_type)
        return Handle(pointer, library().wotrus_document_free)


class _Fields:
    def __init__(self, **fields: Any) -> None:
        self._fields: Dict[str, Any] = fields

    def __setitem__(self, name: str, value: Any) -> None:
        self._fields[name] = value

    def _set(self, setter: Any, pointer: int, charset: str) -> None:
        for name, value in self._fields.items():
            if value is not None:
                setter(pointer, encoded(name, "utf-8", "name"), encoded(_text_of(name, value), charset, name))


def _text_of(name: str, value: Any) -> Text:
    text = text_of(value)
    if text is None:
        raise ArgumentError(
            f"{name}: is neither a text nor a number of ordinary size, but {type(value).__name__}", field=name)
    return text


class Order(_Fields):
    """An order, with the names of the document's fields (section 2) in any ASCII case.

    Order(productID=..., commonName=..., month=12, OrgName=..., csR_RSA=..., idempotenceID="order-4711"). A field
    that the document does not have needs its part: order["orderinfoPost.Hosts"] = ... None leaves a field out.
    """

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self._documents: List[Tuple[int, Document]] = []

    def add_document(self, document_type: int, document: "Union[str, os.PathLike[str], Document]") -> None:
        """Adds a document by its path, or a Document."""
        try:
            # ctypes would pass the lower 32 bits.
            valid = int(document_type) == float(document_type) and 0 <= int(document_type) < 2 ** 32
        except (TypeError, ValueError, OverflowError):
            valid = False
        if not valid:
            raise ArgumentError("documentType: is not a number of a type of documents", field="documentType")
        self._documents.append((int(document_type), document_of(document)))

    def _handle(self, charset: str) -> Handle:
        handle = Handle(library().wotrus_order_new(), library().wotrus_order_free)
        self._set(library().wotrus_order_set, handle.pointer, charset)
        for document_type, document in self._documents:
            # A name keeps the document until the order has it.
            added = document._handle(charset)
            library().wotrus_order_add_document(handle.pointer, document_type, added.pointer)
        return handle


class Reissue(_Fields):
    """A reissue (section 7): orderID, csr and reason; csR_Encrypt for SM2; idempotenceID."""

    def __init__(self, proof: "Optional[Union[str, os.PathLike[str], Document]]" = None, **fields: Any) -> None:
        super().__init__(**fields)
        #: The organisation's proof on WoTrus's template, which SM2 and Sectigo products require.
        self._proof = None if proof is None else document_of(proof)

    def _handle(self, charset: str) -> Handle:
        handle = Handle(library().wotrus_reissue_new(), library().wotrus_reissue_free)
        self._set(library().wotrus_reissue_set, handle.pointer, charset)
        if self._proof is not None:
            proof = self._proof._handle(charset)
            library().wotrus_reissue_set_proof(handle.pointer, proof.pointer)
        return handle


def document_of(document: "Union[str, os.PathLike[str], Document]") -> Document:
    return document if isinstance(document, Document) else Document(document)
