"""The generator notices every change of the header."""
import pathlib
import sys
import unittest

import csharp
import header
import java
import node
import pascal
import python

INCLUDE = pathlib.Path(__file__).resolve().parents[2] / "include"
PARSERS, DOCUMENTED = ((INCLUDE / name).read_text("utf-8") for name in ("wotrus.ffi.h", "wotrus.h"))
LANGUAGES = (csharp, java, node, pascal, python)


def written(parsers_header):
    declared = header.read(parsers_header, DOCUMENTED)
    return [language.write(declared, "notice") for language in LANGUAGES]


class Changes(unittest.TestCase):
    def assert_noticed(self, old, new):
        self.assertIn(old, PARSERS)
        for before, after in zip(written(PARSERS), written(PARSERS.replace(old, new, 1))):
            self.assertNotEqual(before, after)

    def test_a_function_is_added(self):
        self.assert_noticed("int wotrus_abi(void);", "int wotrus_abi(void);\n\nint wotrus_new(void);")

    def test_a_function_is_removed(self):
        self.assert_noticed("int wotrus_abi(void);", "")

    def test_a_parameter_is_added(self):
        self.assert_noticed("const char *collect_url);", "const char *collect_url, int again);")

    def test_a_parameter_has_another_type(self):
        self.assert_noticed("unsigned int timeout_ms", "size_t timeout_ms")

    def test_a_result_has_another_type(self):
        self.assert_noticed("int wotrus_reply_status", "size_t wotrus_reply_status")

    def test_a_constant_has_another_value(self):
        self.assert_noticed("WOTRUS_FILE = 9", "WOTRUS_FILE = 19")

    def test_the_number_of_functions_is_that_of_the_header(self):
        declared = header.read(PARSERS, DOCUMENTED)
        self.assertEqual(len(declared.functions), PARSERS.count(");") - 1, "the callback is not a function")


class Unknown(unittest.TestCase):
    def assert_refused(self, declaration):
        with self.assertRaises(SystemExit):
            header.read(PARSERS + declaration, DOCUMENTED)

    def test_a_type_that_no_language_has_is_refused(self):
        self.assert_refused("\ndouble wotrus_cost(void);\n")
        self.assert_refused("\nint wotrus_set(const wotrus_unknown *it);\n")

    def test_another_callback_is_refused(self):
        self.assert_refused("\ntypedef int (*wotrus_walk)(void *user);\n")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
