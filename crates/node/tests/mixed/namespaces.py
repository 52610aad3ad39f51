"""Owner and strangers across two network namespaces: a request over a cable is not from this machine.

    namespaces.py --node target/debug/node --sigscript target/debug/sigscript

Needs iproute2, curl and the right to create network namespaces. Prints a line for each check, then `N passed, 0 failed`.
"""
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from checks import Checks, equal
from harness import Node, options
from routes import body_of, requests_of
from walk import Walk

HOME, AWAY = f"ledger-home-{os.getpid()}", f"ledger-away-{os.getpid()}"
HOME_IP, AWAY_IP, HOME_IP6, AWAY_IP6 = "10.87.0.1", "10.87.0.2", "fd87::1", "fd87::2"
CABLE = [
    f"netns add {HOME}", f"netns add {AWAY}",
    f"-n {HOME} link add cable type veth peer name cable netns {AWAY}",
    *(f"-n {space} link set {link} up" for space in (HOME, AWAY) for link in ("lo", "cable")),
    f"-n {HOME} addr add {HOME_IP}/24 dev cable", f"-n {AWAY} addr add {AWAY_IP}/24 dev cable",
    f"-n {HOME} addr add {HOME_IP6}/64 dev cable nodad", f"-n {AWAY} addr add {AWAY_IP6}/64 dev cable nodad",
]
PORT = 5000


@contextmanager
def two_namespaces():
    """Connects two namespaces by a cable. Yields whether that was possible."""
    try:
        for line in CABLE:
            done = subprocess.run(["ip", *line.split()], capture_output=True, text=True)
            if done.returncode != 0:
                print(f"skipped: cannot create network namespaces: ip {line}: {done.stderr.strip()}")
                yield False
                return
        yield True
    finally:
        for space in (HOME, AWAY):
            subprocess.run(["ip", "netns", "delete", space], capture_output=True)


def within(space, *command, **rest):
    return subprocess.run(["ip", "netns", "exec", space, *command], capture_output=True, text=True, timeout=120, **rest)


def ask(space, host, method, path, *headers, body=None):
    """Sends a request from a namespace and returns status and text."""
    words = [part for header in headers for part in ("-H", header)]
    words += ["-I"] if method == "HEAD" else ["-X", method]
    if body is not None:
        words += ["--data-binary", body.decode()]
    done = within(space, "curl", "-q", "-s", "-g", "--noproxy", "*", "-m", "60", "-w", "\n%{http_code}", *words,
                  f"http://{host}:{PORT}{path}")
    equal(done.returncode, 0)
    text, _, status = done.stdout.rpartition("\n")
    return int(status), text


