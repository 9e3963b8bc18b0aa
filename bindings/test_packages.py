"""The packages with the libraries of all targets, for which files with their names stand: is each where its platform
looks for it? The suites of the languages use the packages of this machine."""
import csv
import io
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from xml.etree import ElementTree

from package_files import BINDINGS, version

TARGETS = ("x86_64", "aarch64", "x86_64-musl", "aarch64-musl", "windows-x64", "windows-x86")


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.libraries = {}
        for target in TARGETS:
            name = "wotrus.dll" if target.startswith("windows") else "libwotrus.so"
            library = cls.folder / target / name
            library.parent.mkdir()
            library.write_bytes(target.encode())
            cls.libraries[target] = library
        notices = cls.folder / "notices"
        notices.mkdir()
        cls.notices = {"LICENSE-MIT", "THIRD-PARTY-LICENCES.txt", "RUNTIME-LICENCES-WINDOWS.txt", "RUST-LICENCES.html"}
        for name in cls.notices:
            (notices / name).write_text(name)
        cls.made = set()
        for package in sorted(BINDINGS.glob("*/package")):
            arguments = [f"{target}={library}" for target, library in cls.libraries.items()]
            made = subprocess.run(
                [package, cls.folder, *arguments], check=True, stdout=subprocess.PIPE, text=True,
                env={**os.environ, "WOTRUS_NOTICES": str(notices)}).stdout.split()
            cls.made.update(made)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_every_package_is_printed_and_has_the_version(self):
        self.assertEqual(self.made, {path.name for path in self.folder.iterdir() if path.is_file()})
        for name in self.made:
            self.assertIn(version(), name)

    def test_every_package_has_all_notices(self):
        for name in self.made:
            path = self.folder / name
            if path.suffix in (".whl", ".nupkg", ".jar"):
                with zipfile.ZipFile(path) as archive:
                    files = archive.namelist()
            elif path.suffix in (".gz", ".tgz"):
                with tarfile.open(path) as archive:
                    files = archive.getnames()
            else:
                continue
            # NuGet needs a suffix.
            found = {notice for notice in self.notices for file in files
                     if pathlib.PurePosixPath(file).name in (notice, notice + ".txt")}
            self.assertEqual(found, self.notices, name)

    def test_pip_takes_the_wheel_of_its_platform(self):
        for platform, target in {
                "manylinux2014_x86_64": "x86_64", "manylinux_2_17_aarch64": "aarch64",
                "musllinux_1_2_x86_64": "x86_64-musl", "musllinux_1_2_aarch64": "aarch64-musl",
                "win_amd64": "windows-x64", "win32": "windows-x86"}.items():
            installed = self.pip_install(platform)
            library = installed / "wotrus" / self.libraries[target].name
            self.assertEqual(library.read_text(), target, platform)
        # Others get the one without a library.
        installed = self.pip_install("macosx_11_0_arm64")
        self.assertEqual({path.suffix for path in (installed / "wotrus").iterdir()} - {".py", ".typed", ""}, set())

    def pip_install(self, platform):
        installed = self.folder / platform
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps",
             "--no-compile", "--find-links", self.folder, "--only-binary", ":all:", "--platform", platform, "--target",
             installed, "wotrus"], check=True, env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"})
        return installed

    def test_the_record_of_a_wheel_names_every_file(self):
        for name in self.made:
            if name.endswith(".whl"):
                with zipfile.ZipFile(self.folder / name) as wheel:
                    record = wheel.read(f"wotrus-{version()}.dist-info/RECORD").decode()
                    self.assertEqual(sorted(row[0] for row in csv.reader(io.StringIO(record))), sorted(wheel.namelist()))

    def test_the_nupkg_has_the_libraries_by_their_identifiers(self):
        with zipfile.ZipFile(self.folder / f"Wotrus.{version()}.nupkg") as package:
            self.assertEqual(self.found(package, "runtimes/"), {
                "runtimes/linux-x64/native/libwotrus.so": "x86_64",
                "runtimes/linux-arm64/native/libwotrus.so": "aarch64",
                "runtimes/linux-musl-x64/native/libwotrus.so": "x86_64-musl",
                "runtimes/linux-musl-arm64/native/libwotrus.so": "aarch64-musl",
                "runtimes/win-x64/native/wotrus.dll": "windows-x64",
                "runtimes/win-x86/native/wotrus.dll": "windows-x86"})
            types = ElementTree.fromstring(package.read("[Content_Types].xml"))
            known = {element.get("Extension") for element in types}
            for name in package.namelist():
                if name != "[Content_Types].xml":
                    self.assertIn(name.rsplit(".", 1)[1], known)
            # The documents of XML are well-formed.
            for name in package.namelist():
                if name.endswith((".xml", ".nuspec", ".targets", ".rels")):
                    ElementTree.fromstring(package.read(name))

    def test_the_jar_has_the_libraries_where_jna_looks(self):
        with zipfile.ZipFile(self.folder / f"wotrus-{version()}.jar") as jar:
            self.assertEqual(self.found(jar, ("linux-", "win32-")), {
                "linux-x86-64/libwotrus.so": "x86_64", "linux-aarch64/libwotrus.so": "aarch64",
                "win32-x86-64/wotrus.dll": "windows-x64", "win32-x86/wotrus.dll": "windows-x86"})
        pom = ElementTree.parse(self.folder / f"wotrus-{version()}.pom")
        self.assertEqual(pom.findtext("{http://maven.apache.org/POM/4.0.0}version"), version())

    def test_the_npm_package_has_the_libraries_by_platform(self):
        with tarfile.open(self.folder / f"wotrus-{version()}.tgz") as package:
            natives = {member.name: package.extractfile(member).read().decode()
                       for member in package if member.isfile() and "/natives/" in member.name}
        self.assertEqual(natives, {
            "package/natives/linux-x64/libwotrus.so": "x86_64",
            "package/natives/linux-arm64/libwotrus.so": "aarch64",
            "package/natives/linux-x64-musl/libwotrus.so": "x86_64-musl",
            "package/natives/linux-arm64-musl/libwotrus.so": "aarch64-musl",
            "package/natives/win32-x64/wotrus.dll": "windows-x64",
            "package/natives/win32-ia32/wotrus.dll": "windows-x86"})

    @staticmethod
    def found(archive, start):
        return {name: archive.read(name).decode() for name in archive.namelist()
                if name.startswith(start) and not name.endswith(".class")}


if __name__ == "__main__":
    unittest.main()
