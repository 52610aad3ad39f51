"""A chain from Python whose timestamps are ties between two shortest texts: adopted from a file and from a peer.

    canonical/tie_chain.py --node target/debug/node
    canonical/tie_chain.py --node target/release/node --length 100000

Prints a line for each check, then `N passed, 0 failed`.
"""
import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks import Checks, equal  # noqa: E402
from harness import HERE, running  # noqa: E402
from peer import block_hash  # noqa: E402

DIFFICULTY = 1
USUAL = ["--host", "127.0.0.1", "--difficulty", str(DIFFICULTY)]


def is_tie(value):
    """Whether two shortest texts are equally close: after their digits there is exactly a five."""
    digits = repr(value).split(".")[1]
    return f"{value:.{len(digits) + 20}f}".split(".")[1][len(digits):] == "5".ljust(20, "0")


def timestamp(seconds, rng):
    """A timestamp that is nearly always a tie."""
    while True:
        moment = seconds + rng.randrange(2**20) / 2**20 if rng.random() < 0.5 else seconds + rng.randrange(1, 256) / 256
        if is_tie(moment) or rng.random() < 0.01:
            return moment


def proof(last, last_hash):
    candidate = 0
    while not hashlib.sha256(f"{last['proof']}{candidate}{last_hash}".encode()).hexdigest().startswith("0" * DIFFICULTY):
        candidate += 1
    return candidate


def make(length):
    """A chain of this many blocks, half of them with a payment beside the reward."""
    rng = Random(length)
    chain = [{"index": 1, "timestamp": timestamp(1.5e9, rng), "transactions": [], "proof": 1, "previous_hash": 1}]
    while len(chain) < length:
        last, last_hash = chain[-1], block_hash(chain[-1])
        payments = [{"sender": "alice", "recipient": "bob", "amount": timestamp(1.5e9, rng)}] if len(chain) % 2 else []
        chain.append({
            "index": len(chain) + 1,
            "timestamp": timestamp(1.5e9 + len(chain) * 60, rng),
            "transactions": [*payments, {"sender": "0", "recipient": "miner", "amount": 1}],
            "proof": proof(last, last_hash),
            "previous_hash": last_hash,
        })
    return chain


def check(binary, chain, file, checks):
    ties = sum(is_tie(block["timestamp"]) for block in chain)
    last = json.dumps(chain[-1], sort_keys=True)
    with checks.that(f"a file with {len(chain)} blocks of Python's, {ties} of them with a tie, is imported"):
        with tempfile.TemporaryDirectory() as folder:
            data = ["--difficulty", str(DIFFICULTY), "--data-dir", folder + "/data"]
            begin = time.monotonic()
            done = subprocess.run([binary, "import", file, *data], capture_output=True, text=True, timeout=600)
            assert done.returncode == 0, done.stderr[-2000:]
            print(f"        in {time.monotonic() - begin:.1f} s: {done.stdout.strip()}")
            done = subprocess.run([binary, "export", *data], capture_output=True, text=True, timeout=600, check=True)
            equal(json.loads(done.stdout)["chain"] == chain, True)
    peer = [sys.executable, str(HERE / "peer.py"), "--port", "0", "--difficulty", str(DIFFICULTY), "--chain", file]
    nodes = running(rust=[binary, "--port", "0", *USUAL, "--data-dir", "{data}"], python=peer)
    with checks.that("the same chain is adopted from a Python node"), nodes as (rust, python):
        equal(rust.post("/nodes/register", {"nodes": [python.host]}).status_code, 201)
        begin = time.monotonic()
        answer = rust.session.get(rust.url + "/nodes/resolve", timeout=600).json()
        print(f"        in {time.monotonic() - begin:.1f} s")
        equal(answer["message"], "Our chain was replaced")
        equal(answer["new_chain"] == chain, True)
        equal(rust.get("/blocks/latest").text.strip(), last)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node", required=True, help="binary of the Rust node")
    parser.add_argument("--length", type=int, default=400, help="blocks of the chain")
    arguments = parser.parse_args()
    checks = Checks()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        chain = make(arguments.length)
        json.dump({"chain": chain, "length": len(chain)}, file)
        file.flush()
        check(str(Path(arguments.node).resolve()), chain, file.name, checks)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
