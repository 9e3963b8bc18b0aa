"""The package against a sandbox, which packaging/with-sandbox starts (suite 89-python)."""
import gc
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

import wotrus

HTTP = os.environ["WOTRUS_HTTP_URL"]
TOKEN = os.environ["WOTRUS_TOKEN"]
CSR = (pathlib.Path(__file__).resolve().parents[3] / "tests/fixtures/example.csr").read_text()


def client(**options):
    return wotrus.Client(**{"token": TOKEN, "base_url": HTTP, **options})


def order(**fields):
    return wotrus.Order(**{
        "productID": "76ECE651-B59E-48F2-A47B-135614AADAD9", "commonName": "沃通", "OrgName": "沃通",
        "countryCode": "CN", "month": 12, **fields})


def open_order(connected):
    """An order that is never issued: it has no CSR."""
    return connected.create_order(order()).order_id


class Errors(unittest.TestCase):
    def test_every_kind_has_a_class(self):
        kinds = {name.lower() for name in (
            "ARGUMENT CONFIG AUTH REFUSED NOT_READY UNKNOWN_OUTCOME NETWORK PROTOCOL FILE CANCELLED INTERNAL").split()}
        self.assertEqual(kinds, {error.kind for error in wotrus.WotrusError.__subclasses__()})

    def test_text_that_would_not_arrive_whole_is_refused(self):
        with client() as connected:
            for value, field in (("a\0b", "commonName"), ("\ud800", "commonName")):
                with self.assertRaises(wotrus.ArgumentError) as caught:
                    connected.create_order(order(commonName=value))
                self.assertEqual(caught.exception.field, field)
            for value in ("a\0b", None, 7):
                with self.assertRaises(wotrus.ArgumentError) as caught:
                    connected.query_order(value)
                self.assertEqual(caught.exception.field, "orderID")
        with self.assertRaises(wotrus.ArgumentError):
            client(token="tk_\0")

    def test_a_character_outside_gb18030_cannot_be_lost(self):
        with client(charset="GB18030") as connected:
            with self.assertRaises(wotrus.ArgumentError):
                connected.create_order(order(commonName="\ud800"))

    def test_gbk_bytes_are_passed_on(self):
        with client(charset="GB18030") as connected:
            created = connected.create_order(order(OrgName="沃通电子".encode("gbk"), csR_RSA=CSR))
            self.assertEqual(connected.query_order(created.order_id).get("org.orgName"), "沃通电子")

    def test_options_that_the_package_does_not_name_reach_the_library(self):
        for options in ({"future_option": "x"}, {"timeout": "soon"}, {"retries": -1}):
            with self.assertRaises(wotrus.ConfigError) as caught:
                client(options=options)
            self.assertEqual([caught.exception.field], [*options])
        with client(options={"charset": "GB18030"}) as connected:
            with self.assertRaises(wotrus.ConfigError):
                connected.with_options(options={"base_url": HTTP})
            with self.assertRaises(wotrus.RefusedError):
                connected.query_order("没有".encode("gbk"))

    def test_a_boolean_is_written_as_in_json(self):
        with client() as connected:
            created = connected.create_order(order(idempotenceID=True))
            self.assertEqual(created.idempotence_id, "true")

    def test_a_closed_client_makes_no_calls(self):
        connected = client()
        connected.close()
        with self.assertRaises(ValueError):
            connected.query_order("x")

    def test_close_lets_a_call_of_another_thread_end(self):
        connected = client()
        order_id = open_order(connected)
        waiting, kinds = threading.Event(), []
        with connected.with_options(on_event=lambda event: waiting.set()) as waiter:
            thread = threading.Thread(target=lambda: kinds.append(kind_of(waiter.wait_for_certificate, order_id, 1)))
            thread.start()
            waiting.wait()
            waiter.close()
        connected.close()
        gc.collect()
        thread.join()
        self.assertEqual(kinds, ["not_ready"])

    def test_the_token_is_in_no_text(self):
        connected = client()
        self.assertNotIn(TOKEN, repr(connected) + str(connected))
        with self.assertRaises(wotrus.WotrusError) as caught:
            connected.query_order("no-such-order")
        self.assertNotIn(TOKEN, repr(caught.exception) + str(vars(caught.exception)))


