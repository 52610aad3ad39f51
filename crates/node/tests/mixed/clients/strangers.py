"""The bash clients when no node answers: another program, a proxy, or nothing."""
import json

from checks import equal
from foreign import answering, http
from shells import client, run, SCRIPTS

PAGE = b"<!doctype html><title>404 Not Found</title>"
STRANGERS = [
    ("AirPlay of macOS", http("403 Forbidden", Server="AirTunes/870.14.1"), ["answered 403 with nothing", "AirPlay Receiver", "-p 5001"]),
    ("nginx without this page", http("404 Not Found", PAGE, Server="nginx/1.24.0"), ["404 with a web page", "Server: nginx/1.24.0"]),
    ("nginx before a stopped node", http("502 Bad Gateway", b"<html>502</html>", Server="nginx"), ["502 with a web page"]),
    ("a captive portal", http("200 OK", b"\n <html>Log in</html>"), ["200 with a web page"]),
    ("a redirect to https", http("301 Moved Permanently", PAGE, Location="https://example.org/"), ["points to https://example.org/"]),
    ("another program's JSON", http("200 OK", b'{"status": "ok"}'), ["200 with JSON of another kind"]),
    ("another program's refusal in JSON", http("404 Not Found", b'{"detail": "Not Found"}'), ["404 with JSON"]),
    ("a list", http("200 OK", b"[]"), ["200 with no JSON of a node"]),
    ("a Python node that cannot do this", http("404 NOT FOUND", PAGE, Server="Werkzeug/3.0"), ["a Python node answers like this"]),
    ("an empty page", http("200 OK"), ["200 with nothing"]),
    ("an SSH server", b"SSH-2.0-OpenSSH_9.2\r\n", ["not in HTTP"]),
    ("a server that hangs up", b"", ["hung up"]),
    ("a database", b"J\0\0\0\n8.0.36\0\x08\0\0\0secret\xff\xff", ["not in HTTP"]),
]
ODD = b'{ "chain":[{"amount":5.0,"a":1e400,"b":NaN,"c":-0,"d":10000000000000000000000,"e":1E+2,"f":"\\ud800, [\\"]"} ],"length":1}'


class Strangers:
    def __init__(self, node, checks):
        self.node, self.checks = node, checks

    def run(self):
        for name, answer, words in STRANGERS:
            with self.checks.that(f"chain recognises a stranger: {name}"), answering(answer) as url:
                done = run(str(SCRIPTS / "chain"), node=url)
                equal((done.returncode, done.stdout), (1, ""))
                line = done.stderr.splitlines()[-1]
                assert all(word in line for word in [url, "is this a ledger node?", *words]), done.stderr
        with self.checks.that("a stranger's control characters do not reach the terminal"), \
                answering(http("404 Not Found", b"<\x1b[2J", Server="\x1b]0;x\x07\xc2\x9b")) as url:
            assert "\x1b" not in run(str(SCRIPTS / "chain"), node=url).stderr
        with self.checks.that("a node's refusal is not taken for a stranger's"), \
                answering(http("403 Forbidden", b"only the owner of the node may do this")) as url:
            done = run(str(SCRIPTS / "mine"), node=url)
            assert "ledger node?" not in done.stderr and "403: only the owner" in done.stderr, done.stderr
            assert "export LEDGER_OWNER_TOKEN=" in done.stderr, done.stderr
            done = run(str(SCRIPTS / "mine"), node=url, LEDGER_OWNER_TOKEN="x" * 20)
            assert "is it the token of this node?" in done.stderr, done.stderr
        with self.checks.that("a pipe gets the answer byte for byte"), answering(http("200 OK", ODD)) as url:
            equal(run(str(SCRIPTS / "chain"), node=url).stdout.encode(), ODD)
            equal(run(str(SCRIPTS / "chain"), node=self.node.url).stdout, self.node.get("/chain").text)
        self.rc()
        self.proxies()

    def rc(self):
        with self.checks.that("rc accepts a port where nothing listens, and says how to start a node"):
            done = client("printenv", "LEDGER_NODE", node="1")
            equal(done.stdout, "http://localhost:1\n")
            assert "cargo run -p node -- -p 1" in self.said_by_rc("1"), done.stderr
        with self.checks.that("rc accepts capitals in scheme and host"):
            equal(client("printenv", "LEDGER_NODE", node="HTTP://Localhost:1").stdout, "http://localhost:1\n")
        with self.checks.that("rc reports another program on the port"), answering(http("403 Forbidden")) as url:
            assert "is this a ledger node?" in self.said_by_rc(url)
        with self.checks.that("rc prints no warning about a running node"):
            equal(self.said_by_rc(self.node.url).count("rc:"), 0)
        for wrong, way_out in [("https://localhost:5000", "http://localhost:5000"), ("localhost:5000/chain", "http://localhost:5000"),
                               ("ftp://localhost:5000", "http://localhost:5000"), ("localhost:99999", "1 to 65535")]:
            with self.checks.that(f"rc suggests a replacement for {wrong}"):
                assert way_out in self.said_by_rc(wrong).replace(wrong, "")

    @staticmethod
    def said_by_rc(address):
        return client("true", node=address, heard=True).stderr

    def proxies(self):
        dead = "http://me:password@127.0.0.1:1"
        with self.checks.that("proxies are bypassed for a node on this machine"):
            for name in ["http_proxy", "all_proxy", "ALL_PROXY"]:
                equal(run(str(SCRIPTS / "nodes"), node=self.node.url, **{name: dead}).returncode, 0)
        for name in ["http_proxy", "all_proxy", "ALL_PROXY"]:
            with self.checks.that(f"a dead proxy of {name} is named"):
                done = run(str(SCRIPTS / "nodes"), node="http://192.0.2.1:5000", **{name: dead})
                line = done.stderr.splitlines()[-1]
                assert f"{name} is set to http://127.0.0.1:1, so" in line and "NO_PROXY=192.0.2.1" in line, line
                assert "password" not in done.stderr, done.stderr
        with self.checks.that("http_proxy is named when the proxy itself answers"), \
                answering(http("503 Service Unavailable", PAGE)) as proxy:
            said = run(str(SCRIPTS / "nodes"), node="http://node.example:5000", http_proxy=proxy).stderr
            assert "503 with a web page" in said and f"http_proxy is set to {proxy}" in said, said
        with self.checks.that("http_proxy is not named if NO_PROXY covers the host or the node answers"):
            said = run(str(SCRIPTS / "nodes"), node="http://a.invalid:1", http_proxy=dead, NO_PROXY="x,.invalid").stderr
            assert "no such host" in said and "http_proxy" not in said, said
            with answering(json_of_nodes()) as proxy:
                equal(run(str(SCRIPTS / "nodes"), node="http://node.example:5000", http_proxy=proxy).returncode, 0)


def json_of_nodes():
    return http("200 OK", json.dumps({"length": 0, "nodes": []}).encode())
