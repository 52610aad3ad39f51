"""The whole page by keyboard alone: every stop shows its focus, none is a trap, and the keyboard does all that a mouse does."""
from checks import equal
from peer import Wallet
from view import VIEWS
from webdriver import DOWN, ENTER, ESCAPE, RIGHT, TAB

MOST_STOPS = 250
SHOWN = "document.querySelector('.strip')?.innerText.includes('live')"
# When the pages beside the views are drawn, and the fewest stops of a page that has few.
DRAWN = {"docs": "document.querySelectorAll('details').length > 20", "class": "document.querySelector('.tile')"}
LEAST_STOPS = {"class": 1}
# What has the focus: its words, whether a ring is drawn around it, and whether it is on screen. Marks it as visited.
STOP = """(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const again = at.visited === true;
  at.visited = true;
  const {outlineStyle, outlineWidth} = getComputedStyle(at), box = at.getBoundingClientRect();
  return {
    again, words: (at.innerText || at.getAttribute("aria-label") || at.id || at.outerHTML).trim().slice(0, 60),
    ring: outlineStyle !== "none" && parseFloat(outlineWidth) > 0,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
})()"""
# What should have been visited, and was not.
MISSED = """[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter((each) =>
  !each.visited && !each.disabled && each.tabIndex >= 0 && each.checkVisibility()).map((each) => each.outerHTML.slice(0, 120))"""
FOCUSED = "document.activeElement?.innerText?.trim() ?? ''"


class Keyboard:
    def __init__(self, view, node, checks):
        self.view, self.node, self.checks = view, node, checks
        self.press = view.browser.press

    def run(self):
        self.skip_link()
        for fragment in [*VIEWS, *DRAWN]:
            with self.checks.that(f"keyboard: {fragment} can be walked, shows its focus and is no trap"):
                self.walk(fragment)
        self.mine()
        self.focus_stays()
        self.work_keeps_the_focus()
        self.menu()
        self.search()
        self.pay()
        with self.checks.that("keyboard: no error in the console"):
            equal(self.view.errors(), [])

    def skip_link(self):
        with self.checks.that("keyboard: the first stop leads past the bar to the heading"):
            self.view.open()
            self.press(TAB)
            equal(self.view.value(FOCUSED), "Skip to the content")
            self.press(ENTER)
            equal(self.view.value("document.activeElement.tagName"), "H1")
            self.press(TAB)
            assert self.view.value("document.activeElement.closest('main') !== null"), self.view.value(FOCUSED)

    def walk(self, fragment):
        self.view.open(fragment)
        self.view.until(DRAWN.get(fragment, SHOWN))
        stops = 0
        while stops < MOST_STOPS:
            self.press(TAB)
            stop = self.view.value(STOP)
            if stop is None or stop["again"]:
                break
            assert stop["ring"], f"no ring around {stop['words']!r}"
            assert stop["seen"], f"off the screen: {stop['words']!r}"
            stops += 1
        assert LEAST_STOPS.get(fragment, 11) <= stops < MOST_STOPS, f"{stops} stops"
        equal(self.view.value(MISSED), [])

    def to(self, words):
        """Tabs on to the stop that begins with these words."""
        for _ in range(MOST_STOPS):
            self.press(TAB)
            if self.view.value(FOCUSED).startswith(words):
                return
        raise AssertionError(f"no stop is called {words!r}")

    def field(self, selector):
        for _ in range(MOST_STOPS):
            self.press(TAB)
            if self.view.value(f"document.activeElement?.matches({selector!r}) ?? false"):
                return
        raise AssertionError(f"no stop is {selector}")

    def mine(self):
        with self.checks.that("keyboard: the button and the letter m mine a block"):
            self.view.open()
            height = len(self.node.chain())
            self.to(f"Mine block {height + 1}")
            self.press(ENTER)
            self.view.shows(f"Block {height + 1} is mined.")
            self.press("m")
            self.view.shows(f"Block {height + 2} is mined.")
            equal(len(self.node.chain()), height + 2)

    def focus_stays(self):
        with self.checks.that("keyboard: a block that arrives leaves the focus where it is"):
            self.view.open()
            height = len(self.node.chain())
            hash = self.node.get("/blocks/latest").headers["ETag"].strip('"')
            for place in (".chain-home", "[data-row]"):
                self.view.run(f"document.querySelector(`{place} a[href='#/block/{hash}']`).focus()")
                self.node.get("/mine")
                height += 1
                self.view.until(f"document.querySelector('[data-row]')?.dataset.row === '{height}'")
                self.view.until(f"document.querySelector('.chain-home a.block b').innerText === 'Block {height}'")
                equal(self.view.value("document.activeElement.getAttribute('href')"), f"#/block/{hash}")

    def work_keeps_the_focus(self):
        with self.checks.that("keyboard: a slider and a button keep the focus while they work"):
            self.view.open("#/lab/puzzle")
            self.field("#z")
            self.press(RIGHT, RIGHT)
            equal(self.view.value("[document.activeElement.id, document.activeElement.value]"), ["z", "6"])
            self.view.open("#/lab/fork")
            self.to("Mine on Left")
            self.press(ENTER)
            self.view.until("document.querySelectorAll('.tree .nd').length === 4")
            equal(self.view.value(FOCUSED), "Mine on Left")
            self.view.open("#/lab/weaknesses")
            self.to("Do it")
            self.press(TAB, ENTER)
            self.view.until("document.querySelector('.start .sym.ok')")
            equal(self.view.value("document.activeElement.id"), "weak-readings")

    def menu(self):
        with self.checks.that("keyboard: the menu opens, chooses and closes"):
            self.view.open()
            self.field(".menu")
            self.press(ENTER)
            self.to("Dark")
            self.press(ENTER)
            equal(self.view.value("document.documentElement.dataset.theme"), "dark")
            self.press(ESCAPE)
            equal(self.view.value("[document.activeElement.matches('.menu'), document.getElementById('menu').hidden]"), [True, True])
            self.press("?")
            self.view.until("document.querySelector('dialog[open]')")
            self.press(ESCAPE)
            self.view.until("!document.querySelector('dialog')")
            self.press("g", "n")
            self.view.until("location.hash === '#/network'")

    def search(self):
        with self.checks.that("keyboard: the search is reached by /, and opened by Enter"):
            self.view.open()
            self.press("/", "2", DOWN, ENTER)
            self.view.until("location.hash.startsWith('#/block/') && document.querySelector('h1')?.innerText.startsWith('Block 2')")

    def pay(self):
        with self.checks.that("keyboard: a payment is written, signed and sent"):
            wallet, before = Wallet(), self.node.get("/transactions").json()["length"]
            self.view.open("#/pay")
            self.to("Paste a secret")
            self.press(ENTER)
            self.field("textarea")
            # A person pastes the secret.
            self.view.type("textarea", wallet.secret)
            self.view.shows("In this page's memory")
            self.field("#to")
            self.press(*"bob")
            self.field("#am")
            self.press(*"0.25")
            self.to("Sign")
            self.press(ENTER)
            self.view.shows("signature fits")
            assert self.view.value("document.activeElement.closest('section')?.innerText.includes('signature fits')"), self.view.value(FOCUSED)
            self.to("Send to this node")
            self.press(ENTER)
            self.view.shows("The node accepted it.")
            equal(self.node.get("/transactions").json()["length"], before + 1)
