"""Walks the tutorial with its nine clients and two nodes."""
import json
import os
import subprocess
import tempfile
from pathlib import Path

from checks import equal
from harness import ANSWER_SECONDS, BASE64, HERE

SCRIPTS = HERE.parents[3] / "scripts"


class Walk:
    def __init__(self, bash, sigscript, first, second):
        """`bash` is the shell command; `first` and `second` are tuples of node, URL and client environment."""
        self.bash, self.sigscript, self.first, self.second = bash, sigscript, first, second

    def client(self, node, *words, **environment):
        """Runs a client in a shell that sourced rc for the node."""
        _, url, own = node
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
        line = '. "$1/rc" "$2" 2>/dev/null; shift 2; "$@"'
        return subprocess.run([*self.bash, "-c", line, "bash", str(SCRIPTS), url, *words], text=True, timeout=120,
                              capture_output=True, stdin=subprocess.DEVNULL, env={**clean, **own, **environment})

    def shown(self, node, *words, **environment):
        """Runs a client and returns the JSON it prints."""
        done = self.client(node, *words, **environment)
        assert done.returncode == 0, f"{words[0]}: {done.stderr}"
        return json.loads(done.stdout)

    def run(self):
        mined = self.shown(self.first, "mine")
        equal(mined["index"], 2)
        address = mined["transactions"][0]["recipient"]
        equal(self.shown(self.first, "chain")["length"], 2)
        signature = self.sign(address, "bob", "5", self.secret())
        sent = self.shown(self.first, "sendTransaction", address, "bob", "5", signature)
        equal(sent, {"message": "Transaction will be added to Block 3"})
        equal(self.shown(self.first, "transactions")["length"], 1)
        equal([payment["recipient"] for payment in self.shown(self.first, "mine")["transactions"]], ["bob", address])
        equal(self.shown(self.second, "mine")["index"], 2)
        # Both nodes share a machine, so they reach each other over loopback, wherever the owner is.
        neighbour = "localhost:" + self.first[1].rpartition(":")[2]
        equal(self.shown(self.second, "register", neighbour)["total_nodes"], [neighbour])
        equal(self.shown(self.second, "nodes"), {"length": 1, "nodes": [neighbour]})
        equal(self.shown(self.second, "resolve")["message"], "Our chain was replaced")
        equal(self.shown(self.second, "chain"), self.shown(self.first, "chain"))
        equal(self.shown(self.second, "unregister", neighbour)["total_nodes"], [])

    def secret(self):
        """Runs the `secret` client and returns the secret from the node's console."""
        equal(self.shown(self.first, "secret"), {"message": "secret sent in console..."})
        node = self.first[0]

        def find():
            return next((line for line in node.printed["stdout"] if BASE64.fullmatch(line)), None)

        return node.wait_for(find, "the secret on its standard output", ANSWER_SECONDS)

    def sign(self, *parts):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "debug").mkdir()
            Path(folder, "debug", "sigscript").symlink_to(self.sigscript)
            done = self.client(self.first, "sigscript", *parts, CARGO_TARGET_DIR=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()
