"""The clients beyond the tutorial's nine: address, balance, block, send, mine N, chain --last.

    clients/new.py --node target/debug/node --sigscript target/debug/sigscript

Prints a line for each check, then `N passed, 0 failed`.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from around import Around  # noqa: E402
from checks import Checks, equal  # noqa: E402
from harness import DIFFICULTY, HERE, PEER, options, running  # noqa: E402
from peer import Wallet  # noqa: E402
from shown import Shown  # noqa: E402

SCRIPTS = HERE.parents[3] / "scripts"
ODD = ["bob", "Zoë & sons?", "日本 🎉", "a/b#c%41+=", "..", ".", " ", "-x", "LS0t", "'\"\\$(id)`", "100%", "tab\tbell\x07"]
WRONG = {
    "address": [["bob"], ["--key-file"], ["--ful"]],
    "balance": [["a", "b"], ["--key-file"], ["-x"], ["--last", "1"]],
    "block": [[], ["1", "2"], ["abc"], [""], ["-1"], ["1.5"], ["0x2"], ["LATEST"], ["a" * 63], ["a" * 65], ["../chain"], ["--ful", "1"]],
    "send": [[], ["bob"], ["bob", "1", "2"], ["-bob", "1"], ["--key-file"], ["--key", "x", "bob", "1"]],
    "mine": [["0"], ["x"], ["-1"], ["1001"], ["1.5"], ["9" * 30], ["1", "1"], ["--all"], [""]],
    "chain": [["1"], ["--last"], ["--last", "0"], ["--last", "x"], ["--last="], ["--last", "1000001"], ["--ful"], ["--full=no"]],
}


class NewClients:
    def __init__(self, node, folder, checks):
        self.node, self.checks = node, checks
        self.data = Path(node.process.args[node.process.args.index("--data-dir") + 1])
        self.key = self.data / "wallet.pem"
        self.target = folder

    def run(self):
        self.addresses()
        self.balances()
        self.blocks()
        self.payments()
        self.several_blocks()
        self.parts_of_the_chain()
        self.usage_errors()
        Around(self.client, self.node, self.target, self.checks).run()
        Shown(self.node, self.data, self.target, self.checks).run()

    def client(self, *words, node=None, locale="C", **environment):
        """Runs a client as the node's owner, with sigscript where cargo builds it."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
        usual = {"LEDGER_NODE": node or self.node.url, "LEDGER_DATA_DIR": str(self.data), "LC_ALL": locale,
                 "CARGO_TARGET_DIR": str(self.target)}
        return subprocess.run([str(SCRIPTS / words[0]), *words[1:]], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              encoding="utf-8", timeout=120, env={**clean, **usual, **environment})

    def answer(self, *words, **rest):
        """Runs a client that must succeed, and returns its output."""
        done = self.client(*words, **rest)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, status, sentence, *words, **rest):
        done = self.client(*words, **rest)
        equal((done.returncode, done.stdout), (status, ""))
        assert sentence in done.stderr, done.stderr

    def addresses(self):
        self.own = self.node.get("/mine").json()["transactions"][-1]["recipient"]
        with self.checks.that("address prints only the node's address"):
            done = self.client("address")
            equal((done.returncode, done.stdout, done.stderr), (0, self.own + "\n", ""))
        with self.checks.that("address needs no node if it has a key file"):
            equal(self.answer("address", "--key-file", str(self.key), LEDGER_NODE="", LEDGER_DATA_DIR=""), self.own + "\n")
            equal(self.answer("address", f"--key-file={self.key}", node="http://192.0.2.7:5000"), self.own + "\n")
            equal(self.answer("address", LEDGER_WALLET=str(self.key), LEDGER_DATA_DIR="/nowhere"), self.own + "\n")
        with self.checks.that("address names a missing wallet, and asks for one if the node is elsewhere"):
            self.refused(1, "there is no wallet at /nowhere/wallet.pem", "address", LEDGER_DATA_DIR="/nowhere")
            self.refused(1, f"/data/node-{self.node.port}/wallet.pem", "address", LEDGER_DATA_DIR="")
            self.refused(2, "give --key-file FILE", "address", node="http://192.0.2.7:5000")
            self.refused(2, "LEDGER_NODE is not set", "address", LEDGER_NODE="")

    def balances(self):
        with self.checks.that("balance sums up the node's address, and passes the answer to a pipe"):
            done = self.client("balance")
            equal(done.stdout, self.node.get(f"/addresses/{self.own}").text)
            assert ": balance 1 (received 1, sent 0)\n" in done.stderr, done.stderr
            equal(self.answer("balance", self.own), done.stdout)
        for locale in ["C", "C.UTF-8"]:
            with self.checks.that(f"balance takes any text as an address, under {locale}"):
                for text in ODD:
                    equal(json.loads(self.answer("balance", "--", text, locale=locale))["address"], text)

    def blocks(self):
        with self.checks.that("block prints the hashed bytes, by index, hash and latest"):
            text = self.answer("block", "2")
            name = hashlib.sha256(text.encode()).hexdigest()
            for word in ["latest", "0002", name, name.upper()]:
                equal(self.answer("block", word), text)
        with self.checks.that("block shows its hash and its work"):
            said = self.client("block", "2").stderr
            work = next(line for line in said.splitlines() if line.startswith("Work: ")).split()
            assert f"Hash: {name}\n" in said, said
            equal(work[1], hashlib.sha256(work[-1].encode()).hexdigest())
            equal(work[1][:DIFFICULTY], "0" * DIFFICULTY)
            assert "Work" not in self.client("block", "1").stderr
        with self.checks.that("block reports a missing block"):
            self.refused(1, "404: there is no block 99 here", "block", "99")
            self.refused(1, "404: there is no block", "block", "0" * 64)

    def payments(self):
        with self.checks.that("send signs with the node's wallet"):
            done = self.client("send", "bob", "0.50")
            equal(json.loads(done.stdout)["message"], "Transaction will be added to Block 3")
            assert "Sent 0.50 from LS0t..." in done.stderr and "... to bob\n" in done.stderr, done.stderr
            assert "note" not in done.stderr, done.stderr
            equal(self.pool()[-1], {"sender": self.own, "recipient": "bob", "amount": "0.50"})
        for locale in ["C", "C.UTF-8"]:
            with self.checks.that(f"send pays any recipient, under {locale}"):
                for text in ODD:
                    self.answer("send", "--", text, "1", locale=locale)
                    equal(self.pool()[-1]["recipient"], text)
        with self.checks.that("send takes another key, for any node"):
            wallet = Wallet()
            other = self.target / "other.key"
            other.write_text(wallet.secret)
            other.chmod(0o600)
            self.answer("send", "bob", "2", f"--key-file={other}", LEDGER_DATA_DIR="/nowhere")
            equal(self.pool()[-1], {"sender": wallet.address, "recipient": "bob", "amount": "2"})
        with self.checks.that("send warns of a low balance and sends anyway"):
            done = self.client("send", "bob", "1000")
            assert done.returncode == 0 and "note: the balance of this wallet is 1;" in done.stderr, done.stderr
        with self.checks.that("send reports refusals, and sends no secret"):
            sent = len(self.pool())
            for amount in ["0", "-5", "five", "1e3", ""]:
                self.refused(1, "the node answered 400: amount", "send", "bob", amount)
            self.refused(2, "secret key", "send", wallet.secret, "1")
            self.refused(1, "there is no wallet at /nowhere/wallet.pem", "send", "bob", "1", LEDGER_DATA_DIR="/nowhere")
            self.refused(2, "give --key-file FILE", "send", "bob", "1", node="http://192.0.2.7:5000")
            self.refused(1, "/nowhere", "send", "--key-file", "/nowhere", "bob", "1")
            equal(len(self.pool()), sent)

    def pool(self):
        return self.node.get("/transactions").json()["transactions"]

    def several_blocks(self):
        with self.checks.that("mine N mines N blocks and shows each"):
            before = len(self.node.chain())
            done = self.client("mine", "3")
            equal([json.loads(line)["index"] for line in done.stdout.splitlines()], [before + 1, before + 2, before + 3])
            assert "Mined a new block, 3 of 3" in done.stderr, done.stderr
            equal(len(self.node.chain()), before + 3)
            equal(json.loads(self.answer("mine", "01"))["index"], before + 4)

    def parts_of_the_chain(self):
        with self.checks.that("chain prints the node's bytes, whole or the last blocks"):
            whole = self.node.get("/chain")
            length = whole.json()["length"]
            equal(self.answer("chain"), whole.text)
            equal(self.answer("chain", "--full"), whole.text)
            for last in [1, 2, length]:
                equal(self.answer("chain", "--last", str(last)), self.node.get(f"/chain?from={length - last + 1}").text)
            equal(self.answer("chain", f"--last={length + 1}"), whole.text)
        with self.checks.that("with a Python node, chain prints everything, block and balance explain"), \
                running(python=PEER) as (peer,):
            done = self.client("chain", "--last", "1", node=peer.url)
            equal(json.loads(done.stdout), peer.get("/chain").json())
            assert "note: this node cannot send a part of its chain" in done.stderr, done.stderr
            for words in [["block", "latest"], ["balance", "bob"]]:
                self.refused(1, "Python node", *words, node=peer.url)
            self.answer("send", "bob", "1", node=peer.url)
            equal(peer.get("/transactions").json()["transactions"][-1]["sender"], self.own)

    def usage_errors(self):
        for name, calls in WRONG.items():
            with self.checks.that(f"{name} prints its help and usage errors, and changes nothing"):
                done = self.client(name, "--help")
                equal((done.returncode, done.stderr), (0, ""))
                assert done.stdout.startswith(f"Usage: {name}") and done.stdout.count("\n") <= 4, done.stdout
                before = len(self.pool()), len(self.node.chain())
                for words in calls:
                    done = self.client(name, *words)
                    equal((words, done.returncode, done.stdout), (words, 2, ""))
                    assert done.stderr.startswith(f"{name}: ") and f"\nUsage: {name}" in done.stderr, done.stderr
                equal((len(self.pool()), len(self.node.chain())), before)


def main():
    arguments = options(__doc__.splitlines()[0])
    checks = Checks()
    with checks.that("the node starts, and the run completes"), running(node=arguments.command) as (node,), \
            tempfile.TemporaryDirectory() as folder:
        Path(folder, "debug").mkdir()
        Path(folder, "debug", "sigscript").symlink_to(arguments.sigscript)
        node.port = node.url.rpartition(":")[2]
        NewClients(node, Path(folder), checks).run()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
