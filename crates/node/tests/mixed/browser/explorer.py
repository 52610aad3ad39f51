"""The node's own page in Chromium: what people see and do there, on two nodes.

    browser/explorer.py --node target/debug/node --sigscript target/debug/sigscript

With `--pictures docs/pictures` it also takes the pictures of README.md.

Needs chromium and chromedriver, and for accessibility the packages of .ci/page. Prints a line for each check, then
`N passed, 0 failed`.
"""
import sys
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import axe  # noqa: E402
import pictures  # noqa: E402
import start  # noqa: E402
from checks import Checks, equal  # noqa: E402
from harness import options, running  # noqa: E402
from peer import Wallet  # noqa: E402
from view import PHONE, SMALL, TABLET, VIEWS, WIDE, View  # noqa: E402

HOSTILE = ["<script>document.title = 'taken'</script>", "<img src=x onerror=\"document.title = 'taken'\">", "alice\u202ebob", "javascript:alert(1)", " ", "__proto__"]


def pay(node, wallet, recipient, amount="1"):
    equal(node.post("/transactions/new", wallet.payment(recipient, amount)).status_code, 201)


class Explorer:
    def __init__(self, browser, nodes, checks):
        self.browser, self.checks = browser, checks
        self.node, self.other = nodes
        self.view = View(browser, self.node)

    def run(self):
        self.views_load()
        self.blocks_arrive()
        self.hashes_agree()
        self.hostile_names()
        self.long_names()
        self.unknown()
        self.payment()
        self.two_nodes()
        self.tamper_and_repair()
        self.all_members_in_the_lab()
        self.interface()
        self.languages()

    def views_load(self):
        pay(self.node, Wallet(), "bob")
        for _ in range(3):
            self.node.get("/mine")
        is_checked = axe.is_installed()
        for size, dark in ((WIDE, False), (PHONE, True)):
            self.view.size(size, dark)
            for fragment in VIEWS:
                with self.checks.that(f"{fragment} loads at {size[0]} pixels without an error in the console"):
                    self.view.open(fragment)
                    self.view.shows("live")
                    equal(self.view.errors(), [])
                    self.view.fits()
                if is_checked:
                    with self.checks.that(f"axe finds nothing in {fragment} at {size[0]} pixels"):
                        equal(axe.violations(self.browser), [])
        self.view.size(WIDE)

    def blocks_arrive(self):
        with self.checks.that("a block mined elsewhere appears without a reload"):
            self.view.open()
            index = self.node.get("/mine").json()["index"]
            self.view.until(f"[...document.querySelectorAll('.chain-home a.block b')].some((each) => each.innerText === 'Block {index}')")
        with self.checks.that("Mine on the page mines a block"):
            self.view.press("[data-act=mine]")
            self.view.shows(f"Block {index + 1} is mined.")
            equal(len(self.node.chain()), index + 1)

    def hashes_agree(self):
        with self.checks.that("the page hashes each block as the node does"):
            wallet = Wallet()
            for amount in ("5.0", "0.10", "12345678901234567890"):
                pay(self.node, wallet, "Zoë 🎉", amount)
            self.node.get("/mine")
            for index in range(1, len(self.node.chain()) + 1):
                tag = self.node.get(f"/blocks/{index}").headers["ETag"].strip('"')
                self.view.open(f"#/block/{tag}")
                self.view.shows("same as the node's")
                assert self.view.value("document.querySelector('.facts .hex-full').title") == tag

    def hostile_names(self):
        with self.checks.that("hostile names are shown as text"):
            wallet = Wallet()
            for name in HOSTILE:
                pay(self.node, wallet, name)
            self.view.open()
            self.view.shows("<script>document.title")
            self.node.get("/mine")
            self.view.open("#/block/latest")
            self.view.shows("<img src=x onerror")
            assert "taken" not in self.view.value("document.title")
            equal(self.view.value("document.querySelectorAll('main script, main img').length"), 0)
            equal(self.view.value("[...document.querySelectorAll('.ctl')].map((each) => each.innerText).includes('202e')"), True)
            equal(self.view.errors(), [])

    def long_names(self):
        with self.checks.that("long names and amounts stay in the window"):
            wallet, long = Wallet(), "a name that goes on and on " * 12
            for name, amount in ((long, "1" * 40 + "." + "2" * 23), ("x" * 400, "1"), ("漢字" * 60, "1"), ("السلام عليكم " * 20, "0.5")):
                pay(self.node, wallet, name, amount)
            self.node.get("/mine")
            pay(self.node, wallet, long, "9" * 64)
            for size in (SMALL, TABLET, WIDE):
                self.view.size(size)
                for fragment in ("#/", "#/block/latest", "#/network", "#/lab/hash", f"#/address/{quote(wallet.address)}", f"#/address/{quote(long)}", f"#/pay?to={quote(long)}&amount={'9' * 64}", f"#/find?q={'x' * 400}"):
                    self.view.open(fragment)
                    self.view.shows("live")
                    self.view.fits()
            self.node.get("/mine")

    def unknown(self):
        with self.checks.that("the page says what does not exist"):
            for fragment, words in (("address/" + "a" * 16, "the first 10"), ("block/9999", "there is no block 9999 here"), ("find?q=abcdef", "the first 10")):
                self.view.open(f"#/{fragment}")
                self.view.shows("Nothing here is called")
                self.view.shows(words)
            self.view.errors()

    def payment(self):
        with self.checks.that("a payment signed in the page is accepted and mined"):
            self.view.open("#/pay")
            self.view.click("Make a key now")
            self.view.click("Forget it")
            self.view.click("Paste a secret")
            wallet = Wallet()
            self.view.type("textarea", self.node.secret())
            self.view.shows("In this page's memory")
            self.view.type("#to", wallet.address)
            self.view.type("#am", "0.50")
            self.view.click("Sign")
            self.view.shows("signature fits")
            self.view.click("Send to this node")
            self.view.shows("The node accepted it.")
            waiting = self.node.get("/transactions").json()["transactions"]
            equal([(each["recipient"], each["amount"]) for each in waiting], [(wallet.address, "0.50")])
            self.view.click("Mine it now")
            self.view.shows("It holds 1 payment.")
            equal(self.node.get("/transactions").json()["length"], 0)

    def two_nodes(self):
        with self.checks.that("two nodes: add a peer, compare chains, and see the reorg, by clicks"):
            self.view.open("#/network")
            self.view.type("#pa", self.other.host)
            self.view.click("Add")
            self.view.shows("Added.")
            equal(self.node.get("/nodes").json()["nodes"], [self.other.host])
            while len(self.other.chain()) <= len(self.node.chain()):
                self.other.get("/mine")
            self.view.click("Compare now")
            self.view.shows("A longer chain took the place of ours.")
            self.view.shows("We gave up")
            equal(self.node.chain(), self.other.chain())
        with self.checks.that("a neighbour's height and verdict are shown once it has reported its status"):
            self.view.until("document.querySelector('.peers .v-ok')?.innerText === 'in step'")
            height = len(self.node.chain())
            self.view.until(f"document.querySelector('.peers tbody td.right').innerText === '{height}'")
            equal(self.view.errors(), [])

    def tamper_and_repair(self):
        with self.checks.that("the Lab: a changed payment breaks the next block, and re-mining repairs the chain"):
            self.view.open("#/lab/chain")
            self.view.until("document.querySelectorAll('.chain-lab .v-ok').length === 5")
            self.view.type(".payline input", "500")
            self.view.shows("A node would say: block 4: previous_hash is")
            for index in (4, 5):
                self.view.until(f"document.querySelector('[data-act=remine]')?.innerText === 'Re-mine block {index}'")
                self.view.press("[data-act=remine]")
            self.view.shows("2 blocks, 230")
            self.view.until("document.querySelector('.task-solved')")
        with self.checks.that("the Lab: two chains, and the longer one wins"):
            self.view.open("#/lab/fork")
            self.view.press("[data-act=cut]")
            for side in ("left", "left", "right", "right", "right"):
                self.view.press(f"[data-act=mine-{side}]")
                self.view.until(f"document.querySelector('[data-act=mine-{side}]').ariaDisabled !== 'true'")
            self.view.press("[data-act=connect]")
            self.view.shows("Left gave up 2 blocks for Right's 3.")
            equal(self.view.errors(), [])

    def all_members_in_the_lab(self):
        with self.checks.that("the Lab: every member can be changed, and breaks the right rule"):
            self.view.open("#/lab/chain")
            self.view.run("document.querySelector('.members summary').click()")
            field = "[...document.querySelectorAll('.members label')].find((each) => each.innerText === '{}').nextElementSibling"
            for member, value, says in (("proof", "7", "proof"), ("index", "9", "index"), ("recipient", "mallory", "previous_hash")):
                found = field.format(member)
                self.view.run(f"const field = {found}; field.value = '{value}'; field.dispatchEvent(new Event('input', {{bubbles: true}}))")
                self.view.until("document.querySelector('.chain-lab .v-bad')")
                self.view.until(f"document.querySelector('[aria-labelledby=why] .said')?.innerText.includes('{says}')")
                self.view.click("Put block 3 back")
                self.view.until("document.querySelectorAll('.chain-lab .v-ok').length === 5")
        with self.checks.that("a block of the chain opens in the Lab, with its own hash"):
            self.view.open("#/block/latest")
            tag = self.view.value("document.querySelector('.facts .hex-full').title")
            self.view.click("Open it in the Lab")
            self.view.until(f"document.querySelector('.lab .hex-l .hex-full')?.title === '{tag}'")
            equal(self.view.errors(), [])

    def interface(self):
        for size in (WIDE, PHONE):
            with self.checks.that(f"/docs lists every request, and tries one, at {size[0]} pixels"):
                self.view.size(size)
                self.browser.open(f"{self.view.url}/docs")
                self.view.until("document.querySelectorAll('details').length > 20")
                self.view.run("[...document.querySelectorAll('summary')].find((each) => each.innerText.includes('GET /status')).click()")
                self.view.press("details[open] button[type=submit]")
                self.view.until("document.querySelector('details[open] [role=status]').innerText.startsWith('200')")
                self.view.until("document.querySelector('details[open] pre').innerText.includes('\"height\"')")
                self.view.fits()
                if axe.FILE.exists():
                    equal(axe.violations(self.browser), [])
                equal(self.view.errors(), [])
        self.view.size(WIDE)

    def languages(self):
        with self.checks.that("the page speaks Chinese"):
            self.view.open()
            self.view.press(".menu")
            self.view.click("中文")
            self.view.until("document.querySelector('h1')?.innerText === '链'")
            equal(self.view.value("document.documentElement.lang"), "zh")


def main():
    arguments = options(__doc__.splitlines()[0], lambda parser: parser.add_argument("--pictures", type=Path, help="the folder for README's pictures"))
    if not start.is_installed():
        return 0
    checks = Checks()
    with checks.that("the run completes"), start.browser() as browser, running(heron=arguments.command, wren=arguments.command) as nodes:
        Explorer(browser, nodes, checks).run()
        if arguments.pictures:
            pictures.take(browser, arguments.command, arguments.pictures)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
