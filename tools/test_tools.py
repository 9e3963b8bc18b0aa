#!/usr/bin/env python3
"""Tests of the tools in this folder on small source trees made for the purpose."""
import contextlib
import io
import subprocess
import tempfile
import unittest
from pathlib import Path

import circles
import dead_names
import long_files


def run(tool, files):
    """What the tool's main returns and prints for a folder with these files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        if tool is not circles:
            subprocess.run(["git", "init", "--quiet", folder], check=True)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            return tool.main([folder]), printed.getvalue()


class Circles(unittest.TestCase):
    def found(self, circle, **files):
        """Runs circles.py on lib.rs and the files given, `b__c` for b/c.rs."""
        files = {name.replace("__", "/") + ".rs": text for name, text in files.items()}
        files.setdefault("lib.rs", "mod a;\nmod b;\n")
        status, printed = run(circles, files)
        self.assertEqual(status, 1 if circle else 0, printed)
        return printed

    def test_two_files_that_import_each_other(self):
        printed = self.found(True, a="use crate::b::B;\npub struct A;", b="\nuse super::a::A;\npub struct B;")
        self.assertIn("a.rs:1 imports crate::b::B from b.rs", printed)
        self.assertIn("b.rs:2 imports super::a::A from a.rs", printed)

    def test_one_direction(self):
        self.found(False, a="use crate::b::B;\npub struct A;", b="pub struct B;")

    def test_a_circle_of_three_files(self):
        printed = self.found(True, lib="mod a; mod b; mod c;", a="use crate::b::f;\npub fn g() {}",
                             b="pub fn f() { crate::c::h() }", c="use crate::{a::{g as renamed}};\npub fn h() {}")
        self.assertIn("circle of 3 files", printed)

    def test_a_path_through_an_imported_module(self):
        self.found(True, a="use crate::b;\npub fn f() { b::g() }", b="pub fn g() { crate::a::f() }")

    def test_an_imported_module_alone_is_no_import(self):
        self.found(False, a="use crate::b;\npub fn f() {}", b="pub fn g() { crate::a::f() }")

    def test_a_glob(self):
        self.found(True, a="use crate::b::*;\npub fn f() { g() }", b="pub fn g() { crate::a::f() }")

    def test_a_reexport_is_followed_to_the_definition(self):
        tree = {"lib": "mod a; mod b;", "b__mod": "mod c;\npub use c::C;", "b__c": "pub struct C;"}
        self.found(False, a="use crate::b::C;\npub struct A;", **tree)
        self.found(True, a="use crate::b::C;\npub struct A;", **{**tree, "b__c": "use crate::a::A;\npub struct C;"})

    def test_a_reexport_through_a_glob(self):
        self.found(True, a="use crate::b::C;\npub struct A;", b__mod="mod c;\npub use c::*;",
                   b__c="use crate::a::A;\npub struct C;")

    def test_a_reexport_counts_where_its_name_is_used(self):
        child = "use super::Parent;\npub struct Child;"
        self.found(False, a="", b__mod="mod c;\npub use c::Child;\npub struct Parent;", b__c=child)
        self.found(True, a="", b__mod="mod c;\npub use c::Child;\npub struct Parent { child: Child }", b__c=child)

    def test_a_file_may_name_its_own_children_by_path(self):
        child = "use super::Parent;\npub fn f() {}"
        self.found(False, a="", b="mod c;\npub struct Parent;\nfn g() { c::f() }", b__c=child)
        self.found(True, a="", b="mod c;\nuse c::f;\npub struct Parent;\nfn g() { f() }", b__c=child)

    def test_code_of_tests_does_not_count(self):
        self.found(False, b="pub struct B;", a="""
            pub struct A;
            #[cfg(test)] use crate::b::{B, self};
            #[cfg(test)] #[path = "x"] mod inner { use crate::b::B; }
            #[cfg(all(test, unix))] fn f<T, U>() where T: Into<U> { crate::b::B; }
            """ + "pub struct After;")
        self.found(True, b="use crate::a::A;\npub struct B;", a="""
            #[cfg(test)] mod tests { fn f() {} }
            use crate::b::B;
            pub struct A;""")
        self.found(True, b="use crate::a::A;\npub struct B;", a="""
            #[cfg(any(test, unix))] use crate::b::B;
            pub struct A;""")

    def test_comments_and_literals_do_not_count(self):
        self.found(False, b="use crate::a::f;\npub struct B;", a="""
            // use crate::b::B;
            /* use crate::b::B; /* nested */ use crate::b::B; */
            /// [`crate::b::B`]
            pub fn f<'a>(_: &'a str) { ("use crate::b::B;\\"", r#"crate::b::B" "#, '"', b'\\'', '\\u{22}', "crate::b::B"); }
            """)

    def test_a_lifetime_hides_nothing(self):
        self.found(True, b="use crate::a::f;\npub struct B;", a="pub fn f<'a>(_: &'a crate::b::B) -> &'a str { \"'\" }")

    def test_inline_modules_belong_to_their_file(self):
        self.found(True, b="use crate::a::A;\npub struct B;", a="pub struct A;\nmod inner { use super::super::b::B; }")
        self.found(False, a="pub struct A;\nmod inner { use super::A; pub struct I; }\nuse inner::I;", b="")

    def test_other_crates_do_not_count(self):
        self.found(False, a="use log::log;\nuse std::b::B;\nfn f() { log::log(); ::b::f(); }", b="use crate::a::f;")

    def test_a_circle_of_modules_whose_files_make_none(self):
        tree = {"lib": "mod a; mod b;", "a__mod": "mod c; mod d;", "a__c": "use crate::b::f;", "a__d": "pub fn g() {}"}
        printed = self.found(True, **tree, b="use crate::a::d::g;\npub fn f() {}")
        self.assertIn("import circle of 2 modules", printed)
        self.assertIn("a:1 imports crate::b::f (c.rs) from b", printed)
        self.found(False, **tree, b="pub fn f() {}")

    def test_a_folder_without_a_crate_is_an_error(self):
        status, printed = run(circles, {"README.md": ""})
        self.assertEqual((status, printed), (1, "no Rust crate found\n"))

    def test_every_program_is_a_crate_of_its_own(self):
        status, printed = run(circles, {"lib.rs": "pub fn f() {}", "bin/one.rs": "mod a;", "main.rs": "mod a;",
                                        "bin/a.rs": "use super::x;\npub fn y() {}", "a.rs": "pub fn f() {}"})
        self.assertEqual(status, 0, printed)


class LongFiles(unittest.TestCase):
    long = "code\n" * 501

    def failed(self, name, text):
        status, printed = run(long_files, {name: text})
        self.assertEqual(status, 1 if name in printed else 0, printed)
        return status == 1

    def test_500_lines_need_no_reason(self):
        self.assertFalse(self.failed("a.rs", "code\n" * 500))
        self.assertTrue(self.failed("a.rs", self.long))

    def test_the_reason_stands_in_the_first_comment(self):
        for name, comment in [
            ("a.rs", "//! What it is for.\n//!\n//! Over 500\n//! lines: one table.\n"),
            ("a.rs", "//! A manual.\n\n// Over 500 lines: one table.\n"),
            ("a.c", "/* Over 500 lines: one table. */\n"),
            ("a.php", "<?php\n// Over 500 lines: one table.\n"),
            ("a.py", '#!/usr/bin/env python3\n"""One table: over 500 lines."""\n'),
            ("script", "#!/bin/sh\n# Over 500 lines: one table.\n"),
        ]:
            self.assertFalse(self.failed(name, comment + self.long), name)
            self.assertTrue(self.failed(name, comment.replace("500", "400") + self.long), name)
        self.assertTrue(self.failed("a.rs", "//! A manual.\n" + self.long + "// Over 500 lines: one table.\n"))

    def test_only_source_files_count(self):
        status, printed = run(long_files, {"a.md": self.long, "b": self.long, "include/a.h": self.long, "c.rs": ""})
        self.assertEqual((status, printed), (0, "1 files, 0 too long without a reason\n"))


class DeadNames(unittest.TestCase):
    def dead(self, document, **files):
        """The names in a document that are dead in a tree with these Rust files, `b__c` for src/b/c.rs."""
        files = {f"src/{name.replace('__', '/')}.rs": text for name, text in files.items()}
        status, printed = run(dead_names, {"ARCHITECTURE.md": document, **files})
        self.assertEqual(status, 1 if "does not exist" in printed else 0, printed)
        return [line.split("`")[1] for line in printed.split("\n") if "does not exist" in line]

    def test_paths_are_files_or_folders(self):
        document = "`src/b/c.rs` `c.rs` `b/` `src/b/`; `src/c.rs` `d.rs` `c/` `b/d.rs`"
        self.assertEqual(self.dead(document, b__c=""), ["src/c.rs", "d.rs", "c/", "b/d.rs"])

    def test_words_stand_in_a_source_file(self):
        document = "`decide` `Kind::Argument` `message!` `WOTRUS_`; `decid` `Kind::Other` `OTHER_`"
        source = "fn decide() { Kind::Argument; message!(WOTRUS_TOKEN) }"
        self.assertEqual(self.dead(document, a=source), ["decid", "Kind::Other", "OTHER_"])

    def test_other_text_in_backquotes_is_no_name(self):
        self.assertEqual(self.dead("`a`\n`make check BASE=HEAD` `isSuccess:false` `.so`", a="a"), [])

    def test_a_document_without_names_is_an_error(self):
        status, printed = run(dead_names, {"ARCHITECTURE.md": ""})
        self.assertEqual((status, printed), (1, "0 names, 0 dead\n"))


if __name__ == "__main__":
    unittest.main()
