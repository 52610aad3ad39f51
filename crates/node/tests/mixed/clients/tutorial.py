"""The bash clients against a node: output, exit status, and requests.

    clients/tutorial.py --node target/debug/node --sigscript target/debug/sigscript
    clients/tutorial.py --reference    against a Python node

Prints a line for each check, then `N passed, 0 failed`.
"""
import hashlib
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks import Checks, equal  # noqa: E402
from harness import options, running  # noqa: E402
from on_a_terminal import OnATerminal  # noqa: E402
from owner import OwnerClients  # noqa: E402
from peer import Wallet, sign  # noqa: E402
from places import Places  # noqa: E402
from shells import SCRIPTS, client, shell  # noqa: E402
from strangers import Strangers  # noqa: E402

DEAD = "http://127.0.0.1:1"
LOCALES = ["C", "C.UTF-8"]
NASTY = ['say "hi"', "back\\slash\\", "Zoë", "日本 🎉", "a\u2028b", "$HOME `id` $(id) &*", "-n", "\\u0041", " edges "]
NASTY_LINES = ["tab\tline\nbell\x07", "".join(map(chr, range(1, 128)))]
TOOLS = ["awk", "bash", "cat", "curl", "env", "grep", "head", "mktemp", "rm", "sed", "tr"]


