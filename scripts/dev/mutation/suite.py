"""The time of each test, and the mutants that it reaches."""
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

SHORTEST_LIMIT, RECORDING_LIMIT = 10.0, 300.0
# Marks a test that may reach any mutant.
ANY = frozenset({-1})


@dataclasses.dataclass
class Test:
    program: str
    path: str
    folder: str
    name: str
    seconds: float = 0.0
    reached: frozenset = frozenset()

    @property
    def label(self):
        return f"{self.program} {self.name}"

    @property
    def is_example(self):
        return self.program.endswith("/examples")


def ran(tests, variables, limit):
    """Runs tests of one program. Returns whether all passed (None: timed out), and the output."""
    command = [tests[0].path, "--exact", "--test-threads=2", *(test.name for test in tests)]
    if tests[0].is_example:
        command, variables = [tests[0].path], variables | {"RUSTDOC_DOCTEST_RUN_NB_TEST": tests[0].name}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=tests[0].folder, env=os.environ | variables, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            passed = process.wait(limit) == 0
        except subprocess.TimeoutExpired:
            passed = None
        finally:
            end(process)
        output.seek(0)
        return passed, output.read().decode(errors="replace")


def end(process):
    """Kills a test and the nodes that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


class Suite:
    """All tests of some programs. Records are kept in a file and reused while the program is unchanged."""

    def __init__(self, programs, file, jobs):
        self.file = file
        self.kept = json.loads(file.read_text()) if file.is_file() else {}
        self.tests = [test for program in programs for test in tests_of(*program)]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            list(pool.map(self.record, [test for test in self.tests if not self.recall(test)]))
        self.file.write_text(json.dumps(self.kept))

    def recall(self, test):
        entry = self.kept.get(f"{test.path} {test.name}")
        if entry is None or entry["built"] != built(test.path):
            return False
        test.seconds, test.reached = entry["seconds"], frozenset(entry["reached"])
        return True

    def record(self, test):
        with tempfile.NamedTemporaryFile("r") as reached:
            began = time.monotonic()
            passed, output = ran([test], {"MUTANTS_REACHED": reached.name}, RECORDING_LIMIT)
            test.seconds = time.monotonic() - began
            test.reached = frozenset(int(line) for line in reached.read().split())
        if not passed:
            # A test that limits file sizes cannot be recorded.
            passed, output = ran([test], {}, RECORDING_LIMIT)
            test.reached = ANY if passed else frozenset()
        if not passed:
            print(f"skipped, as it fails without a mutant: {test.label}\n{output[-1500:]}", flush=True)
        self.kept[f"{test.path} {test.name}"] = {
            "built": built(test.path), "seconds": test.seconds, "reached": sorted(test.reached),
        }

    def reaching(self, number):
        return [test for test in self.tests if number in test.reached or test.reached == ANY]


def tests_of(program, path, folder):
    if program.endswith("/examples"):
        # rustdoc's program runs an example by its number.
        source = next(pathlib.Path(path).parent.glob("doctest_runner_*.rs"))
        names = [str(number) for number in range(source.read_text().count("tests.push("))]
    else:
        run = subprocess.run([path, "--list", "--format", "terse"], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
        lines = (line.rpartition(": ") for line in run.stdout.splitlines())
        names = [name for name, _, kind in lines if kind == "test"]
    return [Test(program, path, folder, name) for name in names]


def built(path):
    stat = os.stat(path)
    return [stat.st_mtime_ns, stat.st_size]
