"""Honest traffic: a client that pays, one that reads, and the owner, who mines and resolves."""
import collections
import json
import pathlib
import sys
import time

from background import Background

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))

from cryptography.hazmat.primitives import serialization  # noqa: E402
from signing import Sender, new_key  # noqa: E402


class Payer(Background):
    """Sends five payments a second. Records the slowest, and which were acknowledged."""

    pause = 0.2

    def begin(self):
        self.sender = Sender(serialization.load_pem_private_key(new_key(), None))
        self.acknowledged, self.refused, self.slowest, self.number = [], {}, 0.0, 0

    def step(self):
        self.number += 1
        recipient = f"honest {self.number}"
        payment = self.sender.pay(recipient, self.number)
        began, status = time.monotonic(), "no answer"
        try:
            status, _ = self.target.ask("/transactions/new", payment)
        except OSError:
            pass
        self.slowest = max(self.slowest, time.monotonic() - began)
        if status == 201:
            self.acknowledged.append(recipient)
        else:
            self.refused[status] = self.refused.get(status, 0) + 1

    def line(self):
        return f"{len(self.acknowledged)} payments, slowest {self.slowest:.2f} s"


class Prober(Background):
    """Reads one block of the chain twice a second."""

    pause = 0.5

    def begin(self):
        self.slowest, self.failed = 0.0, {}

    def step(self):
        began, status = time.monotonic(), "no answer"
        try:
            status, _ = self.target.ask("/chain?limit=1")
        except OSError:
            pass
        self.slowest = max(self.slowest, time.monotonic() - began)
        if status != 200:
            self.failed[status] = self.failed.get(status, 0) + 1


class Owner(Background):
    """Repeats one owner request, with a pause after each answer."""

    path, patience = None, 120

    def begin(self):
        self.done = 0

    def step(self):
        status, _ = self.target.ask(self.path, timeout=self.patience)
        self.done += status == 200


class Miner(Owner):
    path, pause = "/mine", 3


class Resolver(Owner):
    path, pause = "/nodes/resolve", 2


def prepare(target):
    """Mines a block of 14 MB, so that the attacks have something large to read."""
    sender = Sender(serialization.load_pem_private_key(new_key(), None))
    for number in range(1, 71):
        status, text = target.ask("/transactions/new", sender.pay("r" * 200_000 + str(number), number))
        if status != 201:
            raise SystemExit(f"the node refused a payment: {status} {text[:200]}")
    target.ask("/mine")


def found(target):
    """Counts payments by recipient: in chain and pool together, and in the pool alone."""
    _, chain = target.ask("/chain", timeout=600)
    _, pool = target.ask("/transactions", timeout=60)
    waiting = count(json.loads(pool)["transactions"])
    return count(payment for block in json.loads(chain)["chain"] for payment in block["transactions"]) + waiting, waiting


def count(payments):
    return collections.Counter(str(payment["recipient"]) for payment in payments)
