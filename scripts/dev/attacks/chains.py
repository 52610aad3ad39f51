"""Chains of a hostile neighbour: valid at the target's difficulty, with any payments."""
import hashlib
import json

from target import DIFFICULTY


def genesis(seed=0.5):
    return {"index": 1, "previous_hash": 1, "proof": 1, "timestamp": 1506057125.0 + seed, "transactions": []}


def text(block):
    return json.dumps(block, sort_keys=True)


def digest(written):
    return hashlib.sha256(written.encode()).hexdigest()


def proof_after(proof, last_hash):
    candidate = 0
    while not digest(f"{proof}{candidate}{last_hash}").startswith("0" * DIFFICULTY):
        candidate += 1
    return candidate


def blocks(transactions, first=None):
    """Yields the texts of an endless valid chain. `transactions(N)` fills block N."""
    block = first or genesis()
    while True:
        written = text(block)
        yield written
        last_hash = digest(written)
        index = block["index"] + 1
        block = {"index": index, "previous_hash": last_hash, "proof": proof_after(block["proof"], last_hash),
                 "timestamp": 1506057200.5 + index, "transactions": transactions(index)}


def reward(_index):
    return [{"amount": 1, "recipient": "a neighbour", "sender": "0"}]
