"""Measures a large chain on our node and on the Python node of the mixed network."""
import os
import shutil
import subprocess
import sys
import time

from processes import NODE, PEER, TARGET, python, rust, say

DIFFICULTY = "1"

VALIDATE = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from peer import is_valid
chain = json.load(open(sys.argv[2]))["chain"]
began = time.monotonic()
assert is_valid(chain, int(sys.argv[3]))
print(time.monotonic() - began)
"""


def make_chain(blocks, work):
    """Writes a file with the /chain answer of a chain of this many blocks."""
    say(f"making a chain of {blocks} blocks")
    json = work / "chain.json"
    with open(json, "w") as out:
        subprocess.run([TARGET / "release/examples/make_chain", str(blocks)], check=True, stdout=out)
    return json


def timed(command, *arguments):
    began = time.monotonic()
    subprocess.run([NODE, command, "--difficulty", DIFFICULTY, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def forget(file):
    """Drops a file from the page cache."""
    with open(file, "rb") as opened:
        os.fsync(opened)
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def validate(json, source, figures):
    """Validates the whole chain: Python from memory, already parsed; Rust from a file, first from disk, then cached."""
    forget(source / "ledger.db")
    figures.add("validate the whole chain, read from the disk, s", "Rust", timed("verify", "--data-dir", source))
    name = "validate the whole chain, in the page cache, s"
    run = [sys.executable, "-c", VALIDATE, PEER.parent, json, DIFFICULTY]
    figures.add(name, "Python", float(subprocess.run(run, check=True, capture_output=True, text=True).stdout))
    timed("verify", "--data-dir", source)  # not counted: reloads what Python evicted from the cache
    figures.add(name, "Rust", timed("verify", "--data-dir", source))


def fetch(node, source, who, figures, megabytes):
    node.ask("/nodes/register", f'{{"nodes": ["http://127.0.0.1:{source.port}"]}}')
    seconds, got = node.ask("/nodes/resolve")
    if got < megabytes * 0.9e6:  # Python omits the spaces
        raise SystemExit(f"{who} did not adopt the chain")
    figures.add("resolve from a peer, s", who, seconds)
    seconds, got = node.ask("/chain")
    figures.add("GET /chain, GB/s", who, got / seconds / 1e9)
    figures.add("peak memory, MiB", who, node.peak())


def mine(node, name, figures):
    for _ in range(20):
        figures.add(name, "Rust", node.ask("/mine")[0] * 1000)


def measure_round(source, work, figures, megabytes):
    with python(DIFFICULTY) as node:
        fetch(node, source, "Python", figures, megabytes)
    fresh = work / "fresh"
    with rust(fresh, DIFFICULTY) as node:
        mine(node, "/mine on an empty chain, ms", figures)
    shutil.rmtree(fresh)
    with rust(fresh, DIFFICULTY) as node:
        fetch(node, source, "Rust", figures, megabytes)
        mine(node, "/mine on the large chain, ms", figures)
    with rust(fresh, DIFFICULTY) as node:
        node.ask("/blocks/latest")
        figures.add("start to first answer, s", "Rust", time.monotonic() - node.began)
    shutil.rmtree(fresh)


def measure(figures, work, blocks, rounds):
    """Adds the figures of a chain of this many blocks. Returns its megabytes."""
    json, source = make_chain(blocks, work), work / "source"
    megabytes = json.stat().st_size / 1e6
    figures.add("node import, s", "Rust", timed("import", "--data-dir", source, json))
    figures.add("validate the whole chain, right after the import, s", "Rust", timed("verify", "--data-dir", source))
    for number in range(rounds):
        say(f"chain, round {number + 1} of {rounds}")
        validate(json, source, figures)
        with rust(source, DIFFICULTY) as serving:
            serving.settle()
            measure_round(serving, work, figures, megabytes)
    json.unlink()
    return megabytes
