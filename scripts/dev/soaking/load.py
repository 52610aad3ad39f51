"""Payments to random nodes, and blocks mined at random nodes."""
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))

from background import Background  # noqa: E402
from cryptography.hazmat.primitives import serialization  # noqa: E402
from signing import Sender, new_key  # noqa: E402


class Sent:
    """The outcome of each payment, by recipient. No two payments have the same one."""

    def __init__(self):
        self.lock = threading.Lock()
        self.count = 0
        self.accepted, self.unsure, self.refused = set(), set(), {}

    def next(self):
        with self.lock:
            self.count += 1
            return f"soak {self.count}"


class Payer(Background):
    """Pays at random nodes, at its share of the rate, or more slowly if they answer slowly."""

    def __init__(self, fleet, sent, rate):
        super().__init__(fleet)
        self.sent, self.period, self.pause = sent, 1 / rate, 0
        self.sender = Sender(serialization.load_pem_private_key(new_key(), None))

    def begin(self):
        self.due = time.monotonic()

    def step(self):
        self.pay(self.target.any_up())
        self.due = max(self.due + self.period, time.monotonic() - 1)
        self.stopping.wait(max(self.due - time.monotonic(), 0))

    def pay(self, member):
        recipient = self.sent.next()
        try:
            status, _ = member.ask("/transactions/new", self.sender.pay(recipient, 1))
        except OSError:
            # Killed before or after it accepted the payment.
            self.sent.unsure.add(recipient)
            return
        if status == 201:
            self.sent.accepted.add(recipient)
        else:
            self.sent.refused[status] = self.sent.refused.get(status, 0) + 1


class Miner(Background):
    """Mines at random nodes. Several miners cause forks."""

    def __init__(self, fleet, period):
        super().__init__(fleet)
        self.pause, self.period = 0, period

    def step(self):
        self.stopping.wait(self.target.draw.expovariate(1 / self.period))
        if not self.stopping.is_set():
            self.target.any_up().ask("/mine", timeout=120)
