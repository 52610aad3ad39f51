"""Fresh nodes that fetch a large chain: over HTTP from a neighbour, or over p2p from peers."""
import json
import os
import re
import shutil
import signal
import threading
import time
import urllib.request

from chain import DIFFICULTY
from processes import rust

HURRY = 0.01
PATIENCE = 300


def answer(node, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{node.port}{path}", timeout=60) as body:
        return body.read()


def status(node):
    return json.loads(answer(node, "/status"))


def received(node):
    """Bytes that a node has received over p2p."""
    total = re.search(rb'^ledger_p2p_traffic_bytes_total\{direction="received"\} (\d+)', answer(node, "/metrics"), re.MULTILINE)
    return int(total[1])


def wait_until(node, what, is_so):
    """Asks a node for its status until `is_so` accepts it. Returns that status."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = status(node)
        if is_so(found):
            return found
        time.sleep(HURRY)
    raise SystemExit(f"not in {PATIENCE} s: {what}; the node says {found}")


def reaches(node, height):
    return wait_until(node, f"height {height}", lambda found: found["height"] == height)


def serving(directory, program):
    """A node that other nodes can fetch from, over HTTP and p2p."""
    return rust(directory, DIFFICULTY, "--p2p-port", "0", program=program)


def joining(directory, servers, program):
    """A node with these peers."""
    addresses = [status(server)["p2p"]["listen"][0] for server in servers]
    peers = [part for address in addresses for part in ("--peer", address)]
    return rust(directory, DIFFICULTY, "--p2p-port", "0", *peers, program=program)


def copy(source, to):
    """A copy of a stopped node's ledger, without its wallet and its p2p key."""
    to.mkdir()
    shutil.copyfile(source / "ledger.db", to / "ledger.db")
    return to


def kill(node):
    node.process.kill()
    node.process.wait()


def written_by_the_end(node):
    """Stops a node. Returns the bytes that it wrote from its start to its end."""
    node.process.send_signal(signal.SIGTERM)
    os.waitid(os.P_PID, node.process.pid, os.WEXITED | os.WNOWAIT)
    return node.written()


class LatencyProbe:
    """Requests one block of a node again and again, and records the longest time until an answer."""

    def __init__(self, node):
        self.node, self.worst, self.ends = node, 0.0, threading.Event()
        self.thread = threading.Thread(target=self.ask)

    def ask(self):
        while not self.ends.wait(0.02):
            self.worst = max(self.worst, self.node.ask("/chain?limit=1")[0])

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()
