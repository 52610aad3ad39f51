"""Blocks and payments at random nodes, and whether they arrived."""
import collections
import json
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from computer import one_tip, until  # noqa: E402
from peer import Wallet  # noqa: E402


class Load:
    """Mines and pays at random nodes. Remembers which payments were accepted, and when each block was mined."""

    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.wallet = Wallet()
        self.accepted = []
        self.blocks = {}

    def pay(self, computer):
        recipient = f"payment {len(self.accepted)}"
        status = computer.pay(self.wallet.payment(recipient, "1"))
        assert status == 201, f"{computer.name} answered {status}"
        self.accepted.append(recipient)

    def mine(self, computer):
        """Returns the height of the new block."""
        answer = computer.mine()
        self.blocks[answer["index"]] = time.monotonic()
        return answer["index"]

    def spread(self, every, blocks, payments, pause):
        """Mines this many blocks and sends this many payments, evenly mixed. Waits `pause` seconds after each block."""
        for number in range(blocks):
            for _ in range(payments * (number + 1) // blocks - payments * number // blocks):
                self.pay(self.draw.choice(every))
            self.mine(self.draw.choice(every))
            time.sleep(pause)

    def agree(self, every, seconds):
        """Waits until all have one tip. At a tie each node keeps its own chain, so this mines one more block, which decides."""
        for _ in range(2):
            try:
                return until(lambda: one_tip(every), seconds, "one tip")
            except AssertionError:
                if len({one.status()["height"] for one in every}) > 1:
                    raise
                self.mine(every[0])
        return until(lambda: one_tip(every), seconds, "one tip")


def delays(every, heights):
    """For each height that all logs have reached: the seconds from the first log to the last."""
    found = []
    for height in heights:
        times = [computer.reached(height) for computer in every]
        if all(times):
            found.append(max(times) - min(times))
    return found


def quoted(seconds):
    ordered = sorted(seconds)
    last = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return (f"{len(ordered)} blocks: median {statistics.median(ordered) * 1000:.0f} ms, "
            f"99th percentile {last * 1000:.0f} ms, worst {ordered[-1] * 1000:.0f} ms")


def how_often(chain):
    """How often each recipient is paid in a chain."""
    return collections.Counter(json.dumps(payment["recipient"]).strip('"')
                               for block in chain for payment in block["transactions"] if payment["sender"] != "0")
