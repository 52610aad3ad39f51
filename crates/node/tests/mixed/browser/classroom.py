"""The class board in Chromium: what a class sees on the projector.

    browser/classroom.py --node target/debug/node --sigscript target/debug/sigscript

Needs chromium and chromedriver, and for accessibility the packages of .ci/page. Prints a line for each check, then
`N passed, 0 failed`.
"""
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import axe  # noqa: E402
import start  # noqa: E402
from checks import Checks, equal  # noqa: E402
from harness import options, running  # noqa: E402
from view import PHONE, WIDE, View  # noqa: E402

PUPILS = ["wren", "finch", "<b>Zoë</b>", "鹭"]


def tile(name):
    return f"[...document.querySelectorAll('.tile')].find((each) => each.querySelector('.nm').innerText.trim() === '{name}')"


def says(name, words):
    return f"{tile(name)}?.innerText.includes('{words}')"


class Classroom:
    def __init__(self, browser, command, teacher, pupils, checks):
        self.browser, self.command, self.checks = browser, command, checks
        self.teacher, self.pupils = teacher, pupils
        self.view = View(browser, teacher)

    def run(self):
        self.nodes_are_shown()
        self.board_is_accessible()
        self.blocks_are_shown()
        self.nodes_that_leave()
        self.forks()
        self.large_class()
        self.languages()

    def nodes_are_shown(self):
        with self.checks.that("every node of the class is on the board, in step"):
            self.pupils[0].get("/mine")
            self.view.open("class")
            for name in ["heron", *PUPILS]:
                self.view.until(says(name, "in step"))
            self.view.shows("5 of 5 in step")
            equal(self.view.value("document.querySelectorAll('.tile b, main script').length"), 0)
            equal(self.view.errors(), [])

    def board_is_accessible(self):
        if not axe.is_installed():
            return
        for size, dark in ((WIDE, False), (PHONE, True)):
            with self.checks.that(f"axe finds nothing on the board at {size[0]} pixels"):
                self.view.size(size, dark)
                equal(axe.violations(self.browser), [])
                self.view.fits()
        self.view.size(WIDE)

    def blocks_are_shown(self):
        with self.checks.that("a block of a pupil is on its tile at once, and counts"):
            self.view.until(says("finch", "mined 0"))
            index = self.pupils[1].get("/mine").json()["index"]
            self.view.until(f"document.querySelector('.tile-mined')?.innerText.includes('mined {index}')")
            self.view.until(says("finch", "mined 1"))
            self.view.until(says("finch", "has 1"))
            self.view.shows(f"Block {index} by finch")

    def nodes_that_leave(self):
        with self.checks.that("a node that stops keeps its tile, which says that it is gone"):
            before = self.view.value("[...document.querySelectorAll('.tile .nm')].map((each) => each.innerText)")
            self.pupils[0].stop()
            self.view.until(f"{tile('wren')}?.matches('.tile-gone')")
            equal(self.view.value("[...document.querySelectorAll('.tile .nm')].map((each) => each.innerText)"), before)
            self.view.shows("4 of 5 in step")

    def forks(self):
        with self.checks.that("a node on a fork is tinted, and the foot says how its chain differs"), tempfile.TemporaryDirectory() as folder:
            alone = [*(part.replace("{data}", folder) for part in self.command), "--name", "dunlin"]
            joined = [*alone, *joining(self.teacher)]
            with running(dunlin=joined):
                self.view.until(says("dunlin", "in step"))
            height = len(self.teacher.chain())
            # Both mine a block on their own. Of two chains of one length, each node keeps its own.
            with running(dunlin=alone) as (node,):
                node.get("/mine")
            self.teacher.get("/mine")
            with running(dunlin=joined):
                self.view.until(says("dunlin", f"fork after {height}"))
                self.view.until(f"{tile('dunlin')}.matches('.tile-bad')")
                self.view.shows(f"fork after {height}: dunlin holds another chain of the same length")
                equal(self.view.errors(), [])

    def large_class(self):
        with self.checks.that("a class that does not fit one screen is shown on two in turn"):
            others = [f"127.0.0.1:{port}" for port in range(1, 59)]
            equal(self.teacher.post("/nodes/register", {"nodes": others}).status_code, 201)
            self.view.shows("Screen 1 of 2")
            equal(self.view.value("document.querySelectorAll('.tile').length"), 56)
            self.view.run("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}))")
            self.view.shows("Screen 2 of 2")
            equal(self.view.value("document.querySelectorAll('.tile').length"), 64 - 56)

    def languages(self):
        with self.checks.that("the board speaks Chinese"):
            self.view.run("localStorage.setItem('language', 'zh')")
            self.view.open("class")
            self.view.shows("个节点中")
            self.view.run("localStorage.removeItem('language')")


def p2p_address(node):
    """Where a node listens in the peer-to-peer network."""
    status = node.get("/status").json()["p2p"]
    return f"{status['listen'][0]}/p2p/{status['id']}"


def joining(teacher):
    """The arguments that connect a node to the teacher's."""
    return ["--p2p-port", "0", "--peer", p2p_address(teacher)]


def classroom(stack, command, names=PUPILS):
    """A teacher's node, and the nodes of pupils that are connected to it."""
    [teacher] = stack.enter_context(running(heron=[*command, "--name", "heron", "--p2p-port", "0"]))
    pupils = {f"pupil{number}": [*command, "--name", name, *joining(teacher)] for number, name in enumerate(names)}
    return teacher, stack.enter_context(running(**pupils))


def main():
    arguments = options(__doc__.splitlines()[0])
    if not start.is_installed():
        return 0
    checks = Checks()
    with checks.that("the run completes"), start.browser() as browser, ExitStack() as stack:
        teacher, pupils = classroom(stack, arguments.command)
        Classroom(browser, arguments.command, teacher, pupils, checks).run()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
