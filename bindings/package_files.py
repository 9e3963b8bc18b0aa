"""What the packages of all languages have in common; their scripts import it or run it:

  package_files.py NAME FOLDER    writes the documentation of bindings/NAME into FOLDER

The documentation is the README in both languages, options.md, the examples, and the licences, which are those of
WOTRUS_NOTICES if packaging/dist-bindings made that folder: with those of what is linked into the libraries.
"""
import os
import pathlib
import re
import sys
import zipfile

BINDINGS = pathlib.Path(__file__).resolve().parent
ROOT = BINDINGS.parent
PAGES = ("README.md", "README.zh-CN.md", "options.md")
LINK = re.compile(r"\[([^]]*)\]\(([^)]*)\)")


def version():
    manifest = (ROOT / "Cargo.toml").read_text("utf-8")
    return re.search(r'^\[workspace\.package\]\nversion = "(.*)"', manifest, flags=re.M)[1]


def documentation(name):
    """The files as bytes, by their names in the package."""
    files = {page: page_of((ROOT / "docs" if page == "options.md" else BINDINGS / name) / page) for page in PAGES}
    examples = BINDINGS / name / "examples"
    for path in sorted(examples.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            files[f"examples/{path.relative_to(examples).as_posix()}"] = path.read_bytes()
    for path in licences():
        # NuGet refuses a file without an extension.
        files[f"licences/{path.name if path.suffix else path.name + '.txt'}"] = path.read_bytes()
    return files


def licences():
    folder = os.environ.get("WOTRUS_NOTICES")
    return sorted(pathlib.Path(folder).iterdir() if folder else ROOT.glob("LICENSE-*"))


def page_of(path):
    """The page with its link to the options; other links to files outside the package become plain text."""
    text = path.read_text("utf-8").replace("[docs/options.md](../../docs/options.md)", "[options.md](options.md)")
    return LINK.sub(lambda link: link[0] if link[2].startswith("https:") or link[2] in PAGES else link[1], text).encode()


def write_zip(path, contents):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            # A fixed time makes equal contents equal files.
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.external_attr = 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)


def main(name, folder):
    for file, content in documentation(name).items():
        path = pathlib.Path(folder) / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
