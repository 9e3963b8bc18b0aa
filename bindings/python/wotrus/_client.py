"""The client."""
import contextlib
import ctypes
import json
import os
import threading
from typing import Any, Callable, Dict, Mapping, Optional, Tuple, Union

from ._declarations import CALLBACK
from ._errors import ArgumentError, ConfigError, WotrusError
from ._interrupt import Interrupted, InterruptibleCall, ctrl_c_is_ours, in_calling_thread
from ._library import Content, Handle, Text, content_of, encoded, float_of, library, text_of
from ._reply import Reply
from ._requests import Document, Order, Reissue, document_of
from ._shutdown import call_with_events

Event = Dict[str, Any]
OnEvent = Callable[[Event], Any]

# Python's names of the library's charsets.
_CHARSETS = {b"UTF-8": "utf-8", b"UTF8": "utf-8", b"GB18030": "gb18030"}

# What an exception of on_event stopped; per thread, since a callback runs on the thread of its call.
_stopped = threading.local()


class Client:
    """A client of the service, with its connections. Create it once and keep it; threads may share it.

        with wotrus.Client(token="tk_...") as client:
            reply = client.create_order(order)

    The options are those of docs/options.md; None leaves one at its default. options has further ones by their names
    there, such as those of a newer library: options={"name": "value"}. Raises ConfigError.

    on_event is called with each event of a call, as a dict: "event" is one of these, which has the members beside it:

        sending    operation method path request_id idempotence_id attempt
        uploading  sent total (bytes; large bodies only)
        answered   http_status bytes elapsed_ms
        failed     cause delivery message elapsed_ms
        retrying   pause_ms
        waiting    order_id status pause_ms elapsed_ms

    It runs in the thread that makes the call. An exception that it raises at "sending" prevents the request, and at
    "waiting" ends the wait: the call then raises CancelledError from it. At other events it is reported by
    sys.unraisablehook.

    charset="GB18030" is for programs whose text is bytes in that charset: bytes are passed on as they are, and
    str is encoded. Otherwise str needs no charset.
    """

    # None when the client is closed.
    _handle: Optional[Handle] = None
    _charset: str
    # Whether callbacks run in its calls.
    _has_events: bool

    def __init__(self, *, token: Text, base_url: Optional[str] = None, timeout: Optional[float] = None,
                 connect_timeout: Optional[float] = None, retries: Optional[int] = None,
                 ca_file: "Optional[Union[str, os.PathLike[str]]]" = None, proxy: Optional[str] = None,
                 max_answer_size: Optional[int] = None, user_agent: Optional[str] = None,
                 charset: Optional[str] = None, request_id: Optional[str] = None,
                 on_event: Optional[OnEvent] = None, options: Optional[Mapping[str, Any]] = None) -> None:
        self._has_events = False
        self._open(None, "utf-8", on_event, options, dict(
            token=token, base_url=base_url, timeout=timeout, connect_timeout=connect_timeout, retries=retries,
            ca_file=ca_file, proxy=proxy, max_answer_size=max_answer_size, user_agent=user_agent,
            charset=charset, request_id=request_id))

    def with_options(self, *, request_id: Optional[str] = None, timeout: Optional[float] = None,
                     retries: Optional[int] = None, charset: Optional[str] = None,
                     cancel: Optional[str] = None, on_event: Optional[OnEvent] = None,
                     options: Optional[Mapping[str, Any]] = None) -> "Client":
        """A client for calls with their own options, which shares the connections.

        With cancel="own" its cancel() ends its own calls alone, and later calls on it fail too: make one for each
        call that must be cancellable by itself.
        """
        client = Client.__new__(Client)
        client._has_events = self._has_events
        client._open(self._open_handle(), self._charset, on_event, options, dict(
            request_id=request_id, timeout=timeout, retries=retries, charset=charset, cancel=cancel))
        return client

    def close(self) -> None:
        """Closes the client. Calls of other threads go on to their end; the connections close after the last."""
        self._handle = None

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def cancel(self) -> None:
        """Cancels the calls in progress on this client and on all that share its connections; later calls work.

        On a client made with cancel="own": on this one alone, and for ever. Call it from another thread or from
        on_event.
        """
        library().wotrus_client_cancel(self._open_handle().pointer)

    # --- operations

    def create_order(self, order: Order) -> Reply:
        """Creates an order (section 2). With an idempotenceID a lost answer is harmless."""
        return self._request("create_order", order)

    def query_order(self, order_id: Text) -> Reply:
        """Queries an order (section 3): status, cn, org.orgName, ..."""
        return self._perform("query_order", self._argument("orderID", order_id))

    def retrieve_certificate(self, order_id: Text) -> Reply:
        """Retrieves an issued certificate (section 4). NotReadyError before it is issued."""
        return self._perform("retrieve_certificate", self._argument("orderID", order_id))

    def cancel_order(self, order_id: Text, reason: Text) -> Reply:
        """Cancels an order that is neither issued nor revoked (section 5)."""
        return self._perform(
            "cancel_order", self._argument("orderID", order_id), self._argument("reason", reason))

    def revoke_certificate(self, order_id: Text, reason: Text,
                           proof: "Union[str, os.PathLike[str], Document]") -> Reply:
        """Requests a revocation (section 6) with the organisation's proof."""
        return self._perform(
            "revoke_certificate", self._argument("orderID", order_id), self._argument("reason", reason),
            document_of(proof)._handle(self._charset))

    def reissue_certificate(self, reissue: Reissue) -> Reply:
        """Requests a reissue (section 7); order_id of the reply is that of the new order."""
        return self._request("reissue_certificate", reissue)

    def notify_by_email(self, order_id: Text, collect_url: Text) -> Reply:
        """Makes the service tell the customer by e-mail that the order is issued (section 9)."""
        return self._perform(
            "notify_by_email", self._argument("orderID", order_id), self._argument("collectUrl", collect_url))

    def wait_for_certificate(self, order_id: Text, timeout: float = 600) -> Reply:
        """Waits until an order is issued, timeout seconds at most, then retrieves its certificate.

        A manual review takes days: prefer the push to a long wait.
        """
        return self._perform(
            "wait_for_certificate", self._argument("orderID", order_id), _milliseconds(timeout))

    def call(self, operation: str, data: Union[Mapping[str, Any], str, Content, None] = None) -> Reply:
        """Calls an operation by name ("create_order") with the document's JSON, or any endpoint ("GET /v1/...").

        data: a dict, or JSON as text or bytes in the client's charset; None for GET.
        """
        if data is None:
            payload = b""
        elif isinstance(data, str):
            payload = encoded(data, self._charset, "json")
        elif isinstance(data, (bytes, bytearray, memoryview)):
            payload = bytes(data)
        else:
            payload = json.dumps(data).encode()
        return self._perform("call", encoded(operation, "utf-8", "operation"), payload or None, len(payload))

    # ---

    def _open(self, parent: Optional[Handle], charset: str, on_event: Optional[OnEvent],
              others: Optional[Mapping[str, Any]], named: Mapping[str, Any]) -> None:
        options = {name: value for values in (others or {}, named) for name, value in values.items()
                   if value is not None}
        # ca_file needs it, whichever option comes first.
        self._charset = _charset_of(options, charset)
        config = Handle(library().wotrus_config_new(), library().wotrus_config_free)
        for name, value in options.items():
            # As in Document.
            is_text_path = name == "ca_file" and os.name == "nt"
            if name == "ca_file":
                value = os.fspath(value) if is_text_path else os.fsencode(value)
            text = text_of(value)
            if text is None:
                raise ConfigError(
                    f"{name}: is neither a text nor a number of ordinary size, but {type(value).__name__}", field=name)
            argument = encoded(text, self._charset if is_text_path else "utf-8", name)
            library().wotrus_config_set(config.pointer, encoded(name, "utf-8", "name"), argument)
        callback = None
        if on_event is not None:
            self._has_events = True
            callback = CALLBACK(_callback(on_event))
            library().wotrus_config_set_callback(config.pointer, callback, None)
        pointer = library().wotrus_client_new(config.pointer) if parent is None else \
            library().wotrus_client_with(parent.pointer, config.pointer)
        handle = Handle(pointer, library().wotrus_client_free, callback, parent)
        error = Reply(library().wotrus_client_check(pointer), self._charset)._error()
        if error is not None:
            raise error
        self._handle = handle

    def _open_handle(self) -> Handle:
        handle = self._handle
        if handle is None:
            raise ValueError("the client is closed")
        return handle

    def _argument(self, name: str, text: Text) -> bytes:
        return encoded(text, self._charset, name)

    def _request(self, operation: str, request: Union[Order, Reissue]) -> Reply:
        return self._perform(operation, request._handle(self._charset))

    def _perform(self, operation: str, *arguments: Any) -> Reply:
        function = getattr(library(), "wotrus_" + operation)
        # The handles among the arguments stay until the call is over.
        pointers = [argument.pointer if isinstance(argument, Handle) else argument for argument in arguments]
        handle = self._open_handle()

        def call_on(handle: Handle) -> Tuple[Reply, Optional[WotrusError]]:
            # on_event may make calls, inside of another call.
            outer = getattr(_stopped, "exception", None)
            _stopped.exception = None
            try:
                reply = Reply(function(handle.pointer, *pointers), self._charset)
                error = reply._error()
                if error is not None:
                    error.__cause__ = _stopped.exception
                return reply, error
            finally:
                _stopped.exception = outer

        interrupt = None
        if not ctrl_c_is_ours():
            ended_first = call_with_events(lambda: library().wotrus_client_cancel(handle.pointer))
            with ended_first if self._has_events else contextlib.nullcontext():
                reply, error = call_on(handle)
        else:
            # A separate handle, so that Ctrl-C ends this call alone.
            own = _own(handle)
            call = InterruptibleCall(lambda: call_on(own), lambda: library().wotrus_client_cancel(own.pointer))
            reply, error = call.run()
            interrupt = call.interrupt
        if interrupt is not None:
            interrupted = Interrupted(error, None if error else reply)
            # What another signal's handler raised, such as SystemExit, stays what it is.
            if isinstance(interrupt, KeyboardInterrupt):
                raise interrupted
            raise interrupt from interrupted
        if error is not None:
            raise error
        return reply


