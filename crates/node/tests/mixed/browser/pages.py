"""Pages of other sites in Chromium: none can make the node mine, print its secret, register a neighbour or accept a payment.

    browser/pages.py --node target/debug/node --sigscript target/debug/sigscript

Needs chromium and chromedriver. Prints a line for each check, then `N passed, 0 failed`.
"""
import json
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import start  # noqa: E402
from checks import Checks, equal  # noqa: E402
from proxy import OtherSite, proxy, serving  # noqa: E402
from harness import HERE, Node, options  # noqa: E402
from peer import Wallet  # noqa: E402
from routes import requests_of  # noqa: E402

ATTACK = (HERE / "browser/attack.js").read_text()
# All names lead to this machine, as after DNS rebinding. `lan.example` stands for a node on another machine: the browser
# sends Sec-Fetch-Site to localhost, which it trusts, but not to such a name.
RULES = "MAP *.example 127.0.0.1"
TOKEN = "0123456789abcdef-of-the-node"
ASKED_FIRST = {"post-json", "post-token", "delete"}  # a preflight comes first, and is refused
FETCH = "const [url, options, done] = arguments; fetch(url, options).then(async (answer) =>" \
    " done([answer.status, await answer.text(), answer.headers.get('ETag')]), () => done(null))"


def payment():
    return json.dumps(Wallet().payment("bob", "5"), separators=(",", ":"))


