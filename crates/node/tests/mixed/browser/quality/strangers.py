"""The page as a class sees it: over plain HTTP from another host, without the owner's token, and then with it."""
from checks import equal
from peer import Wallet
from webdriver import ENTER, ESCAPE

HOST = "lan.example"
RULES = f"MAP {HOST} 127.0.0.1"
ARGUMENTS = ("--allowed-host", HOST, "--owner", "token")
TOKEN = "0123456789abcdef-of-the-node"
OWNERS = ["Mine a block", "Print the secret on the node's console", "Add", "Remove", "Compare now"]
# Asks to mine as the page does, even where it shows no button. The module for it lies beside the page's script.
MINE = "import(new URL('node/mining.js', document.querySelector('script[type=module]').src)).then(({mine}) => mine()).then(arguments[0])"
# What a person would find in the clipboard: the selected text of the field that is copied from.
COPIED = """addEventListener("copy", () => {
  const {value, selectionStart, selectionEnd} = document.activeElement;
  window.copied = value.slice(selectionStart, selectionEnd);
})"""


class Strangers:
    def __init__(self, view, node, checks):
        self.view, self.node, self.checks = view, node, checks
        view.url = view.url.replace("localhost", HOST)

    def run(self):
        self.controls()
        self.refusal()
        self.payment()
        self.copy()
        self.token()
        with self.checks.that("a stranger: no error in the page's scripts"):
            equal(self.view.script_errors(), [])

    def shown(self):
        """The words on all visible buttons."""
        return self.view.value("[...document.querySelectorAll('button')].filter((each) => each.checkVisibility()).map((each) => each.innerText.trim())")

    def controls(self):
        with self.checks.that("a stranger sees none of the owner's controls, and learns why"):
            self.view.open()
            equal(self.view.value("isSecureContext"), False)
            for fragment in ("#/", "#/block/latest", "#/network"):
                self.view.open(fragment)
                self.view.shows("looking only" if fragment != "#/" else "Only the owner may mine.")
                self.view.press(".menu")
                found = [words for words in self.shown() if words in OWNERS or words.startswith("Mine block")]
                equal((fragment, found), (fragment, []))
            height = len(self.node.chain())
            self.view.browser.press(ESCAPE, "m")
            self.view.open()
            equal(len(self.node.chain()), height)

    def refusal(self):
        with self.checks.that("a refused request is explained, with the node's own sentence and two ways out"):
            self.view.open()
            self.view.browser.run(MINE)
            self.view.shows("Only the owner may mine.")
            port = self.node.url.rpartition(":")[2]
            self.view.shows(f"at http://localhost:{port}, or enters the owner's token.")
            self.view.shows("The node says (403): the owner's token is needed here")
            self.view.shows("Mine in the Lab instead")
            equal(len(self.node.chain()), 1)

    def payment(self):
        with self.checks.that("a stranger signs and sends a payment over plain HTTP"):
            wallet = Wallet()
            self.view.open("#/pay")
            self.view.click("Paste a secret")
            self.view.type("textarea", wallet.secret)
            self.view.shows("In this page's memory")
            self.view.type("#to", "bob")
            self.view.type("#am", "1.5")
            self.view.click("Sign")
            self.view.shows("signature fits")
            self.view.click("Send to this node")
            self.view.shows("The node accepted it.")
            equal(self.node.get("/transactions").json()["transactions"][0]["sender"], wallet.address)
            equal(self.view.value("[...document.querySelectorAll('button')].some((each) => each.innerText === 'Mine it now')"), False)

    def copy(self):
        with self.checks.that("a hash is copied without the clipboard's interface"):
            tip = self.node.get("/status").json()["tip"]
            self.view.open("#/block/latest")
            equal(self.view.value("typeof navigator.clipboard"), "undefined")
            self.view.run(COPIED)
            self.view.run("document.querySelector('[data-key=copy-hash]').focus()")
            self.view.browser.press(ENTER)
            self.view.until("window.copied")
            equal(self.view.value("copied"), tip)
            self.view.until("document.activeElement.dataset.said")

    def token(self):
        with self.checks.that("a wrong token is refused, the right one makes the stranger an owner"):
            for token in ("wrong", TOKEN):
                self.view.open()
                self.view.click("Enter the token")
                self.view.type("dialog input", token)
                self.view.click("Use it")
                if token == "wrong":
                    self.view.browser.run(MINE)
                    self.view.shows("The node says (403)")
            self.view.press("[data-act=mine]")
            self.view.shows("Block 2 is mined.")
