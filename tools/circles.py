#!/usr/bin/env python3
"""circles.py [FOLDER...]: finds import circles between the files of Rust crates, and between their
top-level modules.

FOLDER holds the sources of a crate (lib.rs, main.rs or bin/*.rs); without one, all of the
repository's crates are examined. File A imports file B when A names an item that B defines: in a
`use`, or in a path that begins with `crate`, `self`, `super` or the name of a module. A re-export is
followed to the file that defines the item, and is itself no import, unless the re-exporting file
uses the name too. A file may name its own child modules by path (`child::function()`): it declares
what they implement. Code under `#[cfg(test)]` does not count.

Prints every circle with the lines that make it, and exits with 1 if there is one. Macros are not
expanded, and calls of methods are not resolved.
"""
import re
import sys
from pathlib import Path

CRATES = ["src", "cli/src", "sandbox/src", "benches/rust/src"]

TOKEN = re.compile(r"""
      (?P<skip> \s+ | //[^\n]* | b?r(?P<hashes>\#*)".*?"(?P=hashes) | [bc]?"(?:\\.|[^"\\])*"
              | b?'(?:\\[^\n]+?|[^\\'\n])' | '\w+ | \d[\w.]* )
    | (?P<comment> /\* )
    | (?P<name> (?:r\#)?[^\W\d]\w* )
    | (?P<other> :: | . )
""", re.VERBOSE | re.DOTALL)
COMMENT_EDGE = re.compile(r"/\*|\*/")
ITEMS = {"fn", "struct", "enum", "union", "trait", "type", "const", "static", "macro_rules"}
STATEMENTS = {"use", "const", "static", "type", "let", "extern"}
OPEN, CLOSE = set("([{"), set(")]}")


def tokens(text):
    """The names and signs of a source text with their lines, without comments and literals."""
    found, at, line = [], 0, 1
    while at < len(text):
        match = TOKEN.match(text, at)
        end = match.end()
        if match["comment"]:
            depth = 1
            while depth:
                edge = COMMENT_EDGE.search(text, end)
                if not edge:
                    end = len(text)
                    break
                depth += 1 if edge[0] == "/*" else -1
                end = edge.end()
        elif not match["skip"]:
            found.append((match[0].removeprefix("r#"), line))
        line += text.count("\n", at, end)
        at = end
    return found


def closing(code, start):
    """The index behind the bracket that closes the one at `start`."""
    depth = 0
    for index in range(start, len(code)):
        depth += (code[index][0] in OPEN) - (code[index][0] in CLOSE)
        if depth == 0:
            return index + 1
    return len(code)


def end_of_item(code, start):
    """The index behind the item, statement, field or match arm at `start`."""
    while code[start][0] == "#":
        start = closing(code, start + 1)
    first = start
    if code[first][0] == "pub":
        first = closing(code, first + 1) if code[first + 1][0] == "(" else first + 1
    keyword = code[first][0]
    at, index = keyword in ITEMS or keyword in {"mod", "impl", "unsafe", "async"}, start
    while index < len(code):
        word = code[index][0]
        if word == ";" or word == "," and not at:
            return index + 1
        if word in CLOSE:
            return index
        if word in OPEN:
            index = closing(code, index)
            if word == "{" and keyword not in STATEMENTS:
                return index
        else:
            index += 1
    return index


def without_tests(code):
    """The code without what only tests compile."""
    kept, index = [], 0
    while index < len(code):
        words = [word for word, _ in code[index:index + 7]]
        only_test = words[:6] == ["#", "[", "cfg", "(", "test", ")"] \
            or words[:7] == ["#", "[", "cfg", "(", "all", "(", "test"]
        if only_test:
            index = end_of_item(code, index)
        else:
            kept.append(code[index])
            index += 1
    return kept


def use_tree(code, index, prefix=()):
    """Reads a use tree at `index`: its ([path, alias], …) and the index behind it."""
    found, path = [], list(prefix)
    while index < len(code) and code[index][0] not in {";", ",", "}"}:
        word = code[index][0]
        if word == "{":
            index += 1
            while index < len(code) and code[index][0] != "}":
                inner, index = use_tree(code, index, path)
                found += inner
                index += code[index][0] == ","
            return found, index + 1
        if word == "as":
            return found + [(tuple(path), code[index + 1][0])], index + 2
        if word != "::":
            path.append(word)
        index += 1
    if path and path[-1] == "self":
        path.pop()
    return found + [(tuple(path), path[-1])] if path else found, index


class Module:
    """A module: what it defines, re-exports and imports, and which paths it uses."""

    def __init__(self, path, file):
        self.path, self.file = path, file
        self.items = set()
        self.children = {}
        self.exports = {}       # name -> (path as written, line), of `pub use`
        self.imports = {}       # the same of private uses
        self.globs = []         # (path, line) of `use path::*`
        self.export_globs = []  # the same of `pub use`
        self.uses = []          # (path, line) of all other paths
        self.words = set()      # the names in the code outside its uses