class Clients:
    def __init__(self, node, sigscript, checks):
        self.node, self.sigscript, self.checks = node, sigscript, checks

    def run(self):
        self.rc()
        self.answers()
        self.proof_of_work()
        self.usage_errors()
        self.payments()
        self.without_jq()
        self.sigscript_wrapper()
        self.unregister()
        OwnerClients(client, shutil.which("curl"), self.checks).run()
        Places(self.node, self.checks).run()
        Strangers(self.node, self.checks).run()
        OnATerminal(self.node, self.checks).run()

    def client(self, *words, node=None, **rest):
        return client(*words, node=node or self.node.url, **rest)

    def rc(self):
        for typed, means in [
            ("", "http://localhost:5000"),
            ("\n", "http://localhost:5000"),
            (" example.org:81/ \n", "http://example.org:81"),
            ("http://[::1]:5000//", "http://[::1]:5000"),
            ("5001\n", "http://localhost:5001"),
            ("HTTP://localhost:5001\r\n", "http://localhost:5001"),
        ]:
            with self.checks.that(f"rc reads {typed!r} as {means}"):
                done = shell('. "$SCRIPTS/rc"; echo "$? $LEDGER_NODE"', typed=typed, SCRIPTS=str(SCRIPTS))
                equal(done.stdout, f"0 {means}\n")
                assert "Please enter your Blockchain address:" in done.stderr and "Initiated client" in done.stderr
        for wrong in ["two words", "http://host:70000", "http://host:5000/mine", "ftp://host", "host:port", "a'b",
                      "https://host:5000", "0", ":70000", "http://", "--help"]:
            with self.checks.that(f"rc refuses {wrong!r} and leaves the shell unchanged"):
                done = shell('. "$1/rc" "$2"; echo "$? ${LEDGER_NODE-unset}"', str(SCRIPTS), wrong)
                equal(done.stdout, "1 unset\n")
                equal(done.stderr.count("\n"), 1)
        with self.checks.that("rc changes only address, PATH and prompt, each once"), \
                tempfile.TemporaryDirectory() as folder:
            done = shell("""PS1='$ '; state() { compgen -v | grep -v ^BASH_; declare -F; shopt -p; set -o; trap; alias; }
                state >"$2/before"; . "$1/rc" host 2>"$2/said"; . "$1/rc" host:1 2>"$2/said"; state >"$2/after"
                diff "$2/before" "$2/after"; echo "$PS1"; tr : '\\n' <<<"$PATH" | grep -cFx "$1" """, str(SCRIPTS), folder)
            equal(done.stdout.splitlines()[1:], ["> LEDGER_NODE", "node: [http://host:1]: $ ", "1"])

    def answers(self):
        for words, heading, members in [
            (["mine"], "Mined a new block", {"index", "message", "previous_hash", "proof", "transactions"}),
            (["chain"], "Current chain", {"chain", "length"}),
            (["transactions"], "Current transaction pool", {"length", "transactions"}),
            (["nodes"], "Neighbour nodes", {"length", "nodes"}),
            (["resolve"], "Resolved conflicts", {"chain", "message"}),
            (["secret"], "Look at the console of the node", {"message"}),
            (["register", "localhost:1", DEAD], "Registered neighbours", {"message", "total_nodes"}),
        ]:
            with self.checks.that(f"{words[0]} shows the box, a heading and the JSON"):
                done = self.client(*words)
                equal(done.returncode, 0)
                assert self.node.url in done.stderr and "Action" in done.stderr and heading in done.stderr, done.stderr
                equal(set(json.loads(done.stdout)) - {"neighbours"}, members)  # a Python node has no such member
        with self.checks.that("register prompts, and accepts several addresses"):
            equal(self.client("register", "localhost:1, localhost:2,").returncode, 0)
            done = self.client("register", typed="localhost:2, LocalHost:3\n")
            equal(set(json.loads(done.stdout)["total_nodes"]), {"127.0.0.1:1", "localhost:1", "localhost:2", "localhost:3"})

    def proof_of_work(self):
        with self.checks.that("mine shows the guess, its hash and the block's hash"):
            said = self.client("mine").stderr
            block = self.node.get("/blocks/latest")
            if block.status_code == 404:  # a Python node has no such route
                assert "SHA-256" not in said, said
                return
            work = r"\nHash: ([0-9a-f]{64})\nWork: ([0-9a-f]{64}) is the SHA-256 of ([0-9a-f]+)\nTries: \d+, in "
            block_hash, guess_hash, guess = re.search(work, said).groups()
            assert guess.endswith(f"{block.json()['proof']}{block.json()['previous_hash']}"), guess
            hashed = [hashlib.sha256(text).hexdigest() for text in (block.content, guess.encode())]
            equal([block_hash, guess_hash], hashed)

    def usage_errors(self):
        names = ["mine", "chain", "transactions", "secret", "sendTransaction", "register", "unregister", "resolve", "nodes"]
        for name in names:
            with self.checks.that(f"{name} explains usage, a missing address and a stopped node"):
                arguments = {"register": ["localhost:1"], "unregister": ["localhost:1"], "sendTransaction": ["a", "b", "1", "c"]}.get(name, [])
                done = self.client(name, "--help")
                equal((done.returncode, done.stderr), (0, ""))
                assert done.stdout.startswith(f"Usage: {name}") and done.stdout.count("\n") <= 4, done.stdout
                done = self.client(name, "--wrong")
                equal((done.returncode, done.stdout), (2, ""))
                assert "Usage" in done.stderr, done.stderr
                done = shell('"$@"', str(SCRIPTS / name), *arguments)
                equal((done.returncode, done.stderr.count("\n")), (2, 1))
                assert "LEDGER_NODE" in done.stderr, done.stderr
                done = self.client(name, *arguments, node=DEAD)
                equal((done.returncode, done.stdout), (1, ""))
                assert f"no answer from {DEAD}" in done.stderr.splitlines()[-1], done.stderr

    def payments(self):
        wallet = Wallet()
        sent = 0
        for locale in LOCALES:
            for recipient in NASTY + NASTY_LINES:
                typed = locale == "C" and recipient in NASTY
                how = "typed" if typed else "as arguments"
                with self.checks.that(f"sendTransaction to {recipient!r}, {how}, under {locale}"):
                    parts = [wallet.address, recipient, f"{sent + 1}.50"]
                    parts.append(sign(wallet.secret, *parts))
                    if typed:
                        done = self.client("sendTransaction", typed="\n".join(parts) + "\n", LC_ALL=locale)
                    else:
                        done = self.client("sendTransaction", *parts, LC_ALL=locale)
                    assert done.returncode == 0, done.stderr
                    pool = self.node.get("/transactions").json()["transactions"]
                    sent += 1
                    equal((len(pool), pool[-1]), (sent, dict(zip(("sender", "recipient", "amount"), parts))))
        with self.checks.that("sendTransaction reports a wrong signature and fails"):
            done = self.client("sendTransaction", wallet.address, "bob", "1", "AAAA")
            equal((done.returncode, done.stdout), (1, ""))
            assert "401: Signature verification failure" in done.stderr, done.stderr
        with self.checks.that("sendTransaction sends nothing if its input ends early"):
            done = self.client("sendTransaction", typed=f"{wallet.address}\nb\n")
            equal(done.returncode, 2)
            assert "no amount given" in done.stderr, done.stderr

    def without_jq(self):
        with self.checks.that("without jq the answer is printed unchanged"), tempfile.TemporaryDirectory() as folder:
            for tool in TOOLS:
                Path(folder, tool).symlink_to(shutil.which(tool))
            done = self.client("chain", PATH=folder)
            equal((done.returncode, json.loads(done.stdout)), (0, self.node.get("/chain").json()))

    def unregister(self):
        if self.sigscript is None:
            return  # a Python node cannot remove a neighbour
        known = ["127.0.0.1:1", "localhost:1", "localhost:2", "localhost:3"]
        with self.checks.that("unregister removes neighbours, and prompts for them"):
            done = self.client("unregister", DEAD, "LOCALHOST:2")
            equal(done.returncode, 0)
            assert f"Removed {DEAD}" in done.stderr and "Removed http://localhost:2" in done.stderr, done.stderr
            equal(self.node.get("/nodes").json()["nodes"], known[1::2])
            done = self.client("unregister", typed="localhost:3\n")
            equal(json.loads(done.stdout)["total_nodes"], known[1:2])
        with self.checks.that("unregister reports an unknown neighbour and fails"):
            done = self.client("unregister", "localhost:3")
            equal((done.returncode, done.stdout), (1, ""))
            assert "404: localhost:3 is not a neighbour" in done.stderr, done.stderr

    def sigscript_wrapper(self):
        if self.sigscript is None:
            return
        with self.checks.that("rc makes sigscript available"), tempfile.TemporaryDirectory() as folder:
            Path(folder, "debug").mkdir()
            Path(folder, "debug", "sigscript").symlink_to(self.sigscript)
            wallet = Wallet()
            parts = wallet.address, NASTY[0], "12.50"
            done = self.client("sigscript", *parts, wallet.secret, CARGO_TARGET_DIR=folder)
            equal(done.stdout, sign(wallet.secret, *parts) + "\n")


def main():
    arguments = options(__doc__.splitlines()[0])
    checks = Checks()
    with checks.that("the node starts, and the run completes"), running(node=arguments.command) as (node,):
        Clients(node, arguments.sigscript, checks).run()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
