"""Clients that press on the server: they do not read, do not finish, or ask for too much."""
import select
import socket

from background import Background

ADDRESSES = 8


class Sockets(Background):
    """Keeps `count` connections in a bad state; those that the node ends are opened again, a few at a time."""

    pause, count, again = 0.5, 40, 20

    def begin(self):
        self.open, self.opened = [], 0
        self.poll = select.poll()

    def turn(self):
        self.open = [one for one in self.open if not self.is_ended(one)]
        for _ in range(min(self.again, self.count - len(self.open))):
            self.open.append(self.connect())
        for one in self.open:
            self.go_on(one)

    def connect(self):
        one = socket.socket()
        self.opened += 1
        # Strangers have many addresses; each attack has a few of its own.
        one.bind((f"127.0.{1 + hash(type(self).__name__) % 200}.{2 + self.opened % ADDRESSES}", 0))
        one.settimeout(5)
        one.connect(("127.0.0.1", self.target.port))
        one.setblocking(False)
        self.send(one, self.first())
        return one

    def send(self, one, data):
        try:
            return one.send(data)
        except BlockingIOError:
            return 0

    def is_ended(self, one):
        """Whether the node has hung up; what it sent stays unread."""
        self.poll.register(one, select.POLLRDHUP)
        ended = any(events for _, events in self.poll.poll(0))
        self.poll.unregister(one)
        if ended:
            one.close()
        return ended

    def first(self):
        return get(self.path)

    def go_on(self, one):
        pass

    def end(self):
        for one in self.open:
            one.close()


def get(path):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


class UnreadBlocks(Sockets):
    """40 clients that ask for a block of 14 MB and do not read"""

    path = "/blocks/2"


class UnreadPool(Sockets):
    """20 clients that ask for the pool and do not read"""

    path, count = "/transactions", 20


class UnreadChains(Sockets):
    """40 clients that ask for the chain and do not read"""

    path = "/chain"


class SlowChains(Sockets):
    """20 clients that read the chain at some 20 kB a second"""

    path, count = "/chain", 20

    def go_on(self, one):
        try:
            one.recv(10_000)
        except OSError:
            pass


class Pipelining(Sockets):
    """20 clients that ask without end and do not read"""

    path, count = "/transactions", 20

    def go_on(self, one):
        try:
            self.send(one, get("/blocks/2") * 50)
        except OSError:
            pass


class UnfinishedBodies(Sockets):
    """500 clients that send nearly all of a body"""

    count, again = 500, 100

    def first(self):
        head = b"POST /transactions/new HTTP/1.1\r\nHost: localhost\r\nContent-Length: 262144\r\n\r\n"
        return head + b"{" + b" " * 250_000


class UnfinishedHeads(Sockets):
    """200 clients that never end their head"""

    count = 200

    def first(self):
        return b"GET /chain HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 60_000


class IdleConnections(Sockets):
    """600 connections on which nothing is said"""

    count, again = 600, 100

    def first(self):
        return b""


class Addresses(Sockets):
    """300 clients that ask for the payments of a busy address, and read"""

    count, again, pause = 300, 50, 1

    def begin(self):
        super().begin()
        self.path = "/addresses/0"

    def go_on(self, one):
        try:
            one.recv(1 << 20)
            self.send(one, get(self.path))
        except OSError:
            pass


class Repeated(Sockets):
    """Clients that send one request again and again, and read."""

    count, pause, times = 4, 0.1, 10

    def go_on(self, one):
        try:
            one.recv(1 << 20)
            self.send(one, self.first() * self.times)
        except OSError:
            pass


class Preflights(Sockets):
    """20 clients that ask for options without end and do not read"""

    count = 20

    def first(self):
        return b"OPTIONS /chain HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n"

    def go_on(self, one):
        try:
            self.send(one, self.first() * 100)
        except OSError:
            pass


class Pages(Repeated):
    """pages of other sites that ask for blocks and the secret"""

    def first(self):
        head = "POST /%s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nContent-Length: 0\r\n\r\n"
        evil = "evil-" + "x" * 200 + ".example"
        return (head % ("mine", "localhost", evil) + head % ("secret", evil, evil)).encode()


class Nonsense(Repeated):
    """URLs, bodies and methods that mean nothing"""

    def first(self):
        head = "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
        wrong = [("GET", "/addresses/%ff", ""), ("GET", "/chain?from=%zz", ""), ("GET", "/" + "y" * 5000, ""),
                 ("POST", "/transactions/new", '{"FORGED\\n\\u001b[2J": 1}'), ("BREW", "/mine", "")]
        return "".join(head % (method, path, len(body), body) for method, path, body in wrong).encode()


class UnfinishedChunks(UnfinishedBodies):
    """200 clients that send chunks of a body that never ends"""

    count = 200

    def first(self):
        head = b"POST /transactions/new HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        return head + b"8000\r\n" + b" " * 0x8000 + b"\r\n"


CLIENTS = {
    "blocks": UnreadBlocks, "pool": UnreadPool, "chains": UnreadChains, "slow": SlowChains, "pipelining": Pipelining,
    "bodies": UnfinishedBodies, "heads": UnfinishedHeads, "idle": IdleConnections, "addresses": Addresses,
    "preflights": Preflights, "pages": Pages, "nonsense": Nonsense, "chunks": UnfinishedChunks,
}
