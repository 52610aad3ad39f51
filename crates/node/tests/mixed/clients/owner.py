"""The bash clients and the owner's token: which requests carry it, and who can see it."""
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
RC_REQUEST = ("GET", "/nodes", None)

# `mine` asks this after the block, without the token: anyone may read it.
WORK_REQUEST = ("GET", "/mine/last", None)
RECORDS_ARGUMENTS = """#!/usr/bin/env bash
printf '%s\\n' "$@" >>"$WORDS"
exec {curl} "$@"
"""


@contextmanager
def recorder():
    """A server that accepts everything and records method, path and token."""
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
            self.requests_with_token()
            self.invalid_tokens()
            self.nobody_sees_it()

    def sent(self, name, node, **environment):
        """Runs a client and returns its `Authorization`. The first request is rc's, which checks for a node."""
        del self.seen[:]
        done = self.client(name, *CLIENTS[name], node=node, **environment)
        asked_later = [WORK_REQUEST] if name == "mine" else []
        equal((done.returncode, self.seen[:1] + self.seen[2:]), (0, [RC_REQUEST, *asked_later]))
        return self.seen[1][2]

    def requests_with_token(self):
        from_file, given = f"Bearer {TOKEN}", f"Bearer {GIVEN}"
        folder = str(self.folder)
        for name in CLIENTS:
            owner = name in OWNERS
            with self.checks.that(f"{name} {'sends' if owner else 'does not send'} the owner's token"):
                wanted = lambda token: token if owner else None
                equal(self.sent(name, self.here), None)
                equal(self.sent(name, self.here, LEDGER_DATA_DIR=folder), wanted(from_file))
                equal(self.sent(name, self.here, LEDGER_OWNER_TOKEN_FILE=f"{folder}/owner-token"), wanted(from_file))
                equal(self.sent(name, self.elsewhere, LEDGER_DATA_DIR=folder), None)
                equal(self.sent(name, self.elsewhere, LEDGER_OWNER_TOKEN=f"{GIVEN}\r\n"), wanted(given))
                equal(self.sent(name, self.here, LEDGER_OWNER_TOKEN=GIVEN, LEDGER_DATA_DIR=folder), wanted(given))
        with self.checks.that("the default token file is that of the node on the port"):
            scripts = self.folder / "checkout/scripts"
            scripts.parent.joinpath(f"data/node-{self.port}").mkdir(parents=True)
            scripts.parent.joinpath(f"data/node-{self.port}/owner-token").write_text(TOKEN)
            shutil.copytree(self.client.scripts, scripts)
            del self.seen[:]
            equal(self.client("mine", node=self.here, scripts=str(scripts)).returncode, 0)
            equal(self.seen, [RC_REQUEST, ("GET", "/mine", from_file), WORK_REQUEST])
        for node in ["http://localhost.example", "http://127.0.0.1.example", "http://127.example", "https://localhost",
                     "http://localhost.:1", "http://127.0.0.1x", "http://[::2]"]:
            with self.checks.that(f"{node} is not this machine"):
                equal(self.client("is_local", node=node, sourced=True).returncode, 1)
        for node in ["http://localhost", "http://localhost:5000", "http://127.1.2.3:1", "http://[::1]:5000",
                     "http://0.0.0.0:5000", "http://[::]:5000"]:
            with self.checks.that(f"{node} is this machine"):
                equal(self.client("is_local", node=node, sourced=True).returncode, 0)

    def invalid_tokens(self):
        with self.checks.that("an invalid LEDGER_OWNER_TOKEN is refused, and nothing is sent"):
            for wrong in ["short", "0123456789 abcdef", "0123456789abcdef\"\nurl = \"http://evil", "x" * 257]:
                del self.seen[:]
                done = self.client("mine", node=self.here, LEDGER_OWNER_TOKEN=wrong)
                equal((done.returncode, done.stdout, self.seen), (2, "", [RC_REQUEST]))
                assert "LEDGER_OWNER_TOKEN is not a token" in done.stderr and wrong not in done.stderr, done.stderr
        with self.checks.that("an invalid token file is ignored"):
            other = self.folder / "other"
            for wrong in ["", "short\n", 'x" \nheader = "X: y\n']:
                other.write_text(wrong)
                equal(self.sent("mine", self.here, LEDGER_OWNER_TOKEN_FILE=str(other)), None)
            equal(self.sent("mine", self.here, LEDGER_OWNER_TOKEN_FILE=str(self.folder)), None)

    def nobody_sees_it(self):
        with self.checks.that("the token is not an argument of curl, where every user could see it"):
            words = self.folder / "words"
            wrapper = self.folder / "bin/curl"
            wrapper.parent.mkdir()
            wrapper.write_text(RECORDS_ARGUMENTS.replace("{curl}", self.curl))
            wrapper.chmod(0o755)
            path = f"{wrapper.parent}:{self.client.path}"
            equal(self.sent("mine", self.here, LEDGER_OWNER_TOKEN=GIVEN, PATH=path, WORDS=str(words)), f"Bearer {GIVEN}")
            assert words.read_text() and GIVEN not in words.read_text()
