"""Writes the wheel. It needs nothing but Python, also as the build backend of pyproject.toml.

  build_wheel.py FOLDER LIBRARY TAG    a wheel with the library inside; TAG is the platform, such as win_amd64
  build_wheel.py FOLDER                one without it, which uses the library that the system has
  pip install .                        the latter
"""
import base64
import hashlib
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from package_files import documentation, licences, version, write_zip  # noqa: E402

# By the beginning of the platform's tag: the file that is given may have another name, such as libwotrus.so.1.
NAMES = {"win": "wotrus.dll", "macosx": "libwotrus.dylib"}
SUMMARY = "Orders, tracks, fetches, cancels, revokes and reissues WoTrus certificates"


def write(folder, library=None, tag="any"):
    wheel = f"wotrus-{version()}-py3-none-{tag}.whl"
    contents = {f"wotrus/{path.name}": path.read_bytes()
                for path in sorted((HERE / "wotrus").iterdir()) if path.suffix == ".py" or path.name == "py.typed"}
    if library is not None:
        name = next((name for system, name in NAMES.items() if tag.startswith(system)), "libwotrus.so")
        contents[f"wotrus/{name}"] = pathlib.Path(library).read_bytes()
    info = f"wotrus-{version()}.dist-info"
    for path in licences():
        contents[f"{info}/licenses/{path.name}"] = path.read_bytes()
    pages = documentation("python")
    for name, content in pages.items():
        if not name.startswith("licences/"):
            contents[f"wotrus-{version()}.data/data/share/doc/wotrus/{name}"] = content
    contents[f"{info}/METADATA"] = metadata(pages["README.md"].decode()).encode()
    pure = str(library is None).lower()
    tags = "".join(f"Tag: py3-none-{one}\n" for one in tag.split("."))
    contents[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: libwotrus\nRoot-Is-Purelib: {pure}\n{tags}").encode()
    record = f"{info}/RECORD"
    contents[record] = "".join([*map(record_line, contents.items()), f"{record},,\n"]).encode()
    write_zip(pathlib.Path(folder) / wheel, contents)
    return wheel


def record_line(item):
    name, content = item
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"


def metadata(readme):
    # The page stands alone here, without the files that it links to.
    readme = re.sub(r"\[([^]]*)\]\((?!https:)[^)]*\)", r"\1", readme)
    return (
        f"Metadata-Version: 2.1\nName: wotrus\nVersion: {version()}\nSummary: {SUMMARY}\n"
        "License: MIT OR Apache-2.0\nRequires-Python: >=3.8\nDescription-Content-Type: text/markdown\n\n" + readme)


# The hooks of a build backend (PEP 517).


def get_requires_for_build_wheel(config_settings=None):
    return []


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return write(wheel_directory)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    print(write(*sys.argv[1:]))
