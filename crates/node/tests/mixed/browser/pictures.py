"""The pictures of the page in README.md: `explorer.py --pictures docs/pictures` takes them again."""
import base64
import time
from contextlib import ExitStack

from classroom import classroom
from harness import ANSWER_SECONDS
from peer import Wallet
from view import View

WINDOW, BOARD, PHONE = (1280, 800), (1280, 400), (390, 800)
NAMES = ["wren", "finch", "plover", "robin"]
PAYMENTS = [("bob", "5"), ("Zoë", "2.50"), ("carol", "1"), ("bob", "0.25")]


def pay(node, wallet, recipient, amount):
    answer = node.post("/transactions/new", wallet.payment(recipient, amount))
    assert answer.status_code == 201, answer.text


class Pictures:
    """A class whose nodes have mined and paid, and its pictures."""

    def __init__(self, browser, nodes, folder):
        self.browser, self.nodes, self.folder = browser, nodes, folder
        self.view = View(browser, nodes[0])

    def take(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.browser.devtools("Emulation.setScrollbarsHidden", hidden=True)
        self.history()
        self.view.size(WINDOW)
        self.view.open()
        self.view.shows("4 of 4 in step")
        self.chain("chain")
        self.tampered()
        self.view.size(BOARD, dark=True)
        self.board()
        self.view.size(PHONE)
        self.chain("phone")

    def history(self):
        self.view.open()
        self.view.run("localStorage.setItem('first-steps', 'hidden')")
        wallets = [Wallet(), Wallet()]
        for round in range(3):
            for node in self.nodes:
                pay(self.nodes[0], wallets[round % 2], *PAYMENTS[round])
                self.until_agreed(node.get("/mine").json()["index"])
        for wallet, payment in zip(wallets, PAYMENTS):
            pay(self.nodes[0], wallet, *payment)

    def until_agreed(self, height):
        end = time.monotonic() + ANSWER_SECONDS
        while any(node.get("/status").json()["height"] < height for node in self.nodes):
            assert time.monotonic() < end, f"the nodes do not agree on block {height}"
            time.sleep(0.05)

    def chain(self, name):
        self.view.open()
        self.view.shows("payments wait")
        self.shoot(name)

    def tampered(self):
        self.view.open("#/lab/chain")
        self.view.until("document.querySelectorAll('.chain-lab .v-ok').length === 5")
        self.view.type(".payline input", "500")
        self.view.shows("A node would say")
        self.shoot("lab")

    def board(self):
        self.view.open("class")
        self.view.shows("5 of 5 in step")
        self.shoot("class")

    def shoot(self, name):
        # After two frames, the last drawing is on the screen.
        self.browser.run("requestAnimationFrame(() => requestAnimationFrame(() => arguments[0]()))")
        (self.folder / f"{name}.png").write_bytes(base64.b64decode(self.browser.call("GET", "/screenshot")))


def take(browser, command, folder):
    with ExitStack() as stack:
        teacher, pupils = classroom(stack, command, NAMES)
        Pictures(browser, [teacher, *pupils], folder).take()