class Pages:
    def __init__(self, browser, node, port, other, visits, checks):
        self.browser, self.node, self.port, self.other = browser, node, port, other
        self.visits, self.checks = visits, checks
        owner = requests_of("owner")
        self.owner = {method: [path for known, path in owner if known == method] for method in ("GET", "POST", "DELETE")}

    def state(self):
        return [self.node.get(path).text for path in ("/chain", "/transactions", "/nodes")], self.node.printed["stdout"][:]

    @contextmanager
    def nothing_changes(self):
        del self.visits[:]
        before = self.state()
        yield
        equal(self.state(), before)

    def attack(self, page, host):
        """Opens a page that tries every way to ask the node at `host`. Returns results and visits, by way and path."""
        self.browser.open(page)
        with self.nothing_changes():
            results = self.browser.run(ATTACK, f"http://{host}:{self.port}", self.owner, payment())
        arrived = {}
        for visit in self.visits:
            arrived.setdefault(f"{visit.by} {visit.path}", []).append(visit)
        return results, arrived

    def other_sites(self, name):
        for host in ("localhost", "127.0.0.1", "lan.example"):
            with self.checks.that(f"{name}: a page of another site gets nothing from {host}"):
                results, arrived = self.attack(f"http://evil.example:{self.other}/", host)
                self.all_refused(results, arrived)
                # A WebSocket sends `Origin` only.
                sites = {visit.headers.get("Sec-Fetch-Site") for visit in self.visits if visit.by != "socket"}
                equal(sites, {None} if host == "lan.example" else {"cross-site"})
        with self.checks.that(f"{name}: a rebound name gets nothing from the node"):
            results, arrived = self.attack(f"http://evil.example:{self.port}/page", "evil.example")
            self.all_refused(results, arrived, same_origin=True)
        with self.checks.that(f"{name}: another server on this machine counts as another site"):
            results, arrived = self.attack(f"http://localhost:{self.other}/", "localhost")
            self.all_refused(results, arrived)

    def all_refused(self, results, arrived, same_origin=False):
        """Checks that every attempt reached the node and was refused."""
        for way in results:
            by = way.split()[0]
            visits = arrived.get(way, [])
            assert visits, f"{way} did not reach the node: {results[way]}"
            if by in ASKED_FIRST and not same_origin:
                equal({visit.method for visit in visits}, {"OPTIONS"})
                equal([name for visit in visits for name in visit.answer if name.lower().startswith("access-control")], [])
            else:
                refused = {visit.status for visit in visits if visit.method != "OPTIONS"}
                equal((way, refused), (way, {403}))

    def navigation(self):
        for host, site, words in (("localhost", "cross-site", "page"), ("lan.example", None, "does not say which site")):
            with self.checks.that(f"following a link of another site to {host} is refused"):
                self.browser.open(f"http://evil.example:{self.other}/")
                with self.nothing_changes():
                    address = f"http://{host}:{self.port}/mine"
                    self.browser.run("location.href = arguments[0]; arguments[1]()", address)
                    self.until(lambda: self.browser.address() == address and self.visits)
                    equal((self.visits[0].status, self.visits[0].headers.get("Sec-Fetch-Site")), (403, site))
                    assert words in self.browser.text(), self.browser.text()

    def until(self, happened):
        """Polls the browser, which answers once the page has loaded."""
        for _ in range(200):
            if happened():
                return
        raise RuntimeError(f"the browser stays at {self.browser.address()}")

    def own_pages(self):
        """Sends the same requests from allowed places. Without this, the refusals could have another reason."""
        with self.checks.that("typing the address mines"):
            self.browser.open("about:blank")
            before = len(self.node.chain())
            self.browser.open(f"http://localhost:{self.port}/mine")
            assert "New Block Created" in self.browser.text()
            equal(len(self.node.chain()), before + 1)
        for host in ("localhost", "lan.example"):
            with self.checks.that(f"a page of the node at {host} may do what another site's may not"):
                self.browser.open(f"http://{host}:{self.port}/nodes")
                before, secrets = len(self.node.chain()), len(self.node.printed["stdout"])
                results = self.browser.run(ATTACK, f"http://{host}:{self.port}", self.owner, payment())
                for by in ("post", "post-json", "post-blind"):
                    assert results[f"{by} /mine"].startswith("200"), results
                    assert results[f"{by} /transactions/new"].startswith("201"), results
                    assert results[f"{by} /nodes/register"].startswith("201"), results
                assert len(self.node.chain()) > before and len(self.node.printed["stdout"]) > secrets
                equal(results["delete /nodes/localhost:7001"][:3], "404")
                # A GET from lan.example has neither Origin nor Sec-Fetch-Site.
                equal(results["fetch /mine"][:3], "200" if host == "localhost" else "403")

    def fetched(self, path, **options):
        return self.browser.run(FETCH, f"http://localhost:{self.port}{path}", options)

    def allowed_origin(self):
        with self.checks.that("a page of an allowed origin reads answers and the ETag"):
            self.browser.open(f"http://page.example:{self.other}/")
            equal(self.fetched("/chain")[:2], [200, self.node.get("/chain").text])
            status, _, tag = self.fetched("/blocks/latest")
            equal((status, tag), (200, self.node.get("/blocks/latest").headers["ETag"]))
            equal(self.fetched("/blocks/99999")[0], 404)
        with self.checks.that("such a page submits payments, and needs the token for owner requests"):
            json_type = {"Content-Type": "application/json"}
            equal(self.fetched("/transactions/new", method="POST", body=payment(), headers=json_type)[0], 201)
            with self.nothing_changes():
                equal(self.fetched("/mine", method="POST")[0], 403)
            equal(self.fetched("/mine", method="POST", headers={"Authorization": f"Bearer {TOKEN}"})[0], 200)
        with self.checks.that("a page of another origin reads nothing"):
            for page in (f"http://evil.example:{self.other}/", f"http://page.example:{self.port}/page"):
                self.browser.open(page)
                equal(self.fetched("/chain"), None)
            assert self.visits[-1].path == "/chain" and self.visits[-1].status == 200


def main():
    arguments = options(__doc__.splitlines()[0])
    checks = Checks()
    if not start.is_installed():
        return 0
    with checks.that("the run completes"), start.browser(RULES) as browser, ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        other = stack.enter_context(serving(OtherSite))
        for name, more in [("usual", []), ("open", ["--open"])]:
            visits = []
            (folder / name).mkdir()
            (folder / name / "token").write_text(TOKEN)
            command = [*arguments.command, "--allowed-host", "lan.example", "--allowed-origin", f"http://page.example:{other}",
                       "--owner-token-file", "token", *more]
            node = Node(name, [part.replace("{data}", str(folder / name)) for part in command], folder / name)
            stack.callback(node.stop)
            node.find_address()
            port = stack.enter_context(serving(proxy(int(node.host.rpartition(":")[2]), visits)))
            pages = Pages(browser, node, port, other, visits, checks)
            pages.other_sites(name)
            pages.navigation()
            pages.own_pages()
            pages.allowed_origin()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
