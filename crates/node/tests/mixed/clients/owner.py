"""The bash clients and the owner's token: who gets it, and who does not."""
import json
import shutil
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from checks import equal

TOKEN = "0123456789abcdef-of-the-file"
GIVEN = "0123456789abcdef-given"
CLIENTS = {
    "mine": [], "secret": [], "resolve": [], "register": ["localhost:1"], "unregister": ["localhost:1"],
    "chain": [], "transactions": [], "nodes": [], "sendTransaction": ["a", "b", "1", "c"],
}
OWNERS = {"mine", "secret", "resolve", "register", "unregister"}
OF_RC = ("GET", "/nodes", None)

# What `mine` asks once the block is there: without the token, for that is for everybody.
OF_WORK = ("GET", "/mine/last", None)
WORDS_OF_CURL = """#!/usr/bin/env bash
printf '%s\\n' "$@" >>"$WORDS"
exec {curl} "$@"
"""


@contextmanager
def recorder():
    """A server that answers everything and keeps the method, the path and the token of each request."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append((self.command, self.path, self.headers.get("Authorization")))
            body = json.dumps({"message": "", "chain": [], "transactions": [], "nodes": []}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, seen
    finally:
        server.shutdown()
        server.server_close()


class OwnerClients:
    def __init__(self, client, curl, checks):
        """`client` runs a client against a node: client(*words, node=URL, **environment)."""
        self.client, self.curl, self.checks = client, curl, checks

    def run(self):
        with recorder() as (port, seen), tempfile.TemporaryDirectory() as folder:
            self.port, self.seen, self.folder = port, seen, Path(folder)
            self.here, self.elsewhere = f"http://127.0.0.1:{port}", f"http://127.1:{port}"
            self.folder.joinpath("owner-token").write_text(TOKEN + "\n")
            self.who_gets_it()
            self.what_is_no_token()
            self.nobody_sees_it()

    def sent(self, name, node, **environment):
        """What a client sends as `Authorization`, after rc has looked whether there is a node."""
        del self.seen[:]
        done = self.client(name, *CLIENTS[name], node=node, **environment)
        asked_later = [OF_WORK] if name == "mine" else []
        equal((done.returncode, self.seen[:1] + self.seen[2:]), (0, [OF_RC, *asked_later]))
        return self.seen[1][2]

    def who_gets_it(self):
        from_file, given = f"Bearer {TOKEN}", f"Bearer {GIVEN}"
        folder = str(self.folder)
        for name in CLIENTS:
            owner = name in OWNERS
            with self.checks.that(f"{name} sends the owner's token {'where it should' if owner else 'nowhere'}"):
                wanted = lambda token: token if owner else None
                equal(self.sent(name, self.here), None)
                equal(self.sent(name, self.here, LEDGER_DATA_DIR=folder), wanted(from_file))
                equal(self.sent(name, self.here, LEDGER_OWNER_TOKEN_FILE=f"{folder}/owner-token"), wanted(from_file))
                equal(self.sent(name, self.elsewhere, LEDGER_DATA_DIR=folder), None)
                equal(self.sent(name, self.elsewhere, LEDGER_OWNER_TOKEN=f"{GIVEN}\r\n"), wanted(given))
                equal(self.sent(name, self.here, LEDGER_OWNER_TOKEN=GIVEN, LEDGER_DATA_DIR=folder), wanted(given))
        with self.checks.that("without settings the file of the node on that port is taken"):
            scripts = self.folder / "checkout/scripts"
            scripts.parent.joinpath(f"data/node-{self.port}").mkdir(parents=True)
            scripts.parent.joinpath(f"data/node-{self.port}/owner-token").write_text(TOKEN)
            shutil.copytree(self.client.scripts, scripts)
            del self.seen[:]
            equal(self.client("mine", node=self.here, scripts=str(scripts)).returncode, 0)
            equal(self.seen, [OF_RC, ("GET", "/mine", from_file), OF_WORK])
        for node in ["http://localhost.example", "http://127.0.0.1.example", "http://127.example", "https://localhost",
                     "http://localhost.:1", "http://127.0.0.1x", "http://[::2]"]:
            with self.checks.that(f"{node} is not this machine"):
                equal(self.client("is_local", node=node, sourced=True).returncode, 1)
        for node in ["http://localhost", "http://localhost:5000", "http://127.1.2.3:1", "http://[::1]:5000",
                     "http://0.0.0.0:5000", "http://[::]:5000"]:
            with self.checks.that(f"{node} is this machine"):
                equal(self.client("is_local", node=node, sourced=True).returncode, 0)

    def what_is_no_token(self):
        with self.checks.that("LEDGER_OWNER_TOKEN that is no token is refused, and nothing is sent"):
            for wrong in ["short", "0123456789 abcdef", "0123456789abcdef\"\nurl = \"http://evil", "x" * 257]:
                del self.seen[:]
                done = self.client("mine", node=self.here, LEDGER_OWNER_TOKEN=wrong)
                equal((done.returncode, done.stdout, self.seen), (2, "", [OF_RC]))
                assert "LEDGER_OWNER_TOKEN is no token" in done.stderr and wrong not in done.stderr, done.stderr
        with self.checks.that("a file that is no token's is passed over"):
            other = self.folder / "other"
            for wrong in ["", "short\n", 'x" \nheader = "X: y\n']:
                other.write_text(wrong)
                equal(self.sent("mine", self.here, LEDGER_OWNER_TOKEN_FILE=str(other)), None)
            equal(self.sent("mine", self.here, LEDGER_OWNER_TOKEN_FILE=str(self.folder)), None)

    def nobody_sees_it(self):
        with self.checks.that("the token is no argument of curl, which every user could see"):
            words = self.folder / "words"
            wrapper = self.folder / "bin/curl"
            wrapper.parent.mkdir()
            wrapper.write_text(WORDS_OF_CURL.replace("{curl}", self.curl))
            wrapper.chmod(0o755)
            path = f"{wrapper.parent}:{self.client.path}"
            equal(self.sent("mine", self.here, LEDGER_OWNER_TOKEN=GIVEN, PATH=path, WORDS=str(words)), f"Bearer {GIVEN}")
            assert words.read_text() and GIVEN not in words.read_text()
