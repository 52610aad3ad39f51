"""Mistakes of a newcomer, and what the page says: odd amounts, broken keys and addresses, peers of two kinds, a reorg."""
from checks import equal
from peer import Wallet
from start import node
from view import PHONE, WIDE

AMOUNTS = [
    ("abc", "a decimal number such as 5"), ("5,5", "a decimal number such as 5"), ("-5", "a decimal number such as 5"),
    ("0", "more than 0"), ("0.00", "more than 0"), ("9" * 65, "at most 64 characters"), (" 5 ", None), ("9" * 64, None), ("", None),
]
FAULTS = "[...document.querySelectorAll('.field-error')].filter((each) => !each.hidden).map((each) => each.innerText.trim())"
SIGN = "document.querySelector('[aria-labelledby=s3] button')"
PEERS = "[...document.querySelectorAll('.peers tbody tr')].map((row) => row.cells[1].innerText.split(/\\s+/).filter(Boolean))"
LINKS = "document.querySelectorAll('.{} [data-link]').length"


class Newcomer:
    def __init__(self, view, node, others, checks):
        self.view, self.node, self.checks = view, node, checks
        self.wren, self.finch = others

    def run(self):
        self.amounts()
        self.recipients()
        self.secrets()
        self.sends_once_more()
        self.weaknesses()
        self.peers()
        self.reorg()
        with self.checks.that("a newcomer: no error in the page's scripts"):
            equal(self.view.script_errors(), [])

    def faults(self, words):
        """Waits until the page shows a fault with these words, or no fault if there are no words."""
        wanted = "every" if words is None else "some"
        self.view.until(f"{FAULTS}.{wanted}((each) => {'false' if words is None else f'each.includes({words!r})'})")

    def amounts(self):
        with self.checks.that("an amount that the node would refuse is marked at once, with the reason"):
            self.view.open("#/pay")
            for text, words in AMOUNTS:
                self.view.type("#am", text)
                self.faults(words)
            self.view.type("#am", " 5 ")
            self.view.until("document.querySelector('.code mark').innerText === '5'")

    def recipients(self):
        own = self.node.get("/status").json()["address"]
        with self.checks.that("half an address and a secret are no recipients, and any other text is one"):
            for text, words in ((own[:500], "Did you copy all of it?"), (self.node.secret(), "This is a secret key."), (f" {own} ", None), ("Zoë 🎉", None)):
                self.view.type("#to", text)
                self.faults(words)
            self.view.shows("a text: nobody can spend from it")
            self.view.type("#to", f" {own}\t")
            self.view.shows("a node's wallet")

    def secrets(self):
        with self.checks.that("a text that is not a secret is refused with the reason, and a secret is accepted"):
            self.view.click("Paste a secret")
            secret = self.node.secret()
            for text, words in (("nonsense 😀", "not an RSA private key"), (self.node.get("/status").json()["address"], "This is a public key"),
                                (secret[:-200], "Did you copy all of it?"), ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIE\n-----END ENCRYPTED PRIVATE KEY-----", "has a password")):
                self.view.type("textarea", text)
                self.faults(words)
            equal(self.view.value(f"{SIGN}.disabled"), True)
            self.view.type("textarea", secret)
            self.view.shows("In this page's memory")

    def sends_once_more(self):
        with self.checks.that("a payment that was taken is sent twice only on purpose"):
            self.view.type("#to", "bob")
            self.view.type("#am", "5")
            self.view.click("Sign")
            self.view.click("Send to this node")
            self.view.shows("The node accepted it.")
            self.view.click("Send it once more")
            self.view.until("document.querySelector('.strip').innerText.includes('2 waiting')")
            equal(self.node.get("/transactions").json()["length"], 2)
            self.node.get("/mine")

    def weaknesses(self):
        with self.checks.that("a weakness says what would have stopped it, and how"):
            self.view.open("#/lab/weaknesses")
            self.view.press("#weak-readings")
            self.view.until("document.querySelector('.remedy')")
            assert "members with names" not in self.view.text()
            self.view.run("document.querySelector('.remedy summary').click()")
            self.view.shows("members with names")
            # The remedy stays open when the list is redrawn.
            self.view.press("#weak-collision")
            self.view.until("document.querySelectorAll('.remedy').length === 2")
            self.view.shows("members with names")

    def peers(self):
        with self.checks.that("a neighbour that is also a p2p peer is listed and counted once"):
            self.node.post("/nodes/register", {"nodes": [self.wren.host, self.finch.host]})
            self.wren.post("/nodes/register", {"nodes": [self.finch.host]})
            self.view.open("#/network")
            self.view.until(f"{PEERS}.some((kinds) => kinds.join() === 'HTTP,p2p')")
            equal(sorted(self.view.value(PEERS)), [["HTTP"], ["HTTP", "p2p"]])
            self.view.until("/of 2 in step/.test(document.querySelector('.strip').textContent)")
        for size, name in ((WIDE, "map:not(.map-n)"), (PHONE, "map-n")):
            with self.checks.that(f"the map shows which peers are linked to each other at {size[0]} pixels"):
                self.view.size(size)
                self.view.until(f"{LINKS.format(name)} === 1 && document.querySelector('.{name}').checkVisibility()")
                self.view.fits()
        self.view.size(WIDE)

    def reorg(self):
        with self.checks.that("a reorg names the payments that wait again"):
            self.view.open()
            self.view.shows("live")
            equal(self.node.post("/transactions/new", Wallet().payment("Zoë", "0.25")).status_code, 201)
            self.node.get("/mine")
            height = len(self.node.chain())
            self.view.until(f"document.querySelector('[data-row=\"{height}\"]')")
            while len(self.finch.chain()) <= height:
                self.finch.get("/mine")
            self.node.get("/nodes/resolve")
            self.view.shows("We gave up")
            self.view.until("/wait in the pool again: .*Zoë 0.25/.test(document.querySelector('.notices').innerText.replace(/\\s+/g, ' '))")
        with self.checks.that("the list follows the new chain at its head"):
            self.view.until(f"document.querySelector('[data-row=\"{height + 1}\"]')")


def run(program, make_view, checks):
    network = ["--p2p-port", "0"]
    with node(program, *network) as own, node(program, *network) as wren, node(program) as finch:
        Newcomer(make_view(own), own, (wren, finch), checks).run()
