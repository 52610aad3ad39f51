"""Which payments the chain holds, and how often."""
import collections
import json

from background import Background

# No reorg may be deeper: `rewritten` counts those that were.
DEPTH = 20


class Accounts(Background):
    """Reads each block of one node once, when it is DEPTH blocks below the tip."""

    pause = 1

    def begin(self):
        self.paid = collections.Counter()
        self.height = self.bytes = self.rewritten = 0
        self.hash = None

    def step(self):
        self.read_to(self.target.status()["height"] - DEPTH)

    def read_to(self, height):
        while self.height < height:
            text, hash = self.target.block(self.height + 1)
            block = json.loads(text)
            self.rewritten += self.hash is not None and block["previous_hash"] != self.hash
            self.paid.update(payment["recipient"] for payment in block["transactions"] if payment["sender"] != "0")
            self.height, self.bytes, self.hash = self.height + 1, self.bytes + len(text), hash