def read_push(body: Content) -> Reply:
    """Reads the body of a push (section 8): order_id, get("dataAction"), get("isIssued"), get("isRevoked").

    A push is not authenticated: query the order before acting on it. Answer the request with HTTP 200.
    """
    content = content_of(body, "body")
    reply = Reply(library().wotrus_read_push(content, len(content)), "utf-8")
    error = reply._error()
    if error is not None:
        raise error
    return reply


def _charset_of(options: Mapping[str, Any], inherited: str) -> str:
    """The charset that the options set. The library refuses another one, in the charset that was inherited."""
    text = text_of(options["charset"]) if "charset" in options else None
    return inherited if text is None else _CHARSETS.get(encoded(text, "utf-8", "charset").upper(), inherited)


def _own(handle: Handle) -> Handle:
    config = Handle(library().wotrus_config_new(), library().wotrus_config_free)
    library().wotrus_config_set(config.pointer, b"cancel", b"own")
    return Handle(library().wotrus_client_with(handle.pointer, config.pointer), library().wotrus_client_free, handle)


def _milliseconds(seconds: float) -> int:
    seconds = float_of(seconds)
    # Comparisons with NaN are false, so it is refused.
    if not 0.0005 < seconds < 2 ** 32 / 1000 - 0.001:
        raise ArgumentError("timeout: must be between 1 ms and 49 days", field="timeout")
    return round(seconds * 1000)


class _Ignored:
    """Reports an exception by sys.unraisablehook. Its default refuses arguments that the interpreter did not make."""

    def __init__(self, exception: BaseException) -> None:
        self._exception = exception

    def on_event(self) -> None:
        raise self._exception

    # The report begins with "Exception ignored in: <function on_event".
    on_event.__qualname__ = "on_event"
    __del__ = on_event


def _callback(on_event: OnEvent) -> Callable[[Any, int, int], int]:
    def callback(_: Any, text: int, length: int) -> int:
        event = json.loads(ctypes.string_at(text, length))

        def deliver() -> Optional[BaseException]:
            try:
                on_event(event)
            except Exception as exception:
                return exception
            return None

        interrupted: Optional[BaseException] = KeyboardInterrupt()
        try:
            exception = in_calling_thread(deliver, interrupted)
        except BaseException as raised:
            # SystemExit in another thread than the main one. Nothing may leave a callback.
            exception = raised
        if exception is None:
            return 0
        if event["event"] in ("sending", "waiting"):
            _stopped.exception = exception
        elif exception is not interrupted:
            _Ignored(exception)
        return 1

    return callback
