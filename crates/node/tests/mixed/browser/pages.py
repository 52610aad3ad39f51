"""Pages of other sites in a real Chromium: none makes the node mine, tell, register or take a payment.

    browser/pages.py --node target/debug/node --sigscript target/debug/sigscript

Needs chromium and chromedriver. Prints a line for each check, then `N passed, 0 failed`.
"""
import json
import shutil
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from checks import Checks, equal  # noqa: E402
from proxy import OtherSite, door, serving  # noqa: E402
from harness import HERE, Node, options  # noqa: E402
from peer import Wallet, sign  # noqa: E402
from routes import requests_of  # noqa: E402
from webdriver import chromium  # noqa: E402

ATTACK = (HERE / "browser/attack.js").read_text()
# All names are this machine's, as after DNS rebinding. `lan.example` stands for a node in a network of machines: a browser
# trusts localhost, and tells it of which site a page is, but not such a name.
RULES = "MAP *.example 127.0.0.1"
TOKEN = "0123456789abcdef-of-the-node"
ASKED_FIRST = {"post-json", "post-token", "delete"}  # the browser asks whether it may, and hears no
FETCH = "const [url, options, done] = arguments; fetch(url, options).then(async (answer) =>" \
    " done([answer.status, await answer.text(), answer.headers.get('ETag')]), () => done(null))"


def payment():
    wallet = Wallet()
    parts = {"sender": wallet.address, "recipient": "bob", "amount": "5"}
    return json.dumps({**parts, "signature": sign(wallet.secret, *parts.values())}, separators=(",", ":"))


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
        """Opens a page and has it try everything on the node under a name; what arrived at the node, by way and path."""
        self.browser.open(page)
        with self.nothing_changes():
            results = self.browser.run(ATTACK, f"http://{host}:{self.port}", self.owner, payment())
        arrived = {}
        for visit in self.visits:
            arrived.setdefault(f"{visit.by} {visit.path}", []).append(visit)
        return results, arrived

    def other_sites(self, name):
        for host in ("localhost", "127.0.0.1", "lan.example"):
            with self.checks.that(f"{name}: a page of another site makes the browser ask {host} for nothing"):
                results, arrived = self.attack(f"http://evil.example:{self.other}/", host)
                self.all_refused(results, arrived)
                # A WebSocket says `Origin` only.
                sites = {visit.headers.get("Sec-Fetch-Site") for visit in self.visits if visit.by != "socket"}
                equal(sites, {None} if host == "lan.example" else {"cross-site"})
        with self.checks.that(f"{name}: a page whose own name leads to the node asks for nothing"):
            results, arrived = self.attack(f"http://evil.example:{self.port}/page", "evil.example")
            self.all_refused(results, arrived, same_origin=True)
        with self.checks.that(f"{name}: another server on this machine is another site"):
            results, arrived = self.attack(f"http://localhost:{self.other}/", "localhost")
            self.all_refused(results, arrived)

    def all_refused(self, results, arrived, same_origin=False):
        """Every way reached the node, where it was refused; none was let in."""
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
        for host, site in (("localhost", "cross-site"), ("lan.example", None)):
            with self.checks.that(f"a link of another site to {host} leads to a refusal"):
                self.browser.open(f"http://evil.example:{self.other}/")
                with self.nothing_changes():
                    address = f"http://{host}:{self.port}/mine"
                    self.browser.run("location.href = arguments[0]; arguments[1]()", address)
                    self.until(lambda: self.browser.address() == address and self.visits)
                    equal((self.visits[0].status, self.visits[0].headers.get("Sec-Fetch-Site")), (403, site))
                    assert "page" in self.browser.text()

    def until(self, happened):
        """Asks the browser until it is where it was sent; each question waits for the page."""
        for _ in range(200):
            if happened():
                return
        raise RuntimeError(f"the browser stays at {self.browser.address()}")

    def own_pages(self):
        """The same requests, from where they may come: without this, all of the above could pass for a wrong reason."""
        with self.checks.that("a person who types the address mines"):
            self.browser.open("about:blank")
            before = len(self.node.chain())
            self.browser.open(f"http://localhost:{self.port}/mine")
            assert "New Block Created" in self.browser.text()
            equal(len(self.node.chain()), before + 1)
        for host in ("localhost", "lan.example"):
            with self.checks.that(f"a page of the node at {host} may do what one of another site may not"):
                self.browser.open(f"http://{host}:{self.port}/nodes")
                before, secrets = len(self.node.chain()), len(self.node.printed["stdout"])
                results = self.browser.run(ATTACK, f"http://{host}:{self.port}", self.owner, payment())
                for by in ("post", "post-json", "post-blind"):
                    assert results[f"{by} /mine"].startswith("200"), results
                    assert results[f"{by} /transactions/new"].startswith("201"), results
                    assert results[f"{by} /nodes/register"].startswith("201"), results
                assert len(self.node.chain()) > before and len(self.node.printed["stdout"]) > secrets
                equal(results["delete /nodes/localhost:7001"][:3], "404")
                # What the page does not tell of itself is refused where the browser does not tell either.
                equal(results["fetch /mine"][:3], "200" if host == "localhost" else "403")

    def fetched(self, path, **options):
        return self.browser.run(FETCH, f"http://localhost:{self.port}{path}", options)

    def allowed_origin(self):
        with self.checks.that("a page of an origin that is named reads, and sees the ETag"):
            self.browser.open(f"http://page.example:{self.other}/")
            equal(self.fetched("/chain")[:2], [200, self.node.get("/chain").text])
            status, _, tag = self.fetched("/blocks/latest")
            equal((status, tag), (200, self.node.get("/blocks/latest").headers["ETag"]))
            equal(self.fetched("/blocks/99999")[0], 404)
        with self.checks.that("it submits, and is the owner with the token only"):
            json_type = {"Content-Type": "application/json"}
            equal(self.fetched("/transactions/new", method="POST", body=payment(), headers=json_type)[0], 201)
            with self.nothing_changes():
                equal(self.fetched("/mine", method="POST")[0], 403)
            equal(self.fetched("/mine", method="POST", headers={"Authorization": f"Bearer {TOKEN}"})[0], 200)
        with self.checks.that("a page of an origin that is not named reads nothing"):
            for page in (f"http://evil.example:{self.other}/", f"http://page.example:{self.port}/page"):
                self.browser.open(page)
                equal(self.fetched("/chain"), None)
            assert self.visits[-1].path == "/chain" and self.visits[-1].status == 200


def main():
    arguments = options(__doc__.splitlines()[0])
    checks = Checks()
    found = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    if None in found.values():
        print(f"skipped: not installed: {', '.join(name for name, path in found.items() if path is None)}")
        return 0
    with checks.that("the run comes to its end"), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        profile = folder / "profile"
        browser = stack.enter_context(chromium(found["chromedriver"], found["chromium"], profile, RULES))
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
            port = stack.enter_context(serving(door(int(node.host.rpartition(":")[2]), visits)))
            pages = Pages(browser, node, port, other, visits, checks)
            pages.other_sites(name)
            pages.navigation()
            pages.own_pages()
            pages.allowed_origin()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
