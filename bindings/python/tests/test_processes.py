"""Programs of their own: signals, forks, and the end of the interpreter; and Ctrl-C at any instruction of a call.

The sandbox is that of test_wotrus.py.
"""
import _thread
import copy
import dis
import functools
import inspect
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
import traceback
import unittest
import unittest.mock

import wotrus
from test_wotrus import PROGRAM_ENVIRONMENT, client, in_thread, kind_of, open_order, order


class Processes(unittest.TestCase):
    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork")
    def test_a_child_of_a_fork_uses_the_client_too(self):
        with client() as connected:
            order_id = open_order(connected)
            child = os.fork()
            if child == 0:
                status = kind_of(connected.query_order, order_id)
                os._exit(0 if status == "ok" else 1)
            self.assertEqual(kind_of(connected.query_order, order_id), "ok")
            self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_a_program_ends_while_other_threads_make_calls(self):
        self.assertEqual(self.ended("""
            calling = threading.Event()
            connected = client(on_event=lambda event: calling.set())
            order_id = open_order(connected)

            def work():
                while True:
                    connected.query_order(order_id)

            for _ in range(4):
                threading.Thread(target=work, daemon=True).start()
            calling.wait()
            threading.excepthook = lambda _: None
            """), "")

    def test_a_call_in_a_handler_of_the_end(self):
        self.assertEqual(self.ended("""
            connected = client()
            order_id = open_order(connected)
            atexit.register(lambda: print(connected.query_order(order_id).get("status")))
            """), "pending\n")

    def ended(self, program):
        """What a program prints that must end without a failure."""
        modules = "import atexit, threading, time, wotrus\nfrom test_wotrus import client, open_order, order\n"
        ended = subprocess.run(
            [sys.executable, "-c", modules + textwrap.dedent(program)], stdout=subprocess.PIPE, text=True, timeout=60,
            env=PROGRAM_ENVIRONMENT)
        self.assertEqual(ended.returncode, 0)
        return ended.stdout


