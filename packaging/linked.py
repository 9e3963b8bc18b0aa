"""What is linked into the library and the command: for the licences and the SBOM of an archive."""
import json
import subprocess

PRODUCTS = {"wotrus": "library", "wotrus-cli": "application"}


class Linked:
    """The packages that are linked for a target triple, with their dependencies."""

    def __init__(self, triple):
        metadata = json.loads(subprocess.run(
            ["cargo", "metadata", "--locked", "--format-version", "1", "--features", "capi",
             "--filter-platform", triple], check=True, capture_output=True, text=True).stdout)
        self.packages = {package["id"]: package for package in metadata["packages"]}
        self.own = set(metadata["workspace_members"])
        nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
        self.products = [i for i in self.own if self.packages[i]["name"] in PRODUCTS]
        self.dependencies = {}
        waiting = list(self.products)
        while waiting:
            package = waiting.pop()
            if package not in self.dependencies:
                # Kind null is a normal dependency; the others are needed to build or test only.
                linked = [d["pkg"] for d in nodes[package]["deps"]
                          if any(kind["kind"] is None for kind in d["dep_kinds"]) and not self.is_macro(d["pkg"])]
                self.dependencies[package] = sorted(linked)
                waiting += linked

    def is_macro(self, package):
        """Procedural macros run in the compiler; nothing of them is linked."""
        return any("proc-macro" in target["kind"] for target in self.packages[package]["targets"])

    def foreign(self):
        """The packages of others, by name and version."""
        found = [self.packages[package] for package in self.dependencies if package not in self.own]
        return sorted(found, key=lambda package: (package["name"], package["version"]))
