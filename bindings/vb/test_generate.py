"""The declarations for VB of the functions whose results it must not convert."""
import pathlib
import tempfile
import unittest

import generate

HEADER = pathlib.Path(__file__).resolve().parents[2] / "include/wotrus.ffi.h"


class Declarations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            generate.main(HEADER, folder)
            cls.module = pathlib.Path(folder, "Wotrus.bas").read_text("ascii").splitlines()
            cls.source = pathlib.Path(folder, "wotrusvb.c").read_text("utf-8")

    def results(self, name):
        return [line.rsplit(") As ", 1)[1] for line in self.module if f" {name} Lib " in line]

    def test_the_body_is_a_pointer(self):
        # For VBA 7 and for VB6.
        for name in "wotrus_reply_body", "wotrus_reply_values":
            self.assertEqual(self.results(name), ["LongPtr", "Long"])
        self.assertIn("return wotrus_reply_body(reply, len);", self.source)

    def test_texts_in_the_charset_are_strings(self):
        for name in "wotrus_reply_get", "wotrus_reply_json", "wotrus_reply_pem", "wotrus_reply_message":
            self.assertEqual(self.results(name), ["String", "String"])


if __name__ == "__main__":
    unittest.main()