class Crate:
    """The modules of a crate, read from its root file."""

    def __init__(self, root):
        self.root = root
        self.modules = {}
        self.read((), root)

    def read(self, path, file):
        code = without_tests(tokens(file.read_text(encoding="utf-8")))
        self.module(path, file, code, 0, len(code))

    def module(self, path, file, code, index, end):
        module = self.modules[path] = Module(path, file)
        depth = 0
        while index < end:
            word, line = code[index]
            after = code[index + 1][0] if index + 1 < end else ""
            if word == "mod" and after.isidentifier():
                inner = path + (after,)
                module.children[after] = inner
                if code[index + 2][0] == ";":
                    self.read(inner, child_file(self.root, path, after))
                    index += 3
                else:
                    behind = closing(code, index + 2)
                    self.module(inner, file, code, index + 3, behind - 1)
                    index = behind
                continue
            if word == "use" and after != "<":
                public = index > 0 and code[index - 1][0] in {"pub", ")"}
                found, index = use_tree(code, index + 1)
                for written, name in found:
                    if written[-1] == "*":
                        (module.export_globs if public else module.globs).append((written[:-1], line))
                    else:
                        (module.exports if public else module.imports)[name] = (written, line)
                continue
            if depth == 0 and word in ITEMS:
                name = code[index + 2][0] if word == "macro_rules" else after
                if name.isidentifier():
                    module.items.add(name)
            depth += (word in OPEN) - (word in CLOSE)
            if word.isidentifier():
                before = code[index - 1][0] if index else ""
                written = [word]
                while index + 2 < end and code[index + 1][0] == "::" and code[index + 2][0].isidentifier():
                    written.append(code[index + 2][0])
                    index += 2
                if before not in {"::", "."}:
                    module.words.add(word)
                    if len(written) > 1:
                        module.uses.append((tuple(written), line))
            index += 1

    def resolve(self, module, written, seen=()):
        """The module that defines what a path names as `module` writes it; None if another crate does.
        `seen` has the imports that were followed on the way: `use log::log` ends in itself."""
        at, rest = module, list(written)
        first = rest[0]
        if first == "crate":
            at, rest = self.modules[()], rest[1:]
        elif first in {"self", "super"}:
            while rest and rest[0] in {"self", "super"}:
                at = self.modules[at.path[:-1]] if rest[0] == "super" else at
                rest = rest[1:]
        elif first not in at.children and first not in at.exports and first not in at.imports:
            return None
        while rest:
            name, rest = rest[0], rest[1:]
            if name in at.children:
                at = self.modules[at.children[name]]
                continue
            named = at.exports.get(name) or at.imports.get(name)
            if named:
                step = (at.path, name)
                return None if step in seen else self.resolve(at, named[0] + tuple(rest), (*seen, step))
            if name not in at.items:
                for glob, _ in at.export_globs:
                    inner = self.resolve(at, glob, seen)
                    if inner and (name in inner.items or name in inner.exports):
                        return self.resolve(inner, ("self", name), seen)
            return at
        return at

    def edges(self):
        """file -> other file -> the (line, name) where the one names what the other defines."""
        edges = {}
        for module in self.modules.values():
            named = [*module.imports.values()]
            named += [use for name, use in module.exports.items() if name in module.words]
            named += [use for use in module.uses if self.counts(module, use[0][0])]
            targets = [(self.resolve(module, path), path, line)
                       for path, line in named if not self.is_module(module, path)]
            targets += [(self.resolve(module, path), path, line) for path, line in module.globs]
            for target, path, line in targets:
                if target and target.file != module.file:
                    names = edges.setdefault(module.file, {}).setdefault(target.file, {})
                    names.setdefault("::".join(path), line)
        return edges

    def counts(self, module, first):
        """Whether a path that begins so is an import of its own: not if it goes to a child, and not
        if it begins with an imported item, whose `use` counts already."""
        if first in module.children or first == "self":
            return False
        return first not in module.imports or self.is_module(module, module.imports[first][0])

    def is_module(self, module, path):
        """Whether a path names a module itself: then what is reached through it counts."""
        target = self.resolve(module, path)
        if not target or path[-1] in {"crate", "self", "super"}:
            return bool(target)
        return bool(target.path) and target.path[-1] == path[-1] and path[-1] not in target.items


def child_file(root, path, name):
    """The file of `mod name;` in the module `path` of the crate whose root file is `root`."""
    folder = root.parent.joinpath(*path)
    return next(f for f in (folder / f"{name}.rs", folder / name / "mod.rs") if f.is_file())


def circles(edges):
    """The groups of files that import each other, directly or through others (Tarjan)."""
    order, low, stack, groups = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in edges.get(node, {}):
            if other not in order:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == order[node]:
            start = stack.index(node)
            group = stack[start:]
            del stack[start:]
            if len(group) > 1:
                groups.append(sorted(group))

    for node in sorted(edges):
        if node not in order:
            visit(node)
    return groups


def between_modules(edges, folder):
    """The same edges between the top-level modules below `folder`, each by the path of its file or folder."""
    def module(file):
        return folder / file.relative_to(folder).parts[0].removesuffix(".rs")

    found = {}
    for file, others in edges.items():
        for other, names in others.items():
            if module(file) != module(other):
                named = found.setdefault(module(file), {}).setdefault(module(other), {})
                named.update({f"{name} ({file.name})": line for name, line in names.items()})
    return found


def roots(folder):
    return [f for f in [folder / "lib.rs", folder / "main.rs", *sorted(folder.glob("bin/*.rs"))] if f.is_file()]


def main(arguments):
    repository = Path(__file__).resolve().parent.parent
    folders = [Path(a) for a in arguments] or [repository / crate for crate in CRATES]
    count = files = 0
    for folder, root in [(folder, root) for folder in folders for root in roots(folder)]:
        crate = Crate(root)
        files += len({module.file for module in crate.modules.values()})
        edges_of_files = crate.edges()
        examined = {"files": edges_of_files, "modules": between_modules(edges_of_files, root.parent)}
        for kind, edges in examined.items():
            for group in circles(edges):
                count += 1
                print(f"import circle of {len(group)} {kind} in {root.parent}:")
                for file in group:
                    for other, names in edges[file].items():
                        for name, line in names.items() if other in group else ():
                            print(f"  {file.relative_to(root.parent)}:{line} imports {name}"
                                  f" from {other.relative_to(root.parent)}")
    if not files:
        print("no Rust crate found", file=sys.stderr)
        return 1
    print(f"{files} files, {count} import circles")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
