"""Clients that strain the server: they do not read, do not finish, or ask for too much."""
import select
import socket

from background import Background

ADDRESSES = 8


class Sockets(Background):
    """Keeps `count` connections in a bad state. Reopens those that the node closes, `again` at a time."""

    pause, count, again = 0.5, 40, 20

    def begin(self):
        self.open, self.opened = [], 0
        self.poll = select.poll()

    def step(self):
        self.open = [one for one in self.open if not self.is_ended(one)]
        for _ in range(min(self.again, self.count - len(self.open))):
            self.open.append(self.connect())
        for one in self.open:
            self.press(one)

    def connect(self):
        one = socket.socket()
        self.opened += 1
        # Limits are per address, so each attack comes from several of its own.
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
        """Whether the node has hung up. Unlike a read, this leaves its data unread."""
        self.poll.register(one, select.POLLRDHUP)
        ended = any(events for _, events in self.poll.poll(0))
        self.poll.unregister(one)
        if ended:
            one.close()
        return ended

    def first(self):
        return get(self.path)

    def press(self, one):
        pass

    def end(self):
        for one in self.open:
            one.close()


def get(path):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


class UnreadBlocks(Sockets):
    """40 clients request a block of 14 MB and do not read"""

    path = "/blocks/2"


class UnreadPool(Sockets):
    """20 clients request the pool and do not read"""

    path, count = "/transactions", 20


class UnreadChains(Sockets):
    """40 clients request the chain and do not read"""

    path = "/chain"


class SlowChains(Sockets):
    """20 clients read the chain at about 20 kB/s"""

    path, count = "/chain", 20

    def press(self, one):
        try:
            one.recv(10_000)
        except OSError:
            pass


class Pipelining(Sockets):
    """20 clients pipeline requests without end and do not read"""

    path, count = "/transactions", 20

    def press(self, one):
        try:
            self.send(one, get("/blocks/2") * 50)
        except OSError:
            pass


class UnfinishedBodies(Sockets):
    """500 clients send most of a body"""

    count, again = 500, 100

    def first(self):
        head = b"POST /transactions/new HTTP/1.1\r\nHost: localhost\r\nContent-Length: 262144\r\n\r\n"
        return head + b"{" + b" " * 250_000


class UnfinishedHeads(Sockets):
    """200 clients never finish their head"""

    count = 200

    def first(self):
        return b"GET /chain HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 60_000


class IdleConnections(Sockets):
    """600 idle connections"""

    count, again = 600, 100

    def first(self):
        return b""


class Addresses(Sockets):
    """300 clients request and read the payments of a busy address"""

    count, again, pause = 300, 50, 1

    def begin(self):
        super().begin()
        self.path = "/addresses/0"

    def press(self, one):
        try:
            one.recv(1 << 20)
            self.send(one, get(self.path))
        except OSError:
            pass


class Repeated(Sockets):
    """Clients that repeat one request, and read."""

    count, pause, times = 4, 0.1, 10

    def press(self, one):
        try:
            one.recv(1 << 20)
            self.send(one, self.first() * self.times)
        except OSError:
            pass


class Preflights(Sockets):
    """20 clients send preflights without end and do not read"""

    count = 20

    def first(self):
        return b"OPTIONS /chain HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n"

    def press(self, one):
        try:
            self.send(one, self.first() * 100)
        except OSError:
            pass


class Pages(Repeated):
    """pages of other sites request mining and the secret"""

    def first(self):
        head = "POST /%s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nContent-Length: 0\r\n\r\n"
        evil = "evil-" + "x" * 200 + ".example"
        return (head % ("mine", "localhost", evil) + head % ("secret", evil, evil)).encode()


class Nonsense(Repeated):
    """invalid URLs, bodies and methods"""

    def first(self):
        head = "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
        wrong = [("GET", "/addresses/%ff", ""), ("GET", "/chain?from=%zz", ""), ("GET", "/" + "y" * 5000, ""),
                 ("POST", "/transactions/new", '{"FORGED\\n\\u001b[2J": 1}'), ("BREW", "/mine", "")]
        return "".join(head % (method, path, len(body), body) for method, path, body in wrong).encode()


class UnfinishedChunks(UnfinishedBodies):
    """200 clients send an endless chunked body"""

    count = 200

    def first(self):
        head = b"POST /transactions/new HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        return head + b"8000\r\n" + b" " * 0x8000 + b"\r\n"


CLIENTS = {
    "blocks": UnreadBlocks, "pool": UnreadPool, "chains": UnreadChains, "slow": SlowChains, "pipelining": Pipelining,
    "bodies": UnfinishedBodies, "heads": UnfinishedHeads, "idle": IdleConnections, "addresses": Addresses,
    "preflights": Preflights, "pages": Pages, "nonsense": Nonsense, "chunks": UnfinishedChunks,
}
