"""The package against a sandbox, which packaging/with-sandbox starts (suite 89-python)."""
import decimal
import enum
import fractions
import gc
import numbers
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock
import uuid

import wotrus
from process_memory import resident

HTTP = os.environ["WOTRUS_HTTP_URL"]
TOKEN = os.environ["WOTRUS_TOKEN"]
# Calls are slow in wine, where the tests of Windows run.
SLOWNESS = 5 if os.name == "nt" else 1
# For programs of their own, which import this file.
PROGRAM_ENVIRONMENT = {
    **os.environ, "PYTHONPATH": os.pathsep.join([os.path.dirname(os.path.abspath(__file__)), *filter(None, sys.path)])}
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


class Integer:
    """An integer that is no int, like those of numpy."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value

    def __int__(self):
        return self.value

    def __str__(self):
        return f"<{self.value}>"


class Duration:
    """Like a duration of numpy, which is an Integral, but whose int() lacks the unit."""

    def __init__(self, value):
        self.value = value

    def __int__(self):
        return self.value

    def __float__(self):
        return float(self.value)


class Real:
    """A number that is no float, like float32 of numpy."""

    def __init__(self, value):
        self.value = value

    def __float__(self):
        return self.value

    def __str__(self):
        return str(self.value)


numbers.Integral.register(Integer)
numbers.Integral.register(Duration)
numbers.Real.register(Real)


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

    def test_a_value_of_another_type_is_refused(self):
        with client() as connected:
            for value in (["a"], {"a": 1}, object(), bytearray(b"a"), float("nan"), 10 ** 5000, 1j,
                          decimal.Decimal("sNaN"), decimal.Decimal("1e400"), fractions.Fraction(1, 2), Duration(5)):
                with self.assertRaises(wotrus.ArgumentError) as caught:
                    connected.create_order(order(idempotenceID=value))
                self.assertEqual(caught.exception.field, "idempotenceID")
            for value in (float("nan"), float("inf"), None, "5", 0, 2 ** 32, 10 ** 5000, 1j, Integer(0),
                          decimal.Decimal("sNaN"), decimal.Decimal("1e400"), Duration(5)):
                with self.assertRaises(wotrus.ArgumentError) as caught:
                    connected.wait_for_certificate("x", value)
                self.assertEqual(caught.exception.field, "timeout")
            for number in (2 ** 32 + 2, -1, 2.5, float("nan"), float("inf"), 10 ** 5000, decimal.Decimal("sNaN"), None,
                           "two"):
                with self.assertRaises(wotrus.ArgumentError) as caught:
                    order().add_document(number, "licence.pdf")
                self.assertEqual(caught.exception.field, "documentType")
            with self.assertRaises(wotrus.ArgumentError) as caught:
                connected.call("create_order", "\ud800")
            self.assertEqual(caught.exception.field, "json")
        for value in (["a"], float("nan"), decimal.Decimal("sNaN"), 10 ** 5000, Duration(5)):
            with self.assertRaises(wotrus.ConfigError) as caught:
                client(request_id=value)
            self.assertEqual(caught.exception.field, "request_id")

    def test_numbers_and_keys_are_written_as_they_are(self):
        class Key(str, enum.Enum):
            ORDER = "order-4711"

        class Number(enum.IntEnum):
            ORDER = 4711

        key = uuid.uuid4()
        with client() as connected:
            for value, text in (
                    (Key.ORDER, "order-4711"), (Number.ORDER, "4711"), (4711, "4711"),
                    (decimal.Decimal("47.11"), "47.11"), (key, str(key)), (Integer(4711), "4711"),
                    (Real(47.11), "47.11")):
                self.assertEqual(connected.create_order(order(idempotenceID=value)).idempotence_id, text)
                with connected.with_options(request_id=value) as named:
                    self.assertEqual(named.query_order(named.create_order(order()).order_id).request_id, text)

    def test_every_kind_of_number_is_a_time(self):
        with client() as connected:
            order_id = open_order(connected)
            for seconds in (1, 0.1, decimal.Decimal("0.1"), fractions.Fraction(1, 10), Integer(1), Real(0.1)):
                with self.assertRaises(wotrus.NotReadyError):
                    connected.wait_for_certificate(order_id, seconds)
            for seconds in (1, 0.1, decimal.Decimal("0.1"), Integer(1), Real(0.1)):
                connected.with_options(timeout=seconds, retries=Integer(0)).close()

    def test_bytes_are_not_confused_with_texts(self):
        push = b'{"dataAction":"order","orderID":"x"}'
        for body in (push, bytearray(push), memoryview(push)):
            self.assertEqual(wotrus.read_push(body).order_id, "x")
            created = order()
            created.add_document(2, wotrus.Document(bytes=body, file_type=".pdf"))
            with client() as connected:
                self.assertIsNotNone(connected.create_order(created).order_id)
                with self.assertRaises(wotrus.ArgumentError):
                    connected.call("create_order", body)
        for body in (push.decode(), 5, None):
            with self.assertRaises(wotrus.ArgumentError) as caught:
                wotrus.read_push(body)
            self.assertEqual(caught.exception.field, "body")
        for content in (push.decode(), 5):
            with self.assertRaises(wotrus.ArgumentError) as caught:
                wotrus.Document(bytes=content, file_type=".pdf")
            self.assertEqual(caught.exception.field, "bytes")

    def test_what_is_empty_is_reported_as_empty(self):
        for body in b"", bytearray(), memoryview(b""):
            with self.assertRaisesRegex(wotrus.ArgumentError, "push: .*empty"):
                wotrus.read_push(body)
            with client() as connected, self.assertRaisesRegex(wotrus.ArgumentError, "empty"):
                connected.revoke_certificate("x", "y", wotrus.Document(bytes=body, file_type=".pdf"))
        with client() as connected:
            with self.assertRaises(wotrus.ArgumentError) as caught:
                connected.revoke_certificate("x", "y", "")
            self.assertEqual((caught.exception.field, str(caught.exception)), ("path", "path: is empty"))

    def test_an_unknown_charset_is_refused_by_the_library(self):
        for charset in ("GBK", "no-such-charset", "UTF-16"):
            with self.assertRaises(wotrus.ConfigError) as caught:
                client(charset=charset)
            self.assertEqual(caught.exception.field, "charset")

    def test_a_mistake_is_reported_in_the_charset_that_was_set(self):
        options = {"charset": "GB18030", "lang": "zh"}
        for mistake in ({"retries": "x"}, {"base_url": "http://example.com"}):
            with self.assertRaises(wotrus.ConfigError) as caught:
                client(options={**options, **mistake}, base_url=mistake.get("base_url", HTTP))
            self.assertRegex(str(caught.exception), "[不是]")

    def test_a_mistake_of_a_derived_client_is_reported_in_its_charset(self):
        for charset in (None, "UTF-8", "GB18030"):
            with client(charset=charset, options={"lang": "zh"}) as parent:
                for mistake in ({"charset": "GBK"}, {"charset": ""}, {"charset": "utf8", "retries": "x"},
                                {"charset": b"gb18030", "retries": "x"}, {"retries": "x"}):
                    with self.assertRaises(wotrus.ConfigError) as caught:
                        parent.with_options(**mistake)
                    self.assertRegex(str(caught.exception), "[不是]")

    def test_the_charset_may_be_a_text_of_any_type(self):
        class Charset(str, enum.Enum):
            GB18030 = "gb18030"

        for charset in ("gb18030", "GB18030", b"GB18030", Charset.GB18030):
            with client(charset=charset) as connected, client() as parent:
                for used in connected, parent.with_options(charset=charset):
                    created = used.create_order(order(OrgName="沃通电子", csR_RSA=CSR))
                    self.assertEqual(used.query_order(created.order_id).get("org.orgName"), "沃通电子")
                    self.assertEqual(parent.query_order(created.order_id).get("org.orgName"), "沃通电子")
        for charset in ("utf-8", b"UTF8"):
            with client(charset="GB18030").with_options(charset=charset) as connected:
                created = connected.create_order(order(OrgName="沃通电子", csR_RSA=CSR))
                self.assertEqual(connected.query_order(created.order_id).get("org.orgName"), "沃通电子")

    def test_a_ca_file_with_a_chinese_path_is_found(self):
        certificate = pathlib.Path(os.environ["WOTRUS_CA_FILE"]).read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "证书.pem")
            pathlib.Path(path).write_bytes(certificate)
            for charset in None, "UTF-8", "GB18030":
                with client(charset=charset, ca_file=path, base_url=os.environ["WOTRUS_BASE_URL"]) as connected:
                    self.assertEqual(kind_of(connected.query_order, "no-such-order"), "refused")

    @unittest.skipIf(os.name == "nt", "the test before shows it on Windows")
    def test_a_path_of_windows_is_a_text_in_the_charset(self):
        certificate = pathlib.Path(os.environ["WOTRUS_CA_FILE"]).read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "证书.pem")
            for charset in "UTF-8", "GB18030":
                pathlib.Path(os.fsdecode(path.encode(charset))).write_bytes(certificate)
                with unittest.mock.patch("os.name", "nt"):
                    client(charset=charset, ca_file=path, base_url=os.environ["WOTRUS_BASE_URL"]).close()
                os.remove(path.encode(charset))

    def test_a_character_outside_gb18030_cannot_be_lost(self):
        with client(charset="GB18030") as connected:
            with self.assertRaises(wotrus.ArgumentError):
                connected.create_order(order(commonName="\ud800"))

    def test_each_character_is_the_same_in_gb18030_as_in_utf_8(self):
        # The private characters are those that the library writes as others, which have replaced them in 2022.
        private = {0xE5E5, *range(0xE78D, 0xE797), *range(0xE81E, 0xE865)}
        characters = [chr(code) for code in range(0xA0, 0x10000) if not 0xD800 <= code < 0xE000 and code not in private]
        with client() as connected, connected.with_options(charset="GB18030") as gb18030:
            for start in range(0, len(characters), 500):
                text = "".join(characters[start:start + 500])
                created = gb18030.create_order(order(OrgName=f"({text})", idempotenceID=f"characters-{start}"))
                for reader in connected, gb18030:
                    self.assertEqual(reader.query_order(created.order_id).get("org.orgName"), f"({text})")

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

    def test_an_option_of_a_derived_client_is_refused_at_once(self):
        with client() as connected:
            for options in {"timeout": 0}, {"timeout": -1}, {"retries": -1}, {"request_id": "a b\n"}:
                with self.assertRaises(wotrus.ConfigError) as caught:
                    connected.with_options(**options)
                self.assertEqual([caught.exception.field], [*options])

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

    def test_the_report_is_printed_without_a_hook(self):
        program = """if True:
            from test_wotrus import client, order
            def record(event):
                if event["event"] == "answered":
                    raise LookupError("the disk is full")
            with client(on_event=record) as connected:
                connected.create_order(order())
            """
        ended = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True, timeout=60,
                               env=PROGRAM_ENVIRONMENT)
        self.assertEqual(ended.returncode, 0)
        self.assertEqual(ended.stderr.splitlines()[-1], "LookupError: the disk is full")
        self.assertIn("Exception ignored in: <function on_event", ended.stderr)

    def test_an_error_has_the_exception_of_its_own_call(self):
        def record(event):
            if event["event"] == "failed":
                return
            # Another call, which ends well, or is prevented by its own callback.
            kind_of(other.query_order, order_id)
            if event["event"] == "sending":
                raise LookupError("the outer one")

        def inner(event):
            raise LookupError("the inner one")

        with client() as connected:
            order_id = open_order(connected)
            for other in connected, connected.with_options(on_event=inner):
                with connected.with_options(on_event=record) as recorded:
                    error = in_thread(lambda: error_of(recorded.create_order, order()))
                self.assertEqual(str(error.__cause__), "the outer one")

            def only_calls(event):
                kind_of(connected.with_options(on_event=inner).query_order, order_id)

            with connected.with_options(on_event=only_calls) as recorded:
                self.assertIsNone(in_thread(lambda: error_of(recorded.create_order, order(month=7))).__cause__)
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
            grown = in_thread(lambda: (calls(1000 // SLOWNESS), resident(), calls(5000 // SLOWNESS), resident()))
        self.assertLess(grown[3] - grown[1], 1500, "KiB")

    def test_interruptible_calls_do_not_grow(self):
        with client() as connected:
            order_id = open_order(connected)
            for _ in range(300 // SLOWNESS):
                connected.query_order(order_id)
            before = resident()
            for _ in range(1000 // SLOWNESS):
                connected.query_order(order_id)
        self.assertLess(resident() - before, 1500, "KiB")


def kind_of(function, *arguments):
    try:
        function(*arguments)
        return "ok"
    except wotrus.WotrusError as error:
        return error.kind


def error_of(function, *arguments):
    try:
        function(*arguments)
    except wotrus.WotrusError as error:
        return error
    return None


def in_thread(function):
    results = []
    thread = threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join()
    return results[0]


if __name__ == "__main__":
    # A program that is started in the background inherits that SIGINT is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    unittest.main()
