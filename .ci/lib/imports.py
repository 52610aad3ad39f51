"""The modules of a Rust crate and their imports, without test code."""
import re

ITEM = r"(?:pub(?:\([^)]*\))?\s+)?"
PATH = re.compile(r"(?<![\w:])(\w+)((?:::\w+)+)")


def without_comments(text):
    return re.sub(r"(?m)^\s*//.*$", "", text)


def without_tests(text):
    """A file up to its inline tests, without imports that only tests use."""
    text = re.sub(rf"#\[cfg\(test\)\]\s*{ITEM}use [^;]+;", "", text)
    return re.split(rf"#\[cfg\(test\)\]\s*{ITEM}mod \w+ {{", text)[0]


def name_of(path, source):
    """A module's path from the crate's root, which is empty for the root itself."""
    parts = path.relative_to(source).with_suffix("").parts
    return parts[:-1] if parts[-1] in ("mod", "lib", "main") else parts


def items(text):
    """Splits at commas outside braces."""
    depth = start = 0
    for at, letter in enumerate(text + ","):
        depth += (letter == "{") - (letter == "}")
        if letter == "," and depth == 0:
            if text[start:at].strip():
                yield text[start:at].strip()
            start = at + 1


def imported(tree, before=()):
    """Yields each path of a `use`, with the name it introduces."""
    head, brace, rest = tree.partition("{")
    if brace:
        before += tuple(part.strip() for part in head.split("::") if part.strip())
        for item in items(rest[: rest.rindex("}")]):
            yield from imported(item, before)
        return
    path, _, name = tree.partition(" as ")
    path = before + tuple(part.strip() for part in path.split("::"))
    path = path[:-1] if path[-1] == "self" else path
    yield path, name.strip() or path[-1]


class Crate:
    """The modules of a crate: texts, re-exports, and used paths from the crate's root."""

    def __init__(self, source):
        # Beside a library, `main.rs` is another crate.
        paths = [path for path in source.rglob("*.rs") if path.name != "main.rs" or not (source / "lib.rs").exists()]
        texts = {name_of(path, source): without_comments(path.read_text()) for path in paths}
        tests = tuple(
            (*module, name)
            for module, text in texts.items()
            for name in re.findall(rf"#\[cfg\(test\)\]\s*{ITEM}mod (\w+);", text)
        )
        self.texts = {
            module: without_tests(text)
            for module, text in texts.items()
            if not any(module[: len(test)] == test for test in tests)
        }
        self.exports, self.uses = {}, {}
        for module in self.texts:
            self.read(module)

    def read(self, module):
        exports, names, used = {}, {}, []
        for public, tree in re.findall(rf"(?m)^\s*({ITEM})use\s+([^;]+);", self.texts[module]):
            for path, name in imported(tree):
                path = self.absolute(module, path)
                if path is None:
                    continue
                if public:
                    exports[name] = path
                    # A folder's `pub use` of its own items is not an import.
                    if path[: len(module)] == module:
                        continue
                used.append(path)
                names[name] = path
        for first, rest in PATH.findall(re.sub(r"(?m)^\s*.*\buse\s+[^;]+;", "", self.texts[module])):
            path = self.absolute(module, (first, *rest.split("::")[1:]), names)
            if path is not None:
                used.append(path)
        self.exports[module], self.uses[module] = exports, used

    def absolute(self, module, path, names=None):
        """The path from the crate's root, or None outside the crate."""
        first, rest = path[0], path[1:]
        if first == "crate":
            return rest
        if first == "self":
            return module + rest
        if first == "super":
            return self.absolute(module[:-1], rest if rest[0] == "super" else ("self", *rest), names)
        if (*module, first) in self.texts:
            return module + path
        if names and names.get(first) in self.texts:
            return names[first] + rest
        return None

    def home(self, path, hops=8):
        """The module that defines the item of a path."""
        for length in range(len(path), -1, -1):
            module = path[:length]
            if module in self.texts:
                exported = self.exports[module].get(path[length]) if length < len(path) else None
                return self.home(exported + path[length + 1 :], hops - 1) if exported and hops else module

    def edges(self):
        """For each module, the others that define what it uses. Importing a module alone does not count."""
        return {
            module: {self.home(path) for path in used if path not in self.texts} - {module}
            for module, used in self.uses.items()
        }


def cycles(edges):
    """The groups of nodes that can reach each other."""

    def reached(node):
        seen, waiting = set(), [node]
        while waiting:
            for after in edges.get(waiting.pop(), ()):
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return seen

    reach = {node: reached(node) for node in edges}
    found = {frozenset(other for other in reach[node] if node in reach.get(other, ())) for node in edges}
    return sorted(sorted(cycle) for cycle in found if cycle)
