"""The end of the interpreter.

While the interpreter ends, a thread that wants to run Python is ended instead. In a callback, which is called by the
library, that aborts the process (CPython up to 3.13). So the calls with on_event of daemon threads are cancelled first,
and the end waits for them.
"""
import atexit
import contextlib
import os
import threading
import time
from typing import Callable, Dict, Iterator

# A callback that does not return must not keep a program from its end.
_SECONDS = 5

_changed = threading.Condition()
# What cancels each of the calls in progress.
_calls: Dict[object, Callable[[], None]] = {}
_ending = False


@contextlib.contextmanager
def call_with_events(cancel: Callable[[], None]) -> Iterator[None]:
    """Registers a call with callbacks while it runs."""
    call = object()
    with _changed:
        if _ending and threading.current_thread() is not threading.main_thread():
            raise RuntimeError("a call with on_event cannot begin while the interpreter ends")
        _calls[call] = cancel
    try:
        yield
    finally:
        with _changed:
            _calls.pop(call, None)
            _changed.notify_all()


def _end_calls() -> None:
    global _ending
    last = time.monotonic() + _SECONDS
    with _changed:
        _ending = True
        while _calls and time.monotonic() < last:
            # Repeated, because a registered call may not have begun yet, and only calls in progress are cancelled.
            for cancel in _calls.values():
                cancel()
            _changed.wait(0.05)


def _forget_calls() -> None:
    """In the child of a fork, which has none of the other threads."""
    global _changed
    _changed = threading.Condition()
    _calls.clear()


atexit.register(_end_calls)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_calls)
