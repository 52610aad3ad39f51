"""What the clients beyond the tutorial's nine show on a terminal."""
import hashlib
import json
import re
import tempfile
from base64 import b64decode
from pathlib import Path

from checks import equal
from foreign import answering, http
from peer import Wallet
from shells import SCRIPTS
from terminal import Terminal

BLOCK = '{"index": %d, "previous_hash": "%064x", "proof": 5, "timestamp": 1.50, "transactions": [{"amount": 5.0, ' \
        '"recipient": "%s", "sender": "%s"}]}'


class Shown:
    def __init__(self, node, data, target, checks):
        self.node, self.data, self.target, self.checks = node, data, target, checks

    def run(self):
        self.addresses()
        self.short_addresses()
        self.sums()
        self.interrupted()

    def on(self, *words, node=None, **more):
        return Terminal([str(SCRIPTS / words[0]), *words[1:]], LEDGER_NODE=node or self.node.url, LEDGER_DATA_DIR=str(self.data),
                        CARGO_TARGET_DIR=str(self.target), NO_COLOR="1", **more)

    def shown(self, *words, **more):
        with self.on(*words, **more) as terminal:
            status, seen = terminal.end()
        equal(status, 0)
        return seen

    def addresses(self):
        with self.checks.that("address names the wallet like the node's log, and its file"):
            address = self.node.get("/mine").json()["transactions"][-1]["recipient"]
            der = b64decode("".join(b64decode(address).decode().splitlines()[1:-1]))
            name = hashlib.sha256(der).hexdigest()[:16]
            assert any(f"wallet {name}" in line for line in self.node.printed["stderr"]), self.node.printed["stderr"]
            equal(self.shown("address"), f"The wallet {name}, in {self.data}/wallet.pem:\n{address}\n")

    def short_addresses(self):
        alice, bob = Wallet().address, Wallet().address
        blocks = [BLOCK % (at, at, alice, bob) for at in range(1, 5)]
        chain = f'{{"chain": [{", ".join(blocks)}], "length": 4}}'.encode()
        with self.checks.that("chain shortens only addresses on a terminal, and keeps them distinct"), \
                answering(http("200 OK", chain)) as url:
            seen = self.shown("chain", node=url).partition("Current chain\n\n")[2]
            short = re.findall(r'"(?:recipient|sender)": "(LS0t\.\.\.[A-Za-z0-9+/]{12}\.\.\.)"', seen)
            equal((len(short), len(set(short))), (8, 2))
            assert all(name[7:19] in address for name, address in zip(short, [alice, bob])), short
            whole = seen.replace(short[0], alice).replace(short[1], bob)
            equal("".join(whole.split()), "".join(chain.decode().split()))
            assert max(map(len, seen.splitlines())) <= 92 and seen.count("\n") <= 4 * 13 + 6, seen
            equal("".join(self.shown("chain", "--full", node=url).partition("Current chain\n\n")[2].split()),
                  "".join(chain.decode().split()))
        with self.checks.that("block shortens addresses too"), answering(http("200 OK", blocks[0].encode(), ETag='"12ab"')) as url:
            seen = self.shown("block", "1", node=url)
            assert short[0] in seen and alice not in seen and "Hash: 12ab\n" in seen, seen
            assert alice in self.shown("block", "--full", "1", node=url)

    def sums(self):
        for sums, sentences in [
            ('"received":3,"sent":1,"sum":2,"uncounted":0', ["bob: balance 2 (received 3, sent 1)\n"]),
            ('"received":0.5,"sent":1,"sum":-0.5,"uncounted":0', ["balance -0.5", "below zero"]),
            ('"received":null,"sent":1,"sum":null,"uncounted":0', ["too large to be added up"]),
            ('"received":1,"sent":0,"sum":1,"uncounted":2', ["Not counted: 2 payments with an amount that is not a number."]),
            ('"received":1,"sent":0,"sum":1,"uncounted":1', ["Not counted: 1 payment with an amount that is not a number."]),
        ]:
            body = f'{{"address":"bob","length":3,"next":null,"payments":[],{sums}}}'.encode()
            with self.checks.that(f"balance explains its sums: {sums}"), answering(http("200 OK", body)) as url:
                seen = self.shown("balance", "bob", node=url).partition("Fetching a balance")[2]
                assert all(sentence in seen for sentence in sentences) and "{" not in seen, seen
        with self.checks.that("balance refuses other JSON"), answering(http("200 OK", b'{"a": 1}')) as url, \
                self.on("balance", "bob", node=url) as terminal:
            status, seen = terminal.end()
            assert status == 1 and "is it a ledger node?" in seen, seen
        with self.checks.that("control sequences do not reach the terminal"):
            seen = self.shown("balance", "--", "\x1b[31mred\x07\u202e")
            assert "[31mred: balance 0" in seen and not {"\x1b", "\x07", "\u202e"} & set(seen), repr(seen)

    def interrupted(self):
        with self.checks.that("Ctrl-C ends mine N and keeps the mined blocks"), \
                tempfile.TemporaryDirectory() as folder, self.on("mine", "1000", TMPDIR=folder) as terminal:
            terminal.wait_for("Mined a new block, 2 of 1000")
            terminal.interrupt()
            status = terminal.end()[0]
            assert status in (-2, 130), status
            mined = [int(index) for index in re.findall(r'"index": (\d+)', terminal.seen.decode())]
            length = len(self.node.chain())
            assert mined == list(range(mined[0], mined[0] + len(mined))) and mined[-1] <= length <= mined[-1] + 1, (mined, length)
            equal((list(Path(folder).iterdir()), terminal.is_as_before()), ([], True))
            equal(self.node.get("/mine").json()["index"], length + 1)