class Interrupts(unittest.TestCase):
    """Ctrl-C, in a program of its own."""

    def interrupted(self, call, sent=signal.SIGINT):
        program = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTED.format(call=call, sent=int(sent))], stdout=subprocess.PIPE, text=True,
            env=PROGRAM_ENVIRONMENT)
        with program.stdout:
            self.assertEqual(program.stdout.readline(), "ready\n")
            time.sleep(1)
            if os.name != "nt":
                program.send_signal(sent)
            started = time.monotonic()
            lines = program.stdout.read().splitlines()
        self.assertEqual(program.wait(), 0, lines)
        self.assertLess(time.monotonic() - started, 5)
        return lines

    def test_a_wait_ends(self):
        self.assertEqual(self.interrupted("connected.wait_for_certificate(open_order(connected), 60)"),
                         ["cancelled answered"])

    def test_an_order_tells_that_it_may_exist(self):
        self.assertEqual(self.interrupted("create_slowly(connected, 'order-1')"), ["unknown_outcome unknown"])

    def test_a_callback_is_interrupted(self):
        # The callback sleeps at "sending": nothing was sent.
        self.assertEqual(self.interrupted(
            "connected.with_options(on_event=lambda event: time.sleep(20)).create_order(order())"),
            ["cancelled not_sent"])

    def test_an_exception_of_another_signal_tells_the_outcome_too(self):
        self.assertEqual(self.interrupted("create_slowly(connected, 'order-2')", signal.SIGTERM),
                         ["SystemExit unknown_outcome unknown"])

    def test_an_exception_between_any_two_instructions_loses_no_order(self):
        for on_event in None, lambda event: None:
            with client(on_event=on_event) as connected:
                count, raised, plain = 0, True, {}
                while raised:
                    count += 1
                    key = f"interrupted-{on_event is None}-{count}"
                    raised = self.interrupt_at(count, lambda: connected.create_order(order(idempotenceID=key)))
                    if raised and not isinstance(raised, wotrus.Interrupted):
                        plain[key] = raised
                self.assertGreater(count, 20)
                self.assert_not_created(connected, plain)
        ended = time.monotonic() + 5
        while _thread._count() > 0 and time.monotonic() < ended:
            time.sleep(0.01)
        self.assertEqual(_thread._count(), 0)

    def test_a_second_exception_after_the_first_loses_no_order(self):
        # Python ends the tracing at the first exception; the assignment in the handler starts it again.
        class Assigned(wotrus._client.InterruptibleCall):
            on_interrupt = None

            @property
            def interrupt(self):
                return vars(self).get("interrupt")

            @interrupt.setter
            def interrupt(self, value):
                vars(self)["interrupt"] = value
                if value is not None and self.on_interrupt:
                    self.on_interrupt(sys._getframe(1))

        with unittest.mock.patch.object(wotrus._client, "InterruptibleCall", Assigned), client() as connected:
            first, raised, plain = 0, True, {}
            while raised:
                first += 1
                for second in range(1, 7):
                    key = f"twice-{first}-{second}"
                    call = functools.partial(connected.create_order, order(idempotenceID=key))
                    raised = self.interrupt_at(first, call, Assigned, second)
                    if raised and not isinstance(raised, wotrus.Interrupted):
                        plain[key] = raised
            self.assertGreater(first, 20)
            self.assert_not_created(connected, plain)

    def assert_not_created(self, connected, plain):
        """The exceptions of these keys do not tell that an order may exist, so it must not."""
        # A thread that goes on would create it.
        time.sleep(1)
        for key, raised in plain.items():
            self.assertIsInstance(raised, KeyboardInterrupt, traced(raised))
            # The service refuses the key of an order with other content.
            self.assertEqual(kind_of(connected.create_order, order(idempotenceID=key, month=24)), "ok", traced(raised))

    def interrupt_at(self, count, function, assigned=None, second=0):
        """Raises KeyboardInterrupt before an instruction that waits for the call; returns the exception that comes.

        It raises another one at a later instruction, counted from where assigned, a class, gets the first one.
        """
        seen = 0
        files = {inspect.getfile(module) for module in (threading, wotrus._interrupt, wotrus._reply)}

        def trace(frame, event, _):
            nonlocal seen
            if frame.f_code.co_filename not in files:
                return None
            frame.f_trace_opcodes = True
            # After the end of the call its result is with the caller, whose next instruction may raise as well.
            returns = frame.f_code.co_name == "run" and frame.f_code.co_code[frame.f_lasti] == dis.opmap["RETURN_VALUE"]
            if event in ("line", "opcode") and not returns:
                seen += 1
                if seen == count:
                    raise KeyboardInterrupt
            return trace

        def again(frame):
            nonlocal count
            assigned.on_interrupt = None
            count = seen + second
            frame.f_trace, frame.f_trace_opcodes = trace, True
            sys.settrace(trace)

        if assigned:
            assigned.on_interrupt = staticmethod(again)
        sys.settrace(trace)
        try:
            function()
        except BaseException as exception:
            return exception
        finally:
            sys.settrace(None)
        return None

    def test_an_interrupt_can_be_copied(self):
        error = wotrus.UnknownOutcomeError("no answer", delivery="unknown", idempotence_id="order-1")
        for copied in (lambda exception: pickle.loads(pickle.dumps(exception)), copy.copy):
            interrupted = copied(wotrus.Interrupted(error, None))
            self.assertIs(type(interrupted), wotrus.Interrupted)
            self.assertEqual(str(interrupted), "no answer")
            self.assertEqual(vars(interrupted.error), vars(error))
        with client() as connected:
            reply = connected.create_order(order())
            self.assertIs(copy.copy(wotrus.Interrupted(None, reply)).reply, reply)

    def test_an_exit_in_a_callback_prevents_the_order(self):
        with client(on_event=lambda event: sys.exit(1)) as connected:
            with self.assertRaises(SystemExit) as caught:
                connected.create_order(order())
            self.assertEqual(caught.exception.__cause__.error.delivery, "not_sent")
            self.assertEqual(in_thread(lambda: kind_of(connected.create_order, order())), "cancelled")


INTERRUPTED = """
import os
import signal
import sys
import threading
import time
import wotrus
from test_wotrus import client, open_order, order

def create_slowly(connected, key):
    # The sandbox has a fault for this RequestID.
    return connected.with_options(request_id="slow-1").create_order(order(idempotenceID=key))

# A program that is started in the background inherits that SIGINT is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
if os.name == "nt":
    # Windows has no signals of other processes. A thread stands for the system's, which reports Ctrl-C.
    timer = threading.Timer(1, signal.raise_signal, [{sent}])
    timer.daemon = True
    timer.start()
with client() as connected:
    print("ready", flush=True)
    try:
        {call}
    except wotrus.Interrupted as interrupted:
        print(interrupted.error.kind, interrupted.error.delivery)
    except SystemExit as exit:
        print("SystemExit", exit.__cause__.error.kind, exit.__cause__.error.delivery)
"""


def traced(exception):
    return "".join(traceback.format_exception(type(exception), exception, exception.__traceback__))


if __name__ == "__main__":
    # A program that is started in the background inherits that SIGINT is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    unittest.main()
