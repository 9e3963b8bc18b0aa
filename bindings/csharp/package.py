#!/usr/bin/env python3
"""Writes the NuGet package, without a network.

  package.py ASSEMBLY FOLDER RID=LIBRARY...

ASSEMBLY is the folder with Wotrus.dll and Wotrus.xml (build.sh). RID is win-x64, win-x86, linux-x64, linux-arm64, ...
"""
import pathlib
import re
import sys
import zipfile
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).resolve().parent
SUMMARY = "Orders, tracks, fetches, cancels, revokes and reissues WoTrus certificates"
NUSPEC = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>Wotrus</id>
    <version>{version}</version>
    <authors>libwotrus</authors>
    <description>{summary}</description>
    <license type="expression">MIT OR Apache-2.0</license>
    <readme>README.md</readme>
    <dependencies>
      <group targetFramework=".NETFramework4.0" />
      <group targetFramework=".NETStandard2.0" />
    </dependencies>
  </metadata>
</package>
"""
# .NET finds the library in runtimes/ by itself. For .NET Framework it is put beside the program, in x64 and x86.
TARGETS = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <ItemGroup>
    <None Include="$(MSBuildThisFileDirectory)..\\..\\runtimes\\win-x64\\native\\wotrus.dll"
          Condition="Exists('$(MSBuildThisFileDirectory)..\\..\\runtimes\\win-x64\\native\\wotrus.dll')">
      <Link>x64\\wotrus.dll</Link>
      <CopyToOutputDirectory>PreserveNewest</CopyToOutputDirectory>
    </None>
    <None Include="$(MSBuildThisFileDirectory)..\\..\\runtimes\\win-x86\\native\\wotrus.dll"
          Condition="Exists('$(MSBuildThisFileDirectory)..\\..\\runtimes\\win-x86\\native\\wotrus.dll')">
      <Link>x86\\wotrus.dll</Link>
      <CopyToOutputDirectory>PreserveNewest</CopyToOutputDirectory>
    </None>
  </ItemGroup>
</Project>
"""
CONTENT_TYPES = """<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />
{types}
</Types>
"""
RELATIONSHIPS = """<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/Wotrus.nuspec" Id="manifest" />
</Relationships>
"""


def write(assembly, folder, libraries):
    version = re.search(r'^\[workspace\.package\]\nversion = "(.*)"',
                        (HERE.parent.parent / "Cargo.toml").read_text("utf-8"), flags=re.M)[1]
    contents = {
        "Wotrus.nuspec": NUSPEC.format(version=version, summary=escape(SUMMARY)).encode(),
        "_rels/.rels": RELATIONSHIPS.encode(),
        "README.md": (HERE / "README.md").read_bytes(),
        "build/net40/Wotrus.targets": TARGETS.encode(),
    }
    for framework in ("net40", "netstandard2.0"):
        for file in ("Wotrus.dll", "Wotrus.xml"):
            contents[f"lib/{framework}/{file}"] = (pathlib.Path(assembly) / file).read_bytes()
    for rid, library in libraries:
        name = "wotrus.dll" if rid.startswith("win") else "libwotrus.so"
        contents[f"runtimes/{rid}/native/{name}"] = pathlib.Path(library).read_bytes()
    extensions = sorted({name.rsplit(".", 1)[1] for name in contents} - {"rels"})
    types = "\n".join(f'  <Default Extension="{e}" ContentType="application/octet" />' for e in extensions)
    contents = {"[Content_Types].xml": CONTENT_TYPES.format(types=types).encode(), **contents}
    package = pathlib.Path(folder) / f"Wotrus.{version}.nupkg"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            # A fixed time makes equal contents equal files.
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return package


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    print(write(sys.argv[1], sys.argv[2], [argument.split("=", 1) for argument in sys.argv[3:]]))
