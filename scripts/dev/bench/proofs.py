"""Measures proofs a second: the tutorial's loop in Python, the library per engine, and a node over HTTP."""
import hashlib
import json
import shutil
import subprocess
import time

from processes import ROOT, TARGET, rust, say

BLOCKS, DIFFICULTY = 12, "7"


class Tutorial:
    """The tutorial's search (sections 3.4 and 8.2) at an unreachable difficulty, with a time limit."""

    @staticmethod
    def valid_proof(last_proof, proof, last_hash):
        guess = "".join([str(last_proof), str(proof), last_hash]).encode()
        guess_hash = hashlib.sha256(guess).hexdigest()
        return guess_hash[:16] == "0000000000000000"

    def proof_of_work(self, last_proof, last_hash, proof, until):
        while self.valid_proof(last_proof, proof, last_hash) is False:
            proof += 1
            if proof % 10_000 == 0 and time.monotonic() > until:
                return proof


def python_rate():
    """Python's rate on one core, in millions a second."""
    first, last_hash, began = 100_000_000, hashlib.sha256(b"a block").hexdigest(), time.monotonic()
    proof = Tutorial().proof_of_work(35293, last_hash, first, began + 2)
    return (proof - first) / (time.monotonic() - began) / 1e6


def library_rates():
    """Criterion's rates in millions a second, by bench name, fastest first."""
    folder = TARGET / "criterion" / "proof search"
    shutil.rmtree(folder, ignore_errors=True)
    command = ["cargo", "bench", "--quiet", "-p", "pow-engine", "--bench", "search", "--", "^proof search/"]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rates = {}
    for found in sorted(folder.glob("*/new")):
        name = json.loads((found / "benchmark.json").read_text())
        nanoseconds = json.loads((found / "estimates.json").read_text())["median"]["point_estimate"]
        rates[name["function_id"]] = name["throughput"]["Elements"] / nanoseconds * 1e3
    return dict(sorted(rates.items(), key=lambda rate: rate[1], reverse=True))


def node_rate(work):
    """The rate over consecutive blocks mined over HTTP: all tries by all time, in millions a second."""
    tries = seconds = 0
    with rust(work / "miner", DIFFICULTY) as node:
        for _ in range(BLOCKS):
            taken, body = node.ask("/mine", keep=True)
            tries, seconds = tries + json.loads(body)["proof"] + 1, seconds + taken
    return tries / seconds / 1e6


def measure(figures, work, rounds):
    for number in range(rounds):
        say(f"proofs, round {number + 1} of {rounds}")
        python = python_rate()
        for name, rate in library_rates().items():
            figures.add(f"proofs a second, {name}, millions", "Python", python)
            figures.add(f"proofs a second, {name}, millions", "Rust", rate)
        name = f"proofs a second over HTTP, {BLOCKS} times /mine at difficulty {DIFFICULTY}, millions"
        figures.add(name, "Rust", node_rate(work / str(number)))
