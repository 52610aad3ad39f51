"""The connection between page and node: it drops and returns, and a hidden page closes it. Little moves with reduced motion."""
from checks import equal
from start import node

SOURCES = """
window.feeds = [];
window.EventSource = class extends EventSource { constructor(...all) { super(...all); feeds.push(this); } };
"""
OPEN_FEEDS = "feeds.filter((each) => each.readyState !== EventSource.CLOSED).length"
BURST, PACE = 60, 0.2  # blocks; seconds between two drawings
CALM = {"name": "prefers-reduced-motion", "value": "reduce"}
MOVING = "getComputedStyle(document.querySelector('.chain-home .arrive')).animationName"


class Line:
    """Starts a node of its own, because the checks stop it."""

    def __init__(self, make_view, program, folder, checks):
        self.make_view, self.program, self.data, self.checks = make_view, program, str(folder), checks

    def run(self):
        with node(self.program, data=self.data) as first:
            port = int(first.url.rpartition(":")[2])
            self.view = self.make_view(first)
            self.view.browser.devtools("Page.addScriptToEvaluateOnNewDocument", source=SOURCES)
            self.motion(first)
            self.burst(first)
            self.hidden(first)
            height = len(first.chain())
            self.view.open()
            self.view.shows("live")
        self.lost(height)
        # The chain grows while the page has no node.
        with node(self.program, data=self.data) as elsewhere:
            index = elsewhere.get("/mine").json()["index"]
        with node(self.program, data=self.data, port=port):
            self.back(index)
        equal(index, height + 1)
        with self.checks.that("the connection: no error in the page's scripts"):
            equal(self.view.script_errors(), [])

    def motion(self, node):
        for words, features, name in (("slides in", [], "arrive"), ("does not move if the system asks for reduced motion", [CALM], "none")):
            with self.checks.that(f"a new block {words}"):
                self.view.browser.devtools("Emulation.setEmulatedMedia", features=features)
                self.view.open()
                self.view.shows("live")
                index = node.get("/mine").json()["index"]
                self.view.until("document.querySelector('.chain-home .arrive')")
                self.view.shows(f"Block {index}")
                equal(self.view.value(MOVING), name)
        self.view.browser.devtools("Emulation.setEmulatedMedia", features=[])

    def burst(self, node):
        with self.checks.that("a burst of blocks is drawn a few times a second, not once for each block"):
            self.view.open()
            self.view.shows("live")
            self.view.run("window.begun = performance.now(); performance.clearResourceTimings()")
            for _ in range(BURST):
                node.get("/mine")
            self.view.until(f"document.querySelector('.chain-home a.block b').innerText === 'Block {len(node.chain())}'")
            drawn, seconds = self.view.value("[performance.getEntriesByType('resource').filter((each) => each.name.includes('/transactions')).length,"
                                             " (performance.now() - begun) / 1000]")
            assert 1 <= drawn <= seconds / PACE + 2, f"{drawn} times in {seconds} s"

    def hidden(self, node):
        with self.checks.that("a hidden page closes its feed, and catches up when it is seen again"):
            self.view.open()
            self.view.shows("live")
            equal(self.view.value(OPEN_FEEDS), 1)
            self.view.browser.call("POST", "/window/minimize", {})
            self.view.until("document.hidden")
            self.view.until(f"{OPEN_FEEDS} === 0")
            self.view.until("document.querySelector('.strip').textContent.includes('paused')")
            index = node.get("/mine").json()["index"]
            self.view.browser.call("POST", "/window/rect", {"width": 1440, "height": 900})
            self.view.until("!document.hidden")
            self.view.shows("live")
            self.view.until(f"document.querySelector('.chain-home a.block b').innerText === 'Block {index}'")
            equal(self.view.value(OPEN_FEEDS), 1)

    def lost(self, height):
        with self.checks.that("a page that lost its node says so, and keeps what it showed"):
            self.view.shows("stale")
            self.view.shows("Try now")
            equal(self.view.value("document.querySelector('.chain-home a.block b').innerText"), f"Block {height}")
            # A minute passes.
            self.view.run("const real = Date.now; Date.now = () => real() + 61000")
            self.view.shows("node gone")
            self.view.shows("as of")
            self.view.click("Pay")
            self.view.shows("The node does not answer. It may have been stopped.")

    def back(self, index):
        with self.checks.that("a page whose node is back finds it by itself, and shows what came meanwhile"):
            self.view.shows("live")
            self.view.shows("Caught up: 1 block came while you were away.")
            self.view.shows("Your key")
            self.view.click("Chain")
            self.view.until(f"document.querySelector('.chain-home a.block b')?.innerText === 'Block {index}'")
            self.view.click("Pay")
            self.view.shows("Your key")
