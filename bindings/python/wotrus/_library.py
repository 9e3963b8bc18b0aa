"""The library: found, loaded once, and its texts."""
import ctypes
import decimal
import math
import numbers
import operator
import os
import sys
import threading
import uuid
from typing import Any, Callable, Dict, Optional, Union

from . import _declarations
from ._errors import ArgumentError

if sys.platform == "win32":
    _FILE, _SYSTEM = "wotrus.dll", "wotrus.dll"
elif sys.platform == "darwin":
    _FILE, _SYSTEM = "libwotrus.dylib", "libwotrus.dylib"
else:
    _FILE, _SYSTEM = "libwotrus.so", f"libwotrus.so.{_declarations.ABI}"

Text = Union[str, bytes]
Content = Union[bytes, bytearray, memoryview]

_library: Optional[ctypes.CDLL] = None
_loading = threading.Lock()


def load_library(path: "Optional[Union[str, os.PathLike[str]]]" = None) -> None:
    """Loads the library; the first client does it by itself.

    path: the library's file. By default it is the one inside this package, which a wheel has, and
    otherwise the one that the system finds. A second call does nothing.

    Raises OSError if there is no such library, or if it has another ABI.
    """
    global _library
    with _loading:
        if _library is not None:
            return
        inside = os.path.join(os.path.dirname(os.path.abspath(__file__)), _FILE)
        name = os.fspath(path) if path is not None else inside if os.path.exists(inside) else _SYSTEM
        try:
            library = _declarations.load(name)
        except AttributeError as error:
            raise OSError(f"{name} is older than this package: {error}") from None
        abi = library.wotrus_abi()
        if abi != _declarations.ABI:
            raise OSError(f"{name} has the ABI {abi}, and this package needs {_declarations.ABI}")
        _library = library


def library() -> Any:
    if _library is None:
        load_library()
    return _library


def version() -> str:
    """The version of the library, such as "0.2.0"."""
    return str(library().wotrus_version().decode())


class Handle:
    """An object of the library. It is freed when nothing refers to it any more, so a call that holds a
    reference can go on while another thread closes the client."""

    def __init__(self, pointer: int, free: Callable[[int], None], *kept: Any) -> None:
        self.pointer = pointer
        self._free = free
        # Callbacks must stay as long as the object.
        self._kept = kept

    def __del__(self) -> None:
        self._free(self.pointer)


# The two-byte codes of GB18030 whose characters the library takes from the edition of 2022. Python has an older one, in
# which they are private characters, and U+1E3F is exchanged with one.
_NEW_CODES = {
    0xA6D9: 0xFE10, 0xA6DA: 0xFE12, 0xA6DB: 0xFE11, 0xA6DC: 0xFE13, 0xA6DD: 0xFE14, 0xA6DE: 0xFE15, 0xA6DF: 0xFE16,
    0xA6EC: 0xFE17, 0xA6ED: 0xFE18, 0xA6F3: 0xFE19, 0xA8BC: 0x1E3F, 0xFE59: 0x9FB4, 0xFE61: 0x9FB5, 0xFE66: 0x9FB6,
    0xFE67: 0x9FB7, 0xFE6D: 0x9FB8, 0xFE7E: 0x9FB9, 0xFE90: 0x9FBA, 0xFEA0: 0x9FBB,
}
# Exchanges each character with the one that Python has for its code, which is the same one in a newer Python.
_EXCHANGED: Dict[int, int] = {}
for _code, _character in _NEW_CODES.items():
    _other = ord(_code.to_bytes(2, "big").decode("gb18030"))
    _EXCHANGED.update({_character: _other, _other: _character})


def to_charset(text: str, charset: str) -> bytes:
    """The text in one of the library's charsets."""
    return (text.translate(_EXCHANGED) if charset == "gb18030" else text).encode(charset)


def from_charset(value: bytes, charset: str) -> str:
    """A text of the library."""
    text = value.decode(charset)
    return text.translate(_EXCHANGED) if charset == "gb18030" else text


def encoded(text: Text, charset: str, name: str) -> bytes:
    """The text as an argument; bytes are taken as they are. Refuses what would not arrive whole."""
    if not isinstance(text, (str, bytes)):
        raise ArgumentError(f"{name}: is {type(text).__name__}, not a text", field=name)
    try:
        value = text if isinstance(text, bytes) else to_charset(text, charset)
    except UnicodeEncodeError:
        raise ArgumentError(f"{name}: has a character that {charset} cannot represent", field=name) from None
    if b"\0" in value:
        raise ArgumentError(f"{name}: contains a NUL", field=name)
    return value


def text_of(value: Any) -> Optional[Text]:
    """The value of a field or an option as text; None for types whose str() is no value of a field."""
    if isinstance(value, (str, bytes)):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, uuid.UUID):
        return str(value)
    if not math.isfinite(float_of(value)):
        return None
    if isinstance(value, numbers.Integral):
        # A number of an enumeration has a name as its str().
        number = int(value)
        return str(number) if abs(number) < 2 ** 64 else None
    # A fraction would be sent as "1/2".
    return None if isinstance(value, numbers.Rational) else str(value)


def float_of(value: Any) -> float:
    """A number as a float; NaN for other types, and for numbers that a float cannot hold."""
    try:
        if isinstance(value, numbers.Integral):
            # A duration of numpy is an Integral too, but has no index.
            return float(operator.index(value))
        return float(value) if isinstance(value, (numbers.Real, decimal.Decimal)) else math.nan
    # ValueError: a signalling NaN.
    except (TypeError, ValueError, OverflowError):
        return math.nan


def content_of(data: Content, name: str) -> bytes:
    """Bytes as an argument. A str is none: ctypes would pass its characters in their form in memory."""
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise ArgumentError(f"{name}: is {type(data).__name__}, not bytes", field=name)
    return bytes(data)
