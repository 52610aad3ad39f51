"""Builds the copy's tests without the mutants that do not compile."""
import json
import os
import pathlib
import shutil
import subprocess
import sys


class Build:
    def __init__(self, copy, target, packages, unit_only):
        self.copy, self.packages, self.unit_only = copy, packages, unit_only
        self.environment = os.environ | {
            "CARGO_TARGET_DIR": str(target), "CARGO_PROFILE_DEV_DEBUG": "0", "RUSTC_WORKSPACE_WRAPPER": str(copy.wrapper),
        }

    def cargo(self, *words):
        """Runs cargo. Returns its messages and the finished process."""
        command = ["cargo", *words, "--message-format", "json"]
        run = subprocess.run(command, cwd=self.copy.folder, env=self.environment, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        messages = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
        return messages, run

    def viable(self, mutants):
        """Removes mutants until the rest compiles. Returns the rest and the removed ones."""
        refused = self.copy.write(mutants)
        left = [mutant for mutant in mutants if mutant.number not in refused]
        while True:
            words = [word for package in self.packages for word in ("-p", package)]
            # For unit tests alone, build at once: checking the dependencies first would take as long as building them.
            check = ["test", "--no-run"] if self.unit_only else ["check"]
            messages, run = self.cargo(*check, "--lib", *words)
            if run.returncode == 0:
                return left, refused
            broken = self.broken(messages)
            if not broken:
                sys.exit(run.stderr[-4000:] + "the copy does not compile, and no mutant is the reason")
            print(f"{len(broken)} mutants do not compile", flush=True)
            refused |= broken
            left = [mutant for mutant in left if mutant.number not in refused]
            self.copy.write_mutants(left)

    def broken(self, messages):
        """The mutants whose text has a compiler error."""
        broken = {}
        for message in messages:
            if message["reason"] == "compiler-message" and message["message"]["level"].startswith("error"):
                for span in message["message"]["spans"]:
                    if span["is_primary"]:
                        broken |= self.blamed(span, message["message"])
        return broken

    def blamed(self, span, message):
        file = self.copy.files.get(span["file_name"])
        if file is None:
            return {}
        holding = [r for r in file.ranges if r.start <= span["byte_start"] and span["byte_end"] <= r.end]
        if not holding:
            return {}
        narrowest = min(holding, key=lambda r: r.end - r.start)
        code = (message["code"] or {}).get("code", "")
        verdict = "does not compile" if len(narrowest.mutants) == 1 else "does not fit"
        return {number: (verdict, f"{code}: {message['message']}"[:200]) for number in narrowest.mutants}

    def tests(self):
        """The test programs, as (name, program, working directory)."""
        words = [word for package in self.packages for word in ("-p", package)]
        messages, run = self.cargo("test", "--no-run", "--lib" if self.unit_only else "--tests", *words)
        if run.returncode != 0:
            sys.exit(run.stderr[-4000:])
        for message in messages:
            if message["reason"] == "compiler-artifact" and message["profile"]["test"] and message["executable"]:
                target, folder = message["target"], pathlib.Path(message["manifest_path"]).parent
                if target["kind"] != ["bench"] and "example" not in target["kind"]:
                    yield f"{folder.name}/{target['name']}", message["executable"], str(folder)
        for package in () if self.unit_only else self.packages:
            yield from self.documentation(package)

    def documentation(self, package):
        """The program that rustdoc builds from a package's examples."""
        folder = self.copy.folder.with_name("examples") / package
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        words = ["test", "--doc", "-p", package, "--", "--list"]
        environment = self.environment | {"RUSTDOC": str(self.copy.documenter), "MUTANTS_EXAMPLES": str(folder)}
        run = subprocess.run(["cargo", *words], cwd=self.copy.folder, env=environment, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        if run.returncode != 0:
            sys.exit(run.stderr[-4000:])
        for path in sorted(folder.glob("merged_doctest_*/rust_out")):
            yield f"{package}/examples", str(path), str(self.copy.folder / "crates" / package)
