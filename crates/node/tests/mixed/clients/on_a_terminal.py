"""The bash clients on a terminal, with typed input."""
import json
import re
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

from checks import equal
from foreign import answering, http
from peer import Wallet, sign
from shells import SCRIPTS, client
from strangers import ODD
from terminal import Terminal

LEFT = "\x1b[D"
GOES_ON = "(continue it; two empty lines end it)"
SEARCH = {"difficulty": 9, "expected_tries": 68719476736.0, "index": 7, "mining": True, "seconds": 3.0,
          "tries": 425600000, "tries_per_second": 141763452, "waiting": 1}


class OnATerminal:
    def __init__(self, node, checks):
        self.node, self.checks = node, checks
        self.wallet = Wallet()

    def run(self):
        self.payments()
        self.refusals()
        self.answers()
        self.interrupts()
        self.progress()

    @contextmanager
    def on(self, *words, node=None, **more):
        """Runs a client on its own terminal. Checks that it restores the terminal and its temporary directory."""
        with tempfile.TemporaryDirectory() as folder, \
                Terminal([str(SCRIPTS / words[0]), *words[1:]], LEDGER_NODE=node or self.node.url, TMPDIR=folder, **more) as terminal:
            yield terminal
            assert terminal.is_as_before(), "the terminal has other settings"
            equal(list(Path(folder).iterdir()), [])

    def typed(self, terminal, *pairs):
        """Types each text once its prompt is shown."""
        shown = 0
        for question, text in pairs:
            shown = terminal.wait_for(question, shown)
            terminal.type(text)

    def pays(self, recipient, amount, *pairs):
        with self.on("sendTransaction") as terminal:
            self.typed(terminal, *pairs)
            status, seen = terminal.end()
            equal((status, "\x1b[?2004h" in seen), (0, False))  # a bracketed paste would end with its first line
            last = self.node.get("/transactions").json()["transactions"][-1]
            equal(last, {"sender": self.wallet.address, "recipient": recipient, "amount": amount})

    def payments(self):
        address = self.wallet.address
        signature = sign(self.wallet.secret, address, "bob", "7")
        with self.checks.that("input can be edited, and an amount is trimmed"):
            self.pays("bob", "7", ("Sender:", address + "\n"), ("Recipient:", f"bb{LEFT}o\n"), ("Amount:", " 7 \n"),
                      ("Signature:", signature + "\n"))
        with self.checks.that("a wrapped address and signature are joined"):
            self.pays("bob", "7", ("Sender:", "\r\n".join(lines(address, 76).split("\r"))), ("Recipient:", "bob\r"), ("Amount:", "7\r"),
                      ("Signature:", "\r\n".join(lines(signature, 64).split("\r"))))
        with self.checks.that("a wrapped address can be the recipient"):
            other = Wallet().address
            self.pays(other, "8", ("Sender:", address + "\r"), ("Recipient:", lines(other, 80)), ("Amount:", "8\r"),
                      ("Signature:", sign(self.wallet.secret, address, other, "8") + "\r"))
        with self.checks.that("four pasted lines answer four questions"):
            self.pays("bob", "7", ("Sender:", "\r".join([address, "bob", "7", signature, ""])))
        with self.checks.that("lines beyond the terminal's limit are read whole"):
            self.pays("x" * 5000, "9", ("Sender:", address + "\r"), ("Recipient:", "x" * 5000 + "\r"), ("Amount:", "9\r"),
                      ("Signature:", sign(self.wallet.secret, address, "x" * 5000, "9") + "\r"))
        with self.checks.that("wrapped CRLF lines are joined from a pipe too"):
            typed = lines(address, 64) + "bob\r7\r" + lines(signature, 76)
            done = client("sendTransaction", node=self.node.url, typed=typed.replace("\r", "\r\n"))
            equal(done.returncode, 0)

        with self.checks.that("prompts are shown on the terminal, even if errors go to a file"), \
                tempfile.TemporaryDirectory() as folder:
            with Terminal(["bash", "-c", f"'{SCRIPTS}/register' 2>'{folder}/said'"], LEDGER_NODE=self.node.url) as terminal:
                self.typed(terminal, ("addresses:", "localhost:1\r"))
                status, seen = terminal.end()
                assert status == 0 and '"total_nodes"' in seen, seen
                assert "Registered" in Path(folder, "said").read_text()

    def refusals(self):
        wallet = self.wallet
        for what, typed, words in [
            ("a name", "bob\r", "is not an address"),
            ("the sender of rewards", "0\r", "is not an address"),
            ("a secret", wallet.secret + "\r", "this is a secret key"),
            ("a secret in lines", lines(wallet.secret, 64), "this is a secret key"),
            ("a PEM file", "-----BEGIN PUBLIC KEY-----\rMIIB\r-----END PUBLIC KEY-----\r", "the text of a PEM file"),
            ("base64 of something else", "aGVsbG8=\r", "is not an address"),
            ("an address with an invalid character", wallet.address[:300] + "*" + wallet.address[301:] + "\r", "is not an address"),
            ("an address without one character", wallet.address[:300] + wallet.address[301:] + "\r", "has 599 characters"),
        ]:
            with self.checks.that(f"a sender that is {what} is refused at once"), self.on("sendTransaction") as terminal:
                self.typed(terminal, ("Sender:", typed))
                status, seen = terminal.end()
                assert status == 2 and words in seen and "Recipient:" not in seen, seen
        with self.checks.that("a truncated address is refused"), self.on("sendTransaction") as terminal:
            self.typed(terminal, ("Sender:", wallet.address[:400] + "\r"), (GOES_ON, "\r\r"))
            status, seen = terminal.end()
            assert status == 2 and "has 400 characters" in seen, seen
        with self.checks.that("a secret as recipient argument is refused"):
            done = client("sendTransaction", wallet.address, wallet.secret, "1", "AAAA", node="http://127.0.0.1:1")
            assert done.returncode == 2 and "the recipient is a secret key" in done.stderr, done.stderr
        with self.checks.that("lines pasted after a wrong answer do not reach the shell"):
            line = f"'{SCRIPTS}/sendTransaction'; IFS= read -r -t 1 rest; echo \"rest: <$rest>\""
            with Terminal(["bash", "-c", line], LEDGER_NODE=self.node.url) as terminal:
                self.typed(terminal, ("Sender:", "-----BEGIN\rrm -r everything\rreboot\r"))
                assert "rest: <>" in terminal.end()[1]
        with self.checks.that("a control character in an answer is refused"):
            for typed in ["\x1b[A\n", "bob\x07\n", "a\x01b\n"]:
                done = client("register", node=self.node.url, typed=typed)
                assert done.returncode == 2 and "holds a control character" in done.stderr, done.stderr
        with self.checks.that("a failed signature is explained"):
            for recipient, signature, words in [("bob", "AAAA", "sigscript --key-file FILE SENDER bob 5.0"), ("bob ", "AAAA", "ends with a space"),
                                                ("bob", wallet.address, "is a key, or an address")]:
                said = client("sendTransaction", wallet.address, recipient, "5.0", signature, node=self.node.url).stderr
                assert "401: Signature verification failure" in said and words in said, said

    def answers(self):
        with self.checks.that("a terminal shows the answer in lines, digit for digit"), \
                answering(http("200 OK", ODD)) as url:
            for more in [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}]:
                with self.on("chain", node=url, **more) as terminal:
                    status, seen = terminal.end()
                shown = re.sub(r"\x1b\[[0-9;]*m", "", seen.partition("Current chain\n\n")[2])
                equal((status, re.sub(r'\s+(?=([^"\\]|\\.|"([^"\\]|\\.)*")*$)', "", shown)), (0, re.sub(r"\s", "", ODD.decode())
                      .replace('\\ud800,[', '\\ud800, [')))
                equal("\x1b[" in seen, not more)
                assert '\n      "amount": 5.0,\n' in shown, shown

    def interrupts(self):
        for words in [["sendTransaction"], ["register"], ["unregister"]]:
            with self.checks.that(f"Ctrl-C at a prompt ends {words[0]}"), self.on(*words) as terminal:
                terminal.wait_for(": ")
                terminal.interrupt()
                equal(terminal.end()[0], -2)
        for name in ["mine", "chain"]:
            with self.checks.that(f"Ctrl-C ends {name} while it waits for an answer"), busy() as (url, search, _), \
                    self.on(name, node=url) as terminal:
                assert search["asked"].wait(30)
                terminal.interrupt()
                equal(terminal.end()[0], -2)
        with self.checks.that("Ctrl-C at rc's prompt leaves the shell unchanged"):
            with Terminal(["bash", "--norc", "-i"], PS1="$ ") as terminal:
                terminal.wait_for("$ ")
                terminal.type(f"cd '{SCRIPTS.parent}' && . scripts/rc\n")
                asked = terminal.wait_for("address: ")
                terminal.interrupt("$ ", asked)
                terminal.type('echo "<${LEDGER_NODE-}>" alive; stty -a; exit\n')
                seen = terminal.end()[1]
                assert "<> alive" in seen and {"icanon", "echo"} <= set(seen.split()), seen

    def progress(self):
        with self.checks.that("search progress fits the terminal, also after a resize"), \
                busy() as (url, _, answer), self.on("mine", node=url, columns=40) as terminal:
            shown = terminal.wait_for("426 million proofs tried, 68719 million\r")
            terminal.resize(20)
            terminal.wait_for("\r426 million proofs \r", shown)
            answer.set()
            equal(terminal.end()[0], 0)
        with self.checks.that("a queued search says that it waits"), \
                busy(others=True) as (url, search, answer), self.on("mine", node=url) as terminal:
            terminal.wait_for("another search is under way; yours begins after it")
            shown = terminal.wait_for("the other search: 426 million proofs tried")
            search["tries"] = 3_000_000  # the first search was abandoned, and a queued one began
            shown = terminal.wait_for("the other search: 3 million proofs tried", shown)
            search["waiting"] = 0
            terminal.wait_for("\r3 million proofs tried", shown)
            answer.set()
            equal(terminal.end()[0], 0)


def lines(text, width):
    """Wraps a text into lines, as a terminal receives a paste."""
    return "".join(text[place:place + width] + "\r" for place in range(0, len(text), width))


@contextmanager
def busy(others=False):
    """A node that mines until the event is set: yields address, search and event. `others`: a search is already running."""
    answer, search = threading.Event(), {**SEARCH, "asked": threading.Event()}

    def says(path):
        if path == "/mine/progress":
            searches = others or search["asked"].is_set()
            said = {name: value for name, value in search.items() if name != "asked"} if searches else {"mining": False}
            return http("200 OK", json.dumps(said).encode())
        search["asked"].set()
        answer.wait(60)
        return http("200 OK", json.dumps({"chain": [], "message": "New Block Created"}).encode())

    with answering(says) as url:
        try:
            yield url, search, answer
        finally:
            answer.set()
