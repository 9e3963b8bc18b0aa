"""Ctrl-C ends a call.

Python runs signal handlers in the main thread, and only between its own instructions: a call of the library
would hold them back until it ends. So the main thread makes its calls in another thread, and waits for it in a
way that a signal interrupts. Events are handed back to the main thread, because a callback may use what belongs
to that thread, such as a connection of sqlite3.
"""
import os
import signal
import threading
from typing import Any, Callable, Optional, TypeVar

from ._errors import WotrusError
from ._reply import Reply

Result = TypeVar("Result")

# Waiting without a timeout cannot be interrupted on Windows.
_POLL = 0.1 if os.name == "nt" else None

_thread = threading.local()


class Interrupted(KeyboardInterrupt):
    """Ctrl-C ended a call. It tells how the call ended, because an order may exist.

    error is the call's error, or None if it succeeded before it could be cancelled; then reply is its reply.
    """

    def __init__(self, error: Optional[WotrusError], reply: Optional[Reply]) -> None:
        super().__init__(str(error) if error else "the call had succeeded")
        self.error = error
        self.reply = reply


def ctrl_c_is_ours() -> bool:
    """Whether Ctrl-C arrives at this thread as an exception."""
    main = threading.current_thread() is threading.main_thread()
    return main and callable(signal.getsignal(signal.SIGINT))


def in_calling_thread(function: Callable[[], Result], otherwise: Result) -> Result:
    """Runs a part of a callback in the thread that made the call; otherwise is the result after an interrupt."""
    call: Optional[InterruptibleCall] = getattr(_thread, "call", None)
    return function() if call is None else call.delegate(function, otherwise)


class InterruptibleCall:
    """A call in another thread. function must not raise; cancel makes it return soon.

    After an exception of a signal handler it still waits for the end of the call, so that its result is known.
    """

    def __init__(self, function: Callable[[], Any], cancel: Callable[[], None]) -> None:
        self._function = function
        self._cancel = cancel
        self._result: Any = None
        self._done = False
        self._delegated: Optional[Callable[[], Any]] = None
        self._answer: Any = None
        self._wake, self._answered = threading.Event(), threading.Event()
        #: KeyboardInterrupt, or what another signal handler raised.
        self.interrupt: Optional[BaseException] = None

    def run(self) -> Any:
        # A daemon, or a second Ctrl-C would wait for it at the end of the program.
        thread = threading.Thread(target=self._work, name="wotrus call", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # No thread can be started, for example while the interpreter ends: the call runs here, and Ctrl-C waits
            # for it.
            return self._function()
        while not self._done:
            try:
                self._wake.wait(_POLL)
                self._wake.clear()
                self._serve()
            except BaseException as interrupt:
                self.interrupt = interrupt
                self._cancel()
                # Where the exception came is unknown: look again at everything.
                self._wake.set()
        return self._result

    def _work(self) -> None:
        _thread.call = self
        self._result = self._function()
        self._done = True
        self._wake.set()

    def _serve(self) -> None:
        delegated = self._delegated
        if delegated is not None:
            # A function that Ctrl-C ended does not run again.
            if self.interrupt is None:
                self._answer = delegated()
            self._delegated = None
            self._answered.set()

    def delegate(self, function: Callable[[], Result], otherwise: Result) -> Result:
        self._answer = otherwise
        self._answered.clear()
        self._delegated = function
        self._wake.set()
        self._answered.wait()
        answer: Result = self._answer
        return answer
