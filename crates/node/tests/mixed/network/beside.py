"""Others beside a network: a Python node that pulls from it, and nodes of another network or difficulty that dial in.

    beside.py --node target/debug/node
"""
import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checks import Checks, equal  # noqa: E402
from computer import HTTP, P2P, Computer, Process, one_tip, until  # noqa: E402
from harness import HERE  # noqa: E402
from load import Load  # noqa: E402
from worlds import computers, network, one_cable, skip_if_impossible, start_on_one_cable  # noqa: E402

DIFFICULTY = 3
PYTHON = 5001


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node", type=Path, required=True)
    return parser.parse_args()


class PythonNode(Computer):
    """A Python node on the computer of another node."""

    port = PYTHON

    def __init__(self, host):
        super().__init__(host.namespace, host.folder / "python", sys.executable, [])
        command = ["ip", "netns", "exec", host.namespace, sys.executable, str(HERE / "peer.py"), "--port", str(PYTHON),
                   "--difficulty", str(DIFFICULTY)]
        self.process = Process("python", command, self.folder)
        self.process.find_address()


def python_pulls(checks, every):
    python, rust = PythonNode(every[0]), every[0]
    try:
        status, _ = python.ask("POST", "/nodes/register", {"nodes": [f"http://127.0.0.1:{HTTP}"]})
        equal(status, 201)
        load = Load(1)
        with checks.that("a Python node pulls the chain of the network"):
            load.spread(every, 5, 5, 0.0)
            until(lambda: one_tip(every), 10, "one tip")
            equal(python.get("/nodes/resolve")["message"], "Our chain was replaced")
            equal(python.chain(), rust.chain())
        with checks.that("a block that it mines on top enters the network through a node that pulls from it"):
            python.mine()
            equal(rust.ask("POST", "/nodes/register", {"nodes": [f"http://127.0.0.1:{PYTHON}"]})[0], 201)
            equal(rust.get("/nodes/resolve")["message"], "Our chain was replaced")
            until(lambda: one_tip(every), 10, "one tip")
            equal(every[-1].chain(), python.chain())
        with checks.that("nothing is pushed to the Python node"):
            load.pay(every[1])
            load.mine(every[1])
            until(lambda: one_tip(every), 10, "one tip")
            equal(len(python.chain()), rust.status()["height"] - 1)
            equal(python.get("/transactions")["length"], 0)
    finally:
        python.stop()


def stranger_dials_in(checks, home, stranger, what, *flags):
    before = [one.status()["tip"] for one in home]
    seed = f"{home[0].addresses[0]}:{P2P}"
    stranger.start(*network(seed), *flags)
    with checks.that(f"a node of {what} is told so, and disconnected"):
        stranger.process.wait_for(lambda: told(stranger, "network"), "why it was left", 30)
    with checks.that(f"neither side takes the other's blocks: {what}"):
        for _ in range(3):
            stranger.mine()
        home[0].mine()
        until(lambda: one_tip(home), 10, "one tip")
        equal(stranger.status()["p2p"]["connected"], 0)
        assert home[0].status()["tip"] not in (stranger.status()["tip"], *before)
        equal({one.status()["p2p"]["connected"] for one in home}, {len(home) - 1})
    stranger.stop()


def told(computer, word):
    lines = computer.process.printed["stdout"] + computer.process.printed["stderr"]
    return next((line for line in lines if "WARN" in line and word in line), None)


def main():
    options, checks = arguments(), Checks()
    skip_if_impossible()
    with computers(5, options.node.resolve(), "--difficulty", str(DIFFICULTY)) as (switch, every):
        one_cable(switch, every)
        home, strangers = every[:3], every[3:]
        start_on_one_cable(home)
        with checks.that("the run completes"):
            until(lambda: all(one.status()["p2p"]["connected"] == 2 for one in home), 60, "all are linked")
            python_pulls(checks, home)
            stranger_dials_in(checks, home, strangers[0], "another network", "--network", "elsewhere")
            strangers[1].arguments = ["--difficulty", str(DIFFICULTY + 1)]
            stranger_dials_in(checks, home, strangers[1], "another difficulty")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
