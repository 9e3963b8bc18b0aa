"""Ctrl-C ends a call.

Python runs signal handlers in the main thread, and only between its own instructions: a call of the library
would hold them back until it ends. So the main thread makes its calls in another thread, and waits for it in a
way that a signal interrupts. Events are handed back to the main thread, because a callback may use what belongs
to that thread, such as a connection of sqlite3.
"""
import _thread
import os
import signal
import threading
from typing import Any, Callable, Dict, Optional, Tuple, TypeVar

from ._errors import WotrusError
from ._reply import Reply

Result = TypeVar("Result")

# Waiting without a timeout cannot be interrupted on Windows.
_POLL = 0.1 if os.name == "nt" else -1

_current = threading.local()


class Interrupted(KeyboardInterrupt):
    """Ctrl-C ended a call. It tells how the call ended, because an order may exist.

    error is the call's error, or None if it succeeded before it could be cancelled; then reply is its reply.
    """

    def __init__(self, error: Optional[WotrusError], reply: Optional[Reply]) -> None:
        super().__init__(str(error) if error else "the call had succeeded")
        self.error = error
        self.reply = reply

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.error, self.reply)


def ctrl_c_is_ours() -> bool:
    """Whether Ctrl-C arrives at this thread as an exception."""
    main = threading.current_thread() is threading.main_thread()
    return main and callable(signal.getsignal(signal.SIGINT))


def in_calling_thread(function: Callable[[], Result], otherwise: Result) -> Result:
    """Runs a part of a callback in the thread that made the call; otherwise is the result after an interrupt."""
    call: Optional[InterruptibleCall] = getattr(_current, "call", None)
    return function() if call is None else call.delegate(function, otherwise)


class InterruptibleCall:
    """A call in another thread; cancel makes it return soon, also if it has not begun.

    After an exception of a signal handler it still waits for the end of the call, so that its result is known. The
    exception can come between any two instructions. So nothing here is part of Thread, Event or Condition, whose
    methods an exception leaves half done, and each step can be repeated.
    """

    def __init__(self, function: Callable[[], Any], cancel: Callable[[], None]) -> None:
        self._function = function
        self._cancel = cancel
        self._owner: Dict[str, int] = {}
        self._result: Any = None
        self._failure: Optional[BaseException] = None
        self._started = self._done = False
        self._delegated: Optional[Callable[[], Any]] = None
        self._answer: Any = None
        # Locked: nothing to see, or no answer yet.
        self._wake, self._answered = _locked(), _locked()
        #: KeyboardInterrupt, or what another signal handler raised.
        self.interrupt: Optional[BaseException] = None

    def run(self) -> Any:
        has_thread = True
        while has_thread and self._failure is None:
            try:
                # Python also runs signal handlers at the jump back to the start of a loop. That of this loop is outside
                # of the try in it, so there is another try around the loop.
                while has_thread and self._failure is None:
                    try:
                        has_thread = self._wait()
                        if has_thread and self._failure is None:
                            return self._result
                    except BaseException as interrupt:
                        self.interrupt = interrupt
            except BaseException as interrupt:
                self.interrupt = interrupt
        if self._failure is not None:
            raise self._failure
        # No thread can be started, for example while the interpreter ends: the call runs here, and Ctrl-C waits for it.
        return self._function()

    def _wait(self) -> bool:
        """Waits for the end of the call; False if it cannot have a thread."""
        if self.interrupt is not None:
            self._cancel()
            # If the exception came before the thread took the call, the cancelled call ends here, and the thread
            # will not make it.
            self._work()
        elif not self._started:
            self._started = True
            try:
                # A thread of this kind does not keep the program from its end, or a second Ctrl-C would wait for it.
                _thread.start_new_thread(self._work, ())
            except RuntimeError:
                return False
        while not self._done:
            self._serve()
            self._wake.acquire(True, _POLL)
        return True

    def _work(self) -> None:
        """Makes the call, unless another thread has taken it."""
        if self._owner.setdefault("thread", _thread.get_ident()) != _thread.get_ident():
            return
        _current.call = self
        try:
            self._result = self._function()
        except Exception as failure:
            self._failure = failure
        finally:
            _current.call = None
        self._done = True
        _unlock(self._wake)

    def _serve(self) -> None:
        # A function that Ctrl-C ended does not run again, nor does a later one.
        if self.interrupt is None:
            delegated = self._delegated
            if delegated is None:
                return
            self._answer = delegated()
            self._delegated = None
        _unlock(self._answered)

    def delegate(self, function: Callable[[], Result], otherwise: Result) -> Result:
        if self.interrupt is not None:
            return otherwise
        self._answer = otherwise
        self._delegated = function
        _unlock(self._wake)
        self._answered.acquire()
        answer: Result = self._answer
        return answer


def _locked() -> "_thread.LockType":
    lock = _thread.allocate_lock()
    lock.acquire()
    return lock


def _unlock(lock: "_thread.LockType") -> None:
    try:
        lock.release()
    except RuntimeError:
        # It is unlocked already.
        pass