class Namespaces:
    def __init__(self, binary, sigscript, checks, folder):
        self.binary, self.sigscript, self.checks, self.folder = binary, sigscript, checks, folder

    @contextmanager
    def node(self, name, *arguments, port=PORT, host="::"):
        data = self.folder / f"{name}-{port}"
        data.mkdir(exist_ok=True)
        command = ["ip", "netns", "exec", HOME, self.binary, "--port", str(port), "--host", host, "--difficulty", "2",
                   "--data-dir", str(data), *arguments]
        node = Node(name, command, self.folder)
        try:
            node.find_address()
            node.token = (data / "owner-token").read_text().strip()
            yield node
        finally:
            node.stop()

    def run(self):
        for host, hosts in (("::", (HOME_IP, f"[{HOME_IP6}]")), ("0.0.0.0", (HOME_IP,))):
            with self.node("usual", host=host) as node:
                for address in hosts:
                    self.strangers(node, address)
                    self.the_token(node, address)
                self.this_machine()
        with self.node("open", "--open"):
            self.everybody()
        with self.node("strict", "--owner", "token") as node:
            self.nobody(node)
        self.walks()

    def state(self):
        return [ask(HOME, "127.0.0.1", "GET", path) for path in ("/chain", "/transactions", "/nodes")]

    def owners(self, space, host, *headers):
        """The answer to each owner request."""
        return {f"{method} {path}": ask(space, host, method, path, *headers, body=body_of(method, path))
                for method, path in requests_of("owner")}

    def strangers(self, node, address):
        for space, whose in ((AWAY, "another machine"), (HOME, "this machine's outer address")):
            with self.checks.that(f"owner requests over {whose} to {address} are refused and change nothing"):
                before = self.state()
                for headers in ((), ("Authorization: Bearer 0123456789abcdef",), ("X-Forwarded-For: 127.0.0.1",),
                                ("Host: localhost",), ("Forwarded: for=127.0.0.1", "Host: 127.0.0.1:5000")):
                    for what, (status, text) in self.owners(space, address, *headers).items():
                        assert status == 403, f"{what} {headers}: {status} {text}"
                        assert what.startswith("HEAD") or "owner-token" in text, text
                        assert str(self.folder) not in text and node.token not in text, text
                equal(self.state(), before)
        with self.checks.that(f"another machine reads and submits at {address}"):
            ask(HOME, "127.0.0.1", "GET", "/mine", f"Authorization: Bearer {node.token}")  # /mine/last needs a mined block
            for method, path in requests_of("read") + requests_of("submit"):
                body = b"{}" if method == "POST" else None
                status, text = ask(AWAY, address, method, path, "Accept: text/html", body=body)
                says = {"/transactions/new": "Missing values", "/lab/verify": "blocks must be a list of blocks"}.get(path, "")
                equal((status, text[:len(says)]), (400, says) if body else (200, ""))

    def the_token(self, node, address):
        with self.checks.that(f"owner requests of another machine to {address} are answered with the token"):
            for what, (status, text) in self.owners(AWAY, address, f"Authorization: Bearer {node.token}").items():
                assert status in ((404,) if what.startswith("DELETE") else (200, 201)), f"{what}: {status} {text}"

    def this_machine(self):
        with self.checks.that("owner requests of this machine need no token"):
            for host in ("127.0.0.1", "localhost", "127.1.2.3"):
                for what, (status, text) in self.owners(HOME, host).items():
                    assert status in ((404,) if what.startswith("DELETE") else (200, 201)), f"{what}: {status} {text}"

    def everybody(self):
        with self.checks.that("--open answers owner requests of another machine, but not of a page"):
            for what, (status, text) in self.owners(AWAY, HOME_IP).items():
                assert status in ((404,) if what.startswith("DELETE") else (200, 201)), f"{what}: {status} {text}"
            for header in ("Origin: http://page.example", "Sec-Fetch-Site: cross-site", "Host: page.example:5000"):
                equal({status for status, _ in self.owners(AWAY, HOME_IP, header).values()}, {403})

    def nobody(self, node):
        with self.checks.that("--owner token refuses owner requests without the token, even of this machine"):
            for space, host in ((HOME, "127.0.0.1"), (AWAY, HOME_IP)):
                equal({status for status, _ in self.owners(space, host).values()}, {403})
                right = self.owners(space, host, f"Authorization: Bearer {node.token}")
                assert 403 not in {status for status, _ in right.values()}, right

    def walks(self):
        """Walks the tutorial on loopback, and from another machine with --open and with the token."""
        for name, space, host, arguments, gets_token in [
            ("loopback", HOME, "localhost", (), False),
            ("loopback-token", HOME, "127.0.0.1", ("--owner", "token"), True),
            ("away-open", AWAY, HOME_IP, ("--open",), False),
            ("away-token", AWAY, HOME_IP, (), True),
            ("away-token-6", AWAY, f"[{HOME_IP6}]", (), True),
        ]:
            with self.node(name, *arguments) as first, self.node(name, *arguments, port=PORT + 1) as second, \
                    self.checks.that(f"the clients walk the tutorial: {name}"):
                bash = ["ip", "netns", "exec", space, "bash"]
                nodes = [(node, f"http://{host}:{port}", {"LEDGER_OWNER_TOKEN": node.token} if gets_token else {})
                         for node, port in ((first, PORT), (second, PORT + 1))]
                Walk(bash, self.sigscript, *nodes).run()
        with self.node("refused") as node, self.checks.that("a client shows why it was refused"):
            walk = Walk(["ip", "netns", "exec", AWAY, "bash"], self.sigscript, (node, f"http://{HOME_IP}:{PORT}", {}), None)
            done = walk.client(walk.first, "mine")
            equal((done.returncode, done.stdout), (1, ""))
            assert "403: only the owner of the node may do this" in done.stderr and "LEDGER_OWNER_TOKEN" in done.stderr
            equal(len(json.loads(ask(HOME, "127.0.0.1", "GET", "/chain")[1])["chain"]), 1)


def main():
    arguments = options(__doc__.splitlines()[0])
    checks = Checks()
    with two_namespaces() as made, tempfile.TemporaryDirectory() as folder:
        if not made:
            return 0
        with checks.that("the run completes"):
            Namespaces(arguments.command[0], arguments.sigscript, checks, Path(folder)).run()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
