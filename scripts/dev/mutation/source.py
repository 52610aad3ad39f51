"""A copy of the repository with all mutants, and the crate `mutant`, which knows which one is on."""
import collections
import pathlib
import subprocess

from schemata import Schemata

SWITCH = pathlib.Path(__file__).with_name("switch.rs")
MANIFEST = '[package]\nname = "mutant"\nversion = "0.1.0"\nedition = "2024"\n'
# Wraps rustc for crates of the workspace only, so that libraries are not rebuilt.
WRAPPER = '#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec "$@" --cap-lints allow\n'
# Makes rustdoc keep the program that it builds from the examples.
DOCUMENTER = """#!/bin/sh
RUSTC_BOOTSTRAP=1 exec rustdoc "$@" -Zunstable-options --persist-doctests "$MUTANTS_EXAMPLES" --cap-lints allow
"""


class Copy:
    """The copy. Writes only files that differ, so that cargo rebuilds only what changed."""

    def __init__(self, root, folder):
        self.root, self.folder, self.files, self.originals = root, folder, {}, {}
        folder.mkdir(parents=True, exist_ok=True)
        self.wrapper = script(folder.with_name("rustc-wrapper"), WRAPPER)
        self.documenter = script(folder.with_name("rustdoc-wrapper"), DOCUMENTER)

    def write(self, mutants):
        """Copies all files with these mutants. Returns those that cannot be written, with reasons."""
        listed = subprocess.run(
            ["git", "ls-files", "-coz", "--exclude-standard"], cwd=self.root, check=True, stdout=subprocess.PIPE, text=True
        ).stdout.split("\0")
        changed = {mutant.file for mutant in mutants}
        for name in filter(None, listed):
            if name not in changed and (self.root / name).is_file():
                self.put(name, self.manifest(name, (self.root / name).read_bytes()), self.root / name)
        self.put("crates/mutant/src/lib.rs", SWITCH.read_bytes())
        self.put("crates/mutant/Cargo.toml", MANIFEST.encode())
        self.remove(set(listed) | {"crates/mutant/src/lib.rs", "crates/mutant/Cargo.toml"})
        return self.write_mutants(mutants)

    def write_mutants(self, mutants):
        by_file, refused = collections.defaultdict(list), {}
        for mutant in mutants:
            by_file[mutant.file].append(mutant)
        for name in set(by_file) | set(self.files):
            # Read once, as the original may change meanwhile.
            original = self.originals.setdefault(name, (self.root / name).read_bytes())
            self.files[name] = Schemata(original, by_file[name])
            refused |= self.files[name].refused
            self.put(name, self.files[name].text)
        return refused

    def put(self, name, content, like=None):
        path = self.folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if like is not None:
            path.chmod(like.stat().st_mode)

    def manifest(self, name, content):
        parts = pathlib.PurePath(name).parts
        if len(parts) == 3 and parts[0] == "crates" and parts[2] == "Cargo.toml":
            content = content.replace(b"[dependencies]\n", b'[dependencies]\nmutant = { path = "../mutant" }\n', 1)
        if name == "Cargo.toml":  # halves the build time
            content = content.replace(b"ledger-core.opt-level = 3", b"ledger-core.opt-level = 1")
        return content

    def remove(self, kept):
        for path in self.folder.rglob("*"):
            if path.is_file() and str(path.relative_to(self.folder)) not in kept | {"Cargo.lock"}:
                path.unlink()


def script(path, text):
    path.write_text(text)
    path.chmod(0o755)
    return path
