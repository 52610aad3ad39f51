"""The demo, complete and interrupted: it must leave nothing behind.

    clients/demo.py --node target/debug/node --sigscript target/debug/sigscript
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks import Checks, equal  # noqa: E402
from harness import HERE, options  # noqa: E402
from terminal import Terminal, reset_signals  # noqa: E402

DEMO = str(HERE.parents[3] / "scripts/demo")
ACTS = ["Three nodes", "Mining", "A payment", "The longest chain wins", "A fork", "A reorganisation", "A forgery",
        "A forgery in a file of the node"]
TOOLS = ["awk", "bash", "cat", "curl", "cut", "dirname", "env", "grep", "head", "mktemp", "rm", "sed", "sha256sum", "sleep",
         "tail", "tr"]


class Demo:
    def __init__(self, target, checks):
        self.target, self.checks = target, checks

    def run(self):
        self.to_the_end()
        self.on_a_terminal()
        self.interrupted()
        self.missing_tools()

    @contextmanager
    def place(self, **settings):
        """Yields the environment of a run. Checks afterwards that no file and no process is left."""
        with tempfile.TemporaryDirectory(prefix="demo of ours ") as folder:
            clean = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
            yield {**clean, "CARGO_TARGET_DIR": str(self.target), "TMPDIR": folder, "LC_ALL": "C", **settings}
            equal(os.listdir(folder), [])
            equal([line for line in processes() if folder in line], [])

    def to_the_end(self):
        with self.checks.that("the demo completes under any settings, and leaves nothing"), \
                self.place(LEDGER_NODE="http://127.0.0.1:1", LEDGER_DIFFICULTY="60", LEDGER_IN_MEMORY="1") as place:
            done = subprocess.run([DEMO], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, env=place)
            equal((done.returncode, done.stderr), (0, ""))
            equal([line.partition(". ")[2] for line in done.stdout.splitlines() if line.startswith("== ")], ACTS)
            for part in ["INFO reorg: depth 1, fork at block 4", "block 3: previous_hash is", "7 blocks imported", "Work: 0000"]:
                assert part in done.stdout, done.stdout
            tips = [line.split("block ")[1] for line in done.stdout.splitlines() if ", hash " in line]
            equal([len(set(tips[at:at + 3])) for at in (0, 3, 6)], [1, 3, 1])
            if shutil.which("sqlite3"):
                assert "node: the stored chain is refused: block 7" in done.stdout, done.stdout

    def on_a_terminal(self):
        with self.checks.that("on a terminal the demo waits for Enter and ends on Ctrl-C"), self.place() as place, \
                Terminal([DEMO], **place) as terminal:
            seen = terminal.wait_for("[Enter goes on")
            assert b"== 2." not in terminal.seen
            terminal.type("\n")
            seen = terminal.wait_for("[Enter goes on", seen)
            assert b"== 2. Mining" in terminal.seen
            terminal.type("\x03")
            equal(terminal.end()[0], 130)
        with self.checks.that("it does not wait with --no-pause or after Ctrl-D"):
            for words, typed in [([DEMO, "--no-pause"], ""), ([DEMO], "\x04")]:
                with self.place() as place, Terminal(words, **place) as terminal:
                    if typed:
                        terminal.wait_for("[Enter goes on")
                        terminal.type(typed)
                    status, shown = terminal.end()
                    equal((status, shown.count("[Enter goes on")), (0, len(typed)))

    def interrupted(self):
        for sign, act in [(signal.SIGTERM, 1), (signal.SIGTERM, 5), (signal.SIGHUP, 2), (signal.SIGINT, 1), (signal.SIGINT, 5)]:
            with self.checks.that(f"{sign.name} in act {act} leaves nothing"), self.place() as place:
                running = subprocess.Popen([DEMO], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=place,
                                           stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=reset_signals)
                while not running.stdout.readline().startswith(b"== %d." % act):
                    assert running.poll() is None
                os.killpg(running.pid, sign)
                running.communicate(timeout=60)
                # The running client gets the signal too, so the demo may also end because that failed.
                assert running.returncode > 0, running.returncode
        with self.checks.that("the demo leaves nothing when its reader quits"), self.place() as place:
            subprocess.run(["bash", "-c", '"$0" 2>/dev/null | head -n 3', DEMO], capture_output=True, timeout=60, env=place)

    def missing_tools(self):
        with self.checks.that("the demo names what is missing"), tempfile.TemporaryDirectory() as folder:
            for tool in TOOLS:
                Path(folder, tool).symlink_to(shutil.which(tool))
            for settings, sentence in [
                ({"CARGO_TARGET_DIR": folder}, "the node is not built yet, and cargo, which builds it, is not installed"),
                ({"TMPDIR": "/nowhere"}, "no directory can be made in /nowhere"),
            ]:
                with self.place(PATH=folder) as place:
                    done = subprocess.run([DEMO], capture_output=True, text=True, timeout=60, env={**place, **settings})
                    equal((done.returncode, done.stdout), (1, ""))
                    assert sentence in done.stderr, done.stderr
            with self.place(PATH=folder) as place:
                done = subprocess.run([DEMO], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=place)
                equal(done.returncode, 0)
                assert "needs the sqlite3 shell" in done.stdout, done.stdout
            Path(folder, "curl").unlink()
            with self.place(PATH=folder) as place:
                done = subprocess.run([DEMO], capture_output=True, text=True, timeout=60, env=place)
                equal((done.returncode, done.stderr), (1, "demo: curl is needed to talk to a node, and is not installed\n"))
        with self.checks.that("the demo prints its help and usage errors"):
            for words, status in [(["--help"], 0), (["--pause"], 2), (["alice"], 2)]:
                done = subprocess.run([DEMO, *words], capture_output=True, text=True, timeout=60)
                equal(done.returncode, status)
                assert "Usage: demo [--no-pause]" in done.stdout + done.stderr


def processes():
    """The command lines of all processes."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            pass  # the process ended


def main():
    arguments = options(__doc__.splitlines()[0])
    checks = Checks()
    with checks.that("the run completes"), tempfile.TemporaryDirectory() as folder:
        Path(folder, "debug").mkdir()
        for name, program in (("node", arguments.command[0]), ("sigscript", arguments.sigscript)):
            Path(folder, "debug", name).symlink_to(program)
        Demo(folder, checks).run()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
