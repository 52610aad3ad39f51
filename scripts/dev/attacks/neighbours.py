"""Neighbours that press on the node when it resolves."""
import itertools
import json
import re
import socket
import socketserver
import threading
import time

import chains
from background import Background

CHUNK = 1 << 16


class Neighbour(Background):
    """A neighbour of its own port; `answer` is given each request's `from` and writes what follows the head."""

    pause, limit_seconds = 5, 60

    def begin(self):
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                line = self.rfile.readline().decode(errors="replace")
                while self.rfile.readline() not in (b"\r\n", b""):
                    pass
                asked = re.search(r"from=(\d+)", line)
                self.request.settimeout(outer.limit_seconds)
                try:
                    self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n")
                    outer.answer(self.wfile, int(asked[1]) if asked else 1)
                except OSError:
                    pass  # the node has seen enough

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = allow_reuse_address = True

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.register([f"127.0.0.1:{self.server.server_address[1]}"])

    def register(self, nodes):
        status, text = self.target.ask("/nodes/register", json.dumps({"nodes": nodes}))
        if status != 201:
            raise SystemExit(f"the node did not take a neighbour: {status} {text[:200]}")

    def turn(self):
        pass

    def end(self):
        self.server.shutdown()

    def height(self):
        _, block = self.target.ask("/chain?from=4000000000&limit=1")
        return json.loads(block)["length"]

    def write_chain(self, out, texts):
        out.write(b'{"chain": [')
        for position, text in enumerate(texts):
            out.write((", " if position else "").encode() + text.encode())
        out.write(b'], "length": 1}')


class Forger(Neighbour):
    """a longer chain with payments that nobody signed, then a longer one without them"""

    forged = True

    def answer(self, out, _from):
        self.forged = not self.forged
        length = self.height() + 2
        self.write_chain(out, itertools.islice(chains.blocks(self.payments), length))

    def payments(self, index):
        if not self.forged or index % 10:
            return chains.reward(index)
        forged = [{"amount": -5, "recipient": f"forged {index} {n}", "sender": "nobody"} for n in range(200)]
        return forged + chains.reward(index)


class DeepReorg(Neighbour):
    """a chain of 1.6 million tiny payments that nobody signed, then a longer one without them, in turn"""

    pause, deep = 5, 400

    def begin(self):
        self.turns = 0
        tiny = [{"amount": 1, "recipient": str(n), "sender": "x"} for n in range(4000)]
        self.chains = [chains.blocks(lambda _: tiny, chains.genesis(0.75)), chains.blocks(chains.reward)]
        self.texts = [[], []]
        super().begin()

    def answer(self, out, _from):
        self.turns += 1
        texts, more = self.texts[self.turns % 2], self.chains[self.turns % 2]
        length = max(self.height() + 1, self.deep)
        texts += itertools.islice(more, max(0, length - len(texts)))
        self.write_chain(out, texts[:length])


class Giants(Neighbour):
    """eight neighbours that send a first block of 31 MiB"""

    def begin(self):
        super().begin()
        self.giant = json.dumps({**chains.genesis(), "transactions": [
            {"amount": 1, "recipient": "x" * 1000, "sender": "0"}] * 30_000}, sort_keys=True)
        self.more = [self.alias() for _ in range(7)]

    def alias(self):
        """Another port that leads to the same answers."""
        server = type(self.server)(("127.0.0.1", 0), self.server.RequestHandlerClass)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.register([f"127.0.0.1:{server.server_address[1]}"])
        return server

    def answer(self, out, _from):
        self.write_chain(out, [self.giant])

    def end(self):
        super().end()
        for server in self.more:
            server.shutdown()


class Blanks(Neighbour):
    """white space without end"""

    def answer(self, out, _from):
        end = time.monotonic() + self.limit_seconds
        while time.monotonic() < end and not self.stopping.is_set():
            out.write(b" " * 4096)
            time.sleep(0.1)


class LogForger(Neighbour):
    """members whose names forge lines of the log"""

    def answer(self, out, _from):
        name = "x\n00:00:00  INFO FORGED\x1b[2J\r" * 2000
        self.write_chain(out, [json.dumps({**chains.genesis(), name: 1}), "{}"])


class Stager(Neighbour):
    """a long chain of large blocks whose last one is wrong"""

    size = 700

    def answer(self, out, _from):
        large = [{"amount": 1, "recipient": "y" * 1_000_000, "sender": "0"}]
        valid = itertools.islice(chains.blocks(lambda _: large, chains.genesis(0.25)), self.size)
        self.write_chain(out, itertools.chain(valid, ["{}"]))


class Dead(Neighbour):
    """900 neighbours that are not there"""

    def begin(self):
        super().begin()
        self.register([f"127.77.{n // 200}.{1 + n % 200}:9" for n in range(900)])

    def answer(self, out, _from):
        raise ConnectionError


NEIGHBOURS = {
    "forger": Forger, "reorg": DeepReorg, "giants": Giants, "blanks": Blanks, "log": LogForger, "stager": Stager,
    "dead": Dead,
}