class Callback(unittest.TestCase):
    def test_an_exception_prevents_the_order_and_is_the_cause(self):
        def record(event):
            if event["event"] == "sending":
                raise LookupError("no room in the database")

        with client(on_event=record) as connected:
            with self.assertRaises(wotrus.CancelledError) as caught:
                connected.create_order(order(idempotenceID="prevented"))
        self.assertEqual(caught.exception.delivery, "not_sent")
        self.assertIsInstance(caught.exception.__cause__, LookupError)

    def test_an_exception_at_another_event_is_reported_and_the_call_goes_on(self):
        def record(event):
            if event["event"] == "answered":
                raise LookupError("ignored")

        reported, before = [], sys.unraisablehook
        sys.unraisablehook = reported.append
        try:
            with client(on_event=record) as connected:
                self.assertIsNotNone(connected.create_order(order()).order_id)
        finally:
            sys.unraisablehook = before
        self.assertEqual([type(report.exc_value) for report in reported], [LookupError])

    def test_it_runs_in_the_thread_of_the_call(self):
        # A connection of sqlite3 belongs to the thread that made it.
        database = sqlite3.connect(":memory:")
        database.execute("CREATE TABLE sent (idempotence_id TEXT)")

        def record(event):
            if event["event"] == "sending":
                database.execute("INSERT INTO sent VALUES (?)", [event["idempotence_id"]])

        with client(on_event=record) as connected:
            connected.create_order(order(idempotenceID="recorded"))
        self.assertEqual(database.execute("SELECT * FROM sent").fetchall(), [("recorded",)])
        database.close()

    def test_it_may_use_the_client(self):
        statuses = []
        with client() as connected:
            order_id = open_order(connected)
            with connected.with_options(
                    on_event=lambda event: statuses.append(connected.query_order(order_id).get("status"))) as told:
                told.query_order(order_id)
        self.assertEqual(set(statuses), {"pending"})


class Interrupts(unittest.TestCase):
    """Ctrl-C, in a program of its own."""

    def interrupted(self, call, sent=signal.SIGINT):
        program = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTED.format(call=call)], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, cwd=os.path.dirname(os.path.abspath(__file__)))
        with program.stdout:
            self.assertEqual(program.stdout.readline(), "ready\n")
            time.sleep(1)
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

    def test_an_exit_in_a_callback_prevents_the_order(self):
        with client(on_event=lambda event: sys.exit(1)) as connected:
            with self.assertRaises(SystemExit) as caught:
                connected.create_order(order())
            self.assertEqual(caught.exception.__cause__.error.delivery, "not_sent")
            self.assertEqual(in_thread(lambda: kind_of(connected.create_order, order())), "cancelled")


INTERRUPTED = """
import signal
import sys
import time
import wotrus
from test_wotrus import client, open_order, order

def create_slowly(connected, key):
    # The sandbox has a fault for this RequestID.
    return connected.with_options(request_id="slow-1").create_order(order(idempotenceID=key))

# A program that is started in the background inherits that SIGINT is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
with client() as connected:
    print("ready", flush=True)
    try:
        {call}
    except wotrus.Interrupted as interrupted:
        print(interrupted.error.kind, interrupted.error.delivery)
    except SystemExit as exit:
        print("SystemExit", exit.__cause__.error.kind, exit.__cause__.error.delivery)
"""


class Memory(unittest.TestCase):
    def test_ten_thousand_calls_with_errors_do_not_grow(self):
        with client(on_event=lambda event: None) as connected:
            order_id = connected.create_order(order(csR_RSA=CSR)).order_id
            closed_port = client(base_url="http://127.0.0.1:1", retries=0)

            def calls(count):
                for number in range(count):
                    connected.query_order(order_id).json()
                    if number % 5 == 0:
                        kind_of(connected.query_order, "no-such-order")
                        kind_of(connected.create_order, order(month=7))
                        kind_of(closed_port.query_order, order_id)
                        connected.retrieve_certificate(order_id).full_chain()
                        wotrus.read_push(b'{"dataAction":"order","orderID":"x"}')

            # Callers in other threads make no thread for each call.
            grown = in_thread(lambda: (calls(1000), resident(), calls(5000), resident()))
        self.assertLess(grown[3] - grown[1], 1500, "KiB")

    def test_interruptible_calls_do_not_grow(self):
        with client() as connected:
            order_id = open_order(connected)
            for _ in range(300):
                connected.query_order(order_id)
            before = resident()
            for _ in range(1000):
                connected.query_order(order_id)
        self.assertLess(resident() - before, 1500, "KiB")


def kind_of(function, *arguments):
    try:
        function(*arguments)
        return "ok"
    except wotrus.WotrusError as error:
        return error.kind


def in_thread(function):
    results = []
    thread = threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join()
    return results[0]


def resident():
    """The memory of this process in KiB."""
    gc.collect()
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


if __name__ == "__main__":
    # As above, for this process.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    unittest.main()
