#!/usr/bin/env python3
"""Compiles the classes and writes the jar and its pom.

  package.py FOLDER PLATFORM=LIBRARY...

PLATFORM is JNA's name: linux-x86-64, linux-aarch64, win32-x86-64, win32-x86, ... JNA unpacks the library of the
platform at run time. JNA_JAR is the path of jna.jar, by default Debian's.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
JNA = os.environ.get("JNA_JAR", "/usr/share/java/jna.jar")
MANIFEST = "Manifest-Version: 1.0\r\nAutomatic-Module-Name: wotrus\r\nImplementation-Version: {version}\r\n\r\n"


def write(folder, libraries):
    manifest = (HERE.parent.parent / "Cargo.toml").read_text("utf-8")
    version = re.search(r'^\[workspace\.package\]\nversion = "(.*)"', manifest, flags=re.M)[1]
    pom = (HERE / "pom.xml").read_text("utf-8").replace("0-SNAPSHOT", version, 1)
    contents = {
        "META-INF/MANIFEST.MF": MANIFEST.format(version=version).encode(),
        "META-INF/maven/wotrus/wotrus/pom.xml": pom.encode(),
        **classes(),
    }
    for platform, library in libraries:
        name = "wotrus.dll" if platform.startswith("win32") else "libwotrus.so"
        contents[f"{platform}/{name}"] = pathlib.Path(library).read_bytes()
    jar = pathlib.Path(folder) / f"wotrus-{version}.jar"
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            # A fixed time makes equal contents equal files.
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    jar.with_suffix(".pom").write_text(pom, "utf-8")
    return jar


def classes():
    sources = sorted(map(str, (HERE / "src/main/java").rglob("*.java")))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["javac", "--release", "8", "-Xlint:all,-options", "-Werror", "-encoding", "UTF-8", "-cp", JNA, "-d", folder,
             *sources], check=True)
        return {path.relative_to(folder).as_posix(): path.read_bytes()
                for path in sorted(pathlib.Path(folder).rglob("*.class"))}


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    print(write(sys.argv[1], [argument.split("=", 1) for argument in sys.argv[2:]]))
