"""sbom.py TRIPLE: prints an SBOM (CycloneDX 1.5, JSON) of what is linked into the library and the command."""
import json
import os
import pathlib
import subprocess
import sys
import tomllib

from linked import PRODUCTS, Linked

STANDARD_LIBRARY = "rust-standard-library"


def reference(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package, checksums):
    described = {
        "type": PRODUCTS.get(package["name"], "library"),
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        "purl": reference(package),
    }
    if package["license"]:
        described["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    if package["repository"]:
        described["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    checksum = checksums.get((package["name"], package["version"]))
    if checksum:
        described["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return described


def main(triple):
    root = pathlib.Path(__file__).resolve().parent.parent
    lock = tomllib.loads((root / "Cargo.lock").read_text(encoding="utf-8"))
    checksums = {(p["name"], p["version"]): p.get("checksum") for p in lock["package"]}
    compiler = subprocess.run([os.environ.get("RUSTC", "rustc"), "-vV"],
                              check=True, capture_output=True, text=True).stdout
    compiler = dict(line.split(": ", 1) for line in compiler.splitlines() if ": " in line)
    linked = Linked(triple)
    packages = linked.packages
    products = sorted(linked.products, key=lambda package: packages[package]["name"])
    others = sorted((p for p in linked.dependencies if p not in products), key=lambda p: reference(packages[p]))
    standard = {
        "type": "library",
        "bom-ref": STANDARD_LIBRARY,
        "name": STANDARD_LIBRARY,
        "version": compiler["release"],
        "licenses": [{"expression": "MIT OR Apache-2.0"}],
    }
    version = packages[products[0]]["version"]
    print(json.dumps({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {
            "type": "library", "bom-ref": "libwotrus", "name": "libwotrus", "version": version,
            "properties": [{"name": "target", "value": triple}],
            "components": [component(packages[p], checksums) for p in products],
        }},
        "components": [standard] + [component(packages[p], checksums) for p in others],
        "dependencies": [{"ref": "libwotrus", "dependsOn": [reference(packages[p]) for p in products]}] + [
            {"ref": reference(packages[p]), "dependsOn":
                [STANDARD_LIBRARY] + [reference(packages[d]) for d in linked.dependencies[p]]}
            for p in products + others
        ],
    }, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1])
