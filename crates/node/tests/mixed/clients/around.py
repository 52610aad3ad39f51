"""The clients beyond the tutorial's nine: odd places, strangers on the port, few tools, and secrets."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from checks import equal
from foreign import answering, http
from shells import SCRIPTS

CALLS = {"balance": ["bob"], "block": ["latest"], "send": ["bob", "1"], "chain": ["--last", "1"], "mine": ["2"]}
TOOLS = ["awk", "bash", "cat", "curl", "cut", "env", "head", "mktemp", "readlink", "rm", "sed", "sh", "tail", "tr"]
RECORDS_ARGUMENTS = """#!/usr/bin/env bash
printf '%s\\n' "$@" >>"$WORDS"
exec {program} "$@"
"""


class Around:
    def __init__(self, client, node, target, checks):
        """`client` runs a client as the node's owner: client(*words, node=URL, **environment)."""
        self.client, self.node, self.target, self.checks = client, node, target, checks

    def run(self):
        self.places()
        self.strangers()
        self.few_tools()
        self.secrets()

    def places(self):
        with self.checks.that("the new clients run from links and under sh"), \
                tempfile.TemporaryDirectory() as folder:
            for name in [*CALLS, "address", "demo"]:
                link = Path(folder, name)
                link.symlink_to(SCRIPTS / name)
                for words in [[str(link)], ["sh", str(link)]]:
                    done = subprocess.run([*words, "--help"], cwd=folder, capture_output=True, text=True, timeout=60)
                    equal((done.returncode, done.stderr), (0, ""))
                    assert done.stdout.startswith(f"Usage: {name}"), done.stdout

    def strangers(self):
        page = http("502 Bad Gateway", b"<html>nginx</html>", Server="nginx")
        for name, words in CALLS.items():
            with self.checks.that(f"{name} names a port where nothing or another program listens"):
                done = self.client(name, *words, node="http://127.0.0.1:1")
                equal((done.returncode, done.stdout), (1, ""))
                assert "nothing listens there yet; start a node with: cargo run -p node -- -p 1" in done.stderr, done.stderr
                for answer in [page, http("403 Forbidden"), http("200 OK", b"hello"), b"SSH-2.0-OpenSSH_9.2\r\n", b""]:
                    with answering(answer) as url:
                        done = self.client(name, *words, node=url)
                    equal((done.returncode, done.stdout), (1, ""))
                    assert "is this a ledger node?" in done.stderr, done.stderr
            with self.checks.that(f"{name} bypasses proxies for a node on this machine"):
                dead = dict.fromkeys(["http_proxy", "all_proxy", "ALL_PROXY"], "http://127.0.0.1:1")
                equal(self.client(name, *words, **dead).returncode, 0)

    def few_tools(self):
        with self.checks.that("the new clients need few tools"), tempfile.TemporaryDirectory() as folder:
            for tool in TOOLS:
                Path(folder, tool).symlink_to(shutil.which(tool))
            for name, words in [*CALLS.items(), ("address", [])]:
                done = self.client(name, *words, PATH=folder)
                equal((name, done.returncode), (name, 0))
                assert "not found" not in done.stderr, done.stderr

    def secrets(self):
        with self.checks.that("send and address pass the key's file to sigscript, never the key"), \
                tempfile.TemporaryDirectory() as folder:
            bin_folder, words = Path(folder, "debug"), Path(folder, "words")
            bin_folder.mkdir()
            for name, program in [("sigscript", self.target / "debug/sigscript"), ("curl", shutil.which("curl"))]:
                bin_folder.joinpath(name).write_text(RECORDS_ARGUMENTS.replace("{program}", str(program)))
                bin_folder.joinpath(name).chmod(0o755)
            secret = self.node.secret()
            for call in [["send", "bob", "1"], ["address"], ["balance"]]:
                done = self.client(*call, CARGO_TARGET_DIR=folder, PATH=f"{bin_folder}:{os.environ['PATH']}", WORDS=str(words))
                equal(done.returncode, 0)
                assert secret not in done.stdout + done.stderr
            seen = words.read_text()
            assert "wallet.pem\n" in seen and "/transactions/new\n" in seen, seen
            assert secret not in seen and "PRIVATE KEY" not in seen
