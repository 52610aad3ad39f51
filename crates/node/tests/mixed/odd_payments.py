"""Payments that a Python node accepts from users and a Rust node refuses: both still agree on the chain."""
import base64
import json

from Crypto.PublicKey import RSA
from Crypto.Signature import pkcs1_15
from Crypto.Util.number import getPrime

from checks import equal
from peer import block_hash, message, sign

DEPTH = 500  # Python 3.11 follows about twice as many levels
DEEP = "[" * DEPTH + "]" * DEPTH

# JSON as posted: odd amounts beside a usual recipient, and odd recipients beside a usual amount.
ODD = ["null", "true", "false", "NaN", "Infinity", "-Infinity", "1e22", "-1.7e308", "1e400", "18446744073709551616",
       "-9223372036854775809", "[]", '["five", -0, 5.0]', '{"b": 1, "a": {"d": [null], "c": NaN}, "b": 2}', '["\\ud800"]',
       '{"\\ud83c": 1, "\\uffff": 2, "\\ud83c\\udf89": 3}', DEEP]
AMOUNTS = ODD + ["1e19", "-5", "0", "-0", '"five"', '""']
RECIPIENTS = ODD + ["5", "5.0"]


def key(bits, exponent):
    """Makes a key of any size and exponent."""
    while True:
        one, other = getPrime(bits // 2), getPrime(bits // 2)
        try:
            return RSA.construct((one * other, exponent, pow(exponent, -1, (one - 1) * (other - 1)), one, other))
        except ValueError:  # the exponent has no inverse for these primes
            continue


def text(form):
    return base64.b64encode(form).decode()


def odd_senders(usual):
    """Senders whose signatures Python verifies, each with its key; a Rust node refuses them."""
    public = usual.public_key()
    address = text(public.export_key())
    return {
        "key of 512 bits": (small := key(512, 65537), text(small.public_key().export_key())),
        "exponent past 2^33": (wide := key(1024, 2**34 + 1), text(wide.public_key().export_key())),
        "key in DER": (usual, text(public.export_key("DER"))),
        "key in OpenSSH's form": (usual, text(public.export_key("OpenSSH"))),
        "address with a space": (usual, address[:100] + " " + address[100:]),
        "address with a line end": (usual, address + "\n"),
        "private key": (usual, text(usual.export_key())),
    }


class OddPayments:
    def __init__(self, rust, python, wallet, checks):
        self.rust, self.python, self.wallet, self.checks = rust, python, wallet, checks

    def run(self):
        self.ties()
        self.only_python_accepts_them()
        self.senders()
        with self.checks.that("the Rust node adopts the chain with them, and serves it as Python writes it"):
            equal(self.python.get("/mine").status_code, 200)
            self.adopt(self.rust)
        with self.checks.that("a usual payment is mined on top, and the Python node adopts that"):
            self.post(self.rust, {"amount": 5, "recipient": "bob"}, 201)
            equal(self.rust.get("/mine").status_code, 200)
            self.adopt(self.python)
        with self.checks.that("the sender's list of payments holds them"):
            length = len(AMOUNTS) + len(RECIPIENTS)
            shown = json.loads(self.rust.get(f"/addresses/{self.wallet.address}?limit=1000").text)
            assert shown["length"] >= length, shown["length"]
            equal(json.loads(self.rust.get("/addresses/null").text)["length"], 0)

    def ties(self):
        for amount in (1069398618122682.25, 1500039736.23828125):
            with self.checks.that(f"both accept {amount:.8f}, whose shortest text is a tie"):
                for node in (self.rust, self.python):
                    self.post(node, {"amount": amount, "recipient": "bob"}, 201)

    def only_python_accepts_them(self):
        for member, values in (("amount", AMOUNTS), ("recipient", RECIPIENTS)):
            for text in values:
                with self.checks.that(f"the Python node accepts the {member} {text[:60]}, the Rust node refuses it"):
                    payment = {"amount": 5, "recipient": "bob", member: json.loads(text)}
                    self.post(self.python, payment, 201)
                    self.post(self.rust, payment, 400)
        with self.checks.that("both refuse a recipient that cannot be encoded: nobody can sign for it"):
            payment = {"sender": self.wallet.address, "recipient": "\ud800", "amount": 5, "signature": "AAAA"}
            equal(self.python.post("/transactions/new", payment).status_code, 401)
            equal(self.rust.post("/transactions/new", payment).status_code, 400)

    def senders(self):
        usual = RSA.import_key(base64.b64decode(self.wallet.secret))
        for what, (signer, sender) in odd_senders(usual).items():
            with self.checks.that(f"the Python node accepts the sender, the Rust node refuses it: {what}"):
                payment = {"sender": sender, "recipient": "bob", "amount": 5}
                signature = text(pkcs1_15.new(signer).sign(message(**payment)))
                for node, status in ((self.python, 201), (self.rust, 400)):
                    equal(node.post("/transactions/new", {**payment, "signature": signature}).status_code, status)

    def post(self, node, payment, status):
        payment = {"sender": self.wallet.address, **payment}
        signature = sign(self.wallet.secret, payment["sender"], payment["recipient"], payment["amount"])
        answer = node.post("/transactions/new", {**payment, "signature": signature})
        equal((answer.status_code, answer.text if answer.status_code != status else ""), (status, ""))

    def adopt(self, node):
        """Resolves. Then both nodes serve the same chain, the Rust node in its canonical text."""
        equal(json.loads(node.get("/nodes/resolve").text)["message"], "Our chain was replaced")
        chain = json.loads(self.python.get("/chain").text)["chain"]
        texts = ", ".join(json.dumps(block, sort_keys=True) for block in chain)
        equal(self.rust.get("/chain").text, f'{{"chain": [{texts}], "length": {len(chain)}}}\n')
        for last, block in zip(chain, chain[1:]):
            equal(block["previous_hash"], block_hash(last))
