"""The mutants, as cargo-mutants lists them."""
import collections
import dataclasses
import json
import subprocess


@dataclasses.dataclass
class Mutant:
    """One change in one place. `key` does not change when lines above it do."""

    number: int
    key: str
    package: str
    file: str
    function: str
    genre: str
    start: tuple
    end: tuple
    replacement: str
    name: str

    @property
    def place(self):
        return f"{self.file}:{self.start[0] + 1}"

    @property
    def what(self):
        return self.key.split(" ", 1)[1]


def listed(root, packages):
    """All mutants of these packages."""
    command = ["cargo", "mutants", "--list", "--json"]
    command += [word for package in packages for word in ("-p", package)]
    found = json.loads(subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE).stdout)
    seen, mutants = collections.Counter(), []
    for number, entry in enumerate(found, 1):
        mutant = parsed(number, entry)
        seen[mutant.key] += 1
        if seen[mutant.key] > 1:
            mutant.key += f" ({seen[mutant.key]})"
        mutants.append(mutant)
    return mutants


def parsed(number, entry):
    what = entry["name"].split(": ", 1)[1]
    start, end = ((entry["span"][at]["line"] - 1, entry["span"][at]["column"] - 1) for at in ("start", "end"))
    function = (entry.get("function") or {}).get("function_name", "")
    return Mutant(
        number, f"{entry['file']} {what}", entry["package"], entry["file"], function,
        entry["genre"], start, end, entry["replacement"], entry["name"],
    )
