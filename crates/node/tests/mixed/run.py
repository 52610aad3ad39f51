"""The mixed network: a client cannot tell a Rust node from a Python node.

    run.py --node target/debug/node --sigscript target/debug/sigscript
    run.py --reference        a second Python node in place of the Rust one

Prints a line for each check, then `N passed, 0 failed`.
"""
import http.client
import json
import subprocess
import sys

from checks import Checks, equal
from harness import DIFFICULTY, PEER, exact, options, running
from metrics import check_metrics
from odd_payments import OddPayments
from peer import Wallet, block_hash, is_valid, sign, smallest_proof

# Each is escaped or encoded differently somewhere between a shell and a hash.
RECIPIENTS = ["bob", "Zoë", "日本 🎉", 'say "hi"', "back\\slash", "del\x7f", "line\u2028separator", "tab\tand\nline"]
AMOUNTS = [5, "5", 0.1, 1e16, 1e-05, 12.5, "0.50", 5.0, 9007199254740993]
DEAD = "127.0.0.1:1"

# The encodings that json.loads detects in bytes.
ENCODINGS = [(encoding, mark) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be") for mark in ("", "\ufeff")]


def shape(value):
    """What a client relies on: the order of members, their types, and the words of a message."""
    if isinstance(value, dict):
        return [(name, part if name == "message" else shape(part)) for name, part in value.items()]
    if isinstance(value, list):
        return [shape(part) for part in value]
    return type(value).__name__


def classic(answer):
    """An answer without `neighbours`, which a Python node does not have."""
    return {name: part for name, part in answer.items() if name != "neighbours"}


def seen(answer):
    is_json = answer.headers["Content-Type"].split(";")[0] == "application/json"
    return answer.status_code, shape(classic(answer.json())) if is_json else answer.text


def raw_status(node, path):
    """Asks for a path as it is, which requests would normalise."""
    connection = http.client.HTTPConnection(node.host, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


class MixedNetwork:
    def __init__(self, rust, python, sigscript, checks):
        self.rust, self.python, self.sigscript, self.checks = rust, python, sigscript, checks
        self.both = (rust, python)
        self.wallets = {}
        self.paid = []

    def run(self):
        self.answers_have_one_shape()
        self.secrets_match_addresses()
        self.wrapped_signatures_are_accepted()
        self.refusals_agree()
        self.longer_chains_are_adopted()
        self.payments_cross_the_network()
        # Last, as the chain then holds NaN, which equals nothing. With --reference no node would refuse these payments.
        if self.sigscript:
            with self.checks.that("Prometheus reads the metrics of a Rust node"):
                check_metrics(self.rust)
            OddPayments(self.rust, self.python, Wallet(), self.checks).run()
        self.rust_chain_is_valid_in_python()

    # Answers

    def answers_have_one_shape(self):
        wallet = Wallet()
        payment = wallet.payment("bob", "5")
        for what, ask in [
            ("the chain of a new node", lambda node: node.get("/chain")),
            ("an empty pool", lambda node: node.get("/transactions")),
            ("an empty list of neighbours", lambda node: node.get("/nodes")),
            ("a payment", lambda node: node.post("/transactions/new", payment)),
            ("a pool with a payment", lambda node: node.get("/transactions")),
            ("mining", lambda node: node.get("/mine")),
            ("a chain with a payment", lambda node: node.get("/chain")),
            ("resolving without neighbours", lambda node: node.get("/nodes/resolve")),
            ("printing the secret", lambda node: node.get("/secret")),
            ("registering nothing", lambda node: node.post("/nodes/register", {})),
        ]:
            with self.checks.that(f"both give the same answer: {what}"):
                self.same_answer(ask)
        with self.checks.that("a neighbour is the same with and without its scheme"):
            self.same_answer(lambda node: node.post("/nodes/register", {"nodes": [self.other(node).url]}))
            self.same_answer(lambda node: node.post("/nodes/register", {"nodes": [self.other(node).host]}))
            for node in self.both:
                equal(node.get("/nodes").json(), {"length": 1, "nodes": [self.other(node).host]})
        with self.checks.that("both ignore the Content-Type of a JSON body"):
            later = wallet.payment("bob", "6")
            self.same_answer(lambda node: node.post("/transactions/new", later, content_type="text/plain"))
            for node in self.both:
                node.get("/mine")
        for encoding, mark in ENCODINGS:
            with self.checks.that(f"both read a body in {encoding}, {'with' if mark else 'without'} a byte order mark"):
                body = (mark + json.dumps({"nodes": []})).encode(encoding)
                self.same_answer(lambda node: node.post("/nodes/register", body))
        with self.checks.that("both refuse Latin-1 with 400"):
            body = json.dumps({"nodes": ["http://Zoë:1"]}, ensure_ascii=False).encode("latin-1")
            equal({node.post("/nodes/register", body).status_code for node in self.both}, {400})
        for path in ["/chain", "//chain", "//nodes", "/chain/", "//chain/"]:
            with self.checks.that(f"both answer {path} alike"):
                equal(*[raw_status(node, path) for node in self.both])

    def same_answer(self, ask):
        equal(seen(ask(self.rust)), seen(ask(self.python)))

    def other(self, node):
        return self.python if node is self.rust else self.rust

    # Keys

    def secrets_match_addresses(self):
        for node in self.both:
            with self.checks.that(f"the secret of {node.name} belongs to the address that it mines for"):
                self.wallets[node] = Wallet(node.secret())
                equal(self.wallets[node].address, node.chain()[-1]["transactions"][-1]["recipient"])
        with self.checks.that("sigscript and Python make the same signatures"):
            for recipient in RECIPIENTS:
                parts = self.wallets[self.rust].address, recipient, "12.5"
                secret = self.wallets[self.rust].secret
                equal(self.sign_by_sigscript(secret, *parts), sign(secret, *parts))

    def sign_by_sigscript(self, secret, sender, recipient, amount):
        if self.sigscript is None:
            return sign(secret, sender, recipient, amount)
        command = [self.sigscript, sender, recipient, str(amount), secret]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        assert done.stdout.endswith("\n") and done.stdout.count("\n") == 1, f"not one line: {done.stdout!r}"
        return done.stdout[:-1]

    # Signatures as tools write them

    def wrapped_signatures_are_accepted(self):
        payment = self.wallets[self.python].payment("Zoë", "5")
        signature = payment["signature"]
        lines = [signature[start:start + 64] for start in range(0, len(signature), 64)]
        for what, text in [
            ("in lines of 64", "\n".join(lines) + "\n"),
            ("in lines with CRLF", "\r\n".join(lines)),
            ("with spaces", f" {' '.join(lines)} "),
            ("in quotes", f'"{signature}"'),
            ("with text after its padding", signature + "A"),
        ]:
            with self.checks.that(f"both accept a signature {what}: 201"):
                for node in self.both:
                    equal(node.post("/transactions/new", {**payment, "signature": text}).status_code, 201)
        for node in self.both:
            equal(len(node.get("/mine").json()["transactions"]), 6)

    # Refusals

    def refusals_agree(self):
        good = self.wallets[self.python].payment("Zoë", "5")
        foreign = Wallet().payment("Zoë", "5")["signature"]
        for what, change in [
            ("another amount", {"amount": "6"}),
            ("the amount as a number", {"amount": 5.0}),
            ("another recipient", {"recipient": "Zoé"}),
            ("another key's signature", {"signature": foreign}),
            ("a truncated signature", {"signature": good["signature"][:-8]}),
            ("another sender", {"sender": self.wallets[self.rust].address}),
        ]:
            with self.checks.that(f"both refuse {what}: 401"):
                for node in self.both:
                    answer = node.post("/transactions/new", {**good, **change})
                    equal((answer.status_code, answer.text), (401, "Signature verification failure"))
        for missing in good:
            with self.checks.that(f"both refuse a payment without its {missing}: 400"):
                for node in self.both:
                    answer = node.post("/transactions/new", {name: good[name] for name in good if name != missing})
                    equal((answer.status_code, answer.text), (400, "Missing values"))
        with self.checks.that("refused payments are not in the pool"):
            for node in self.both:
                equal(node.get("/transactions").json(), {"length": 0, "transactions": []})

    # Chains

    def longer_chains_are_adopted(self):
        with self.checks.that("chains of equal length do not replace each other"):
            equal(len(self.rust.chain()), len(self.python.chain()))
            for node in self.both:
                before = node.get("/chain").text
                equal(node.get("/nodes/resolve").json()["message"], "Our chain is authoritative")
                equal(node.get("/chain").text, before)
        for longer in (self.python, self.rust):
            with self.checks.that(f"{self.other(longer).name} adopts the longer chain of {longer.name}"):
                for _ in range(2):
                    equal(longer.get("/mine").status_code, 200)
                self.adopt(longer)
            with self.checks.that(f"{self.other(longer).name} skips a dead neighbour and asks {longer.name}"):
                equal(self.other(longer).post("/nodes/register", {"nodes": [DEAD]}).status_code, 201)
                equal(longer.get("/mine").status_code, 200)
                self.adopt(longer)

    def adopt(self, longer):
        """Resolves on the other node, which then serves the same chain, digit for digit."""
        shorter = self.other(longer)
        chain = exact(longer.get("/chain").text)
        answer = shorter.get("/nodes/resolve")
        equal(answer.status_code, 200)
        equal(classic(exact(answer.text)), {"message": "Our chain was replaced", "new_chain": chain["chain"]})
        if "neighbours" in answer.json():
            told = {one["address"]: one["outcome"] for one in answer.json()["neighbours"]}
            equal(told.pop(longer.host), "adopted")
            equal(set(told.values()) <= {"no answer"}, True)
        equal(exact(shorter.get("/chain").text), chain)

    def payments_cross_the_network(self):
        for round_trip in (1, 2):
            for node in self.both:
                payments = []
                with self.checks.that(f"round {round_trip}: {node.name} accepts payments signed by sigscript and Python"):
                    payments = self.pay(node, round_trip)
                with self.checks.that(f"round {round_trip}: {node.name} mines them in order, the reward last"):
                    reward = {"sender": "0", "recipient": self.wallets[node].address, "amount": 1}
                    mined = exact(node.get("/mine").text)["transactions"]
                    equal(mined, as_exact([*payments, reward]))
                    self.paid += mined
                with self.checks.that(f"round {round_trip}: {self.other(node).name} adopts that chain"):
                    self.adopt(node)
        with self.checks.that("no payment was lost or changed"):
            for node in self.both:
                blocks = exact(node.get("/chain").text)["chain"][-4:]
                equal([payment for block in blocks for payment in block["transactions"]], self.paid)

    def pay(self, node, round_trip):
        """Posts a payment for each recipient and signer. Amounts differ by round and node."""
        shift = 2 * round_trip + self.both.index(node)
        sent = []
        for signer, by in enumerate((self.sign_by_sigscript, sign)):
            for number, recipient in enumerate(RECIPIENTS):
                amount = AMOUNTS[(number + 4 * signer + shift) % len(AMOUNTS)]
                wallet = self.wallets[self.both[(signer + shift) % 2]]
                payment = {"sender": wallet.address, "recipient": recipient, "amount": amount}
                signature = by(wallet.secret, *payment.values())
                answer = node.post("/transactions/new", {**payment, "signature": signature}, ascii_only=number % 2 == 0)
                assert answer.status_code == 201, f"{recipient!r} {amount!r}: {answer.status_code} {answer.text}"
                sent.append(payment)
        equal(exact(node.get("/transactions").text), {"length": ("int", str(len(sent))), "transactions": as_exact(sent)})
        return sent

    def rust_chain_is_valid_in_python(self):
        chain = self.rust.chain()
        pairs = list(zip(chain, chain[1:]))
        with self.checks.that(f"Python hashes the {len(chain)} blocks of {self.rust.name} to the same values"):
            equal([block["previous_hash"] for _, block in pairs], [block_hash(last) for last, _ in pairs])
        with self.checks.that("every proof is the smallest solution"):
            assert is_valid(chain, DIFFICULTY)
            equal([block["proof"] for _, block in pairs], [smallest_proof(last, DIFFICULTY) for last, _ in pairs])


def as_exact(value):
    return exact(json.dumps(value))


def main():
    arguments = options(__doc__.splitlines()[0])
    checks = Checks()
    nodes = running(rust=arguments.command, python=PEER)
    with checks.that("the nodes start, and the run completes"), nodes as (rust, python):
        MixedNetwork(rust, python, arguments.sigscript, checks).run()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
