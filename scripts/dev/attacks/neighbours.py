"""Neighbours that strain the node when it resolves."""
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
    """A neighbour on its own port. `answer` gets each request's `from` and writes the body."""

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
                    pass  # the node gave up on us

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = allow_reuse_address = True

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.register([f"127.0.0.1:{self.server.server_address[1]}"])

    def register(self, nodes):
        status, text = self.target.ask("/nodes/register", json.dumps({"nodes": nodes}))
        if status != 201:
            raise SystemExit(f"the node refused a neighbour: {status} {text[:200]}")

    def step(self):
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
    """a longer chain with unsigned payments, then a longer one without"""

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
    """a chain with 1.6 million tiny unsigned payments alternates with a longer one without"""

    pause, deep = 5, 400

    def begin(self):
        self.answers = 0
        tiny = [{"amount": 1, "recipient": str(n), "sender": "x"} for n in range(4000)]
        self.chains = [chains.blocks(lambda _: tiny, chains.genesis(0.75)), chains.blocks(chains.reward)]
        self.texts = [[], []]
        super().begin()

    def answer(self, out, _from):
        self.answers += 1
        texts, more = self.texts[self.answers % 2], self.chains[self.answers % 2]
        length = max(self.height() + 1, self.deep)
        texts += itertools.islice(more, max(0, length - len(texts)))
        self.write_chain(out, texts[:length])


class Many(Neighbour):
    """A neighbour on several ports."""

    ports = 8

    def begin(self):
        super().begin()
        self.more = [self.alias() for _ in range(self.ports - 1)]

    def alias(self):
        server = type(self.server)(("127.0.0.1", 0), self.server.RequestHandlerClass)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.register([f"127.0.0.1:{server.server_address[1]}"])
        return server

    def end(self):
        super().end()
        for server in self.more:
            server.shutdown()


class Giants(Many):
    """eight neighbours send blocks of 31 MiB of different kinds"""

    def begin(self):
        self.kinds = itertools.cycle(giants(31 << 20))
        self.lock = threading.Lock()
        super().begin()

    def answer(self, out, _from):
        with self.lock:
            begin, unit, times, end = next(self.kinds)
        out.write(b'{"chain": [' + begin)
        for _ in range(times):
            out.write(unit)
        out.write(end + b"]}")


def giants(size):
    """Ways to fill a first or second block: the text before, the repeated text and its count, the text after."""
    first, second = itertools.islice(chains.blocks(lambda _: ["HERE"], chains.genesis(0.125)), 2)
    before, after = ((first + ", " + second).encode()).split(b'"HERE"')
    amount_before, amount_after = b'{"amount": ', b', "recipient": "r", "sender": "s"}'
    payment = amount_before + b"1" + amount_after

    def amount(begin, unit, end):
        return before + amount_before + begin, unit * 1000, size // (len(unit) * 1000), end + amount_after + after

    many = (b", " + payment) * 1000
    yield first.encode()[:-2] + payment, many, size // len(many), b"]}"
    yield before + payment, many, size // len(many), after
    yield amount(b'"', b"x", b'"')
    yield amount(b'"', b"\x7f", b'"')
    yield amount(b"1", b"0", b"e-31000000")
    yield amount(b"[0", b', {"b": 1, "a": 1}', b"]")
    yield amount(b'{"": 0', b', "a": 1', b"}")
    yield amount(b"", b"[", b"")


class Stalled(Many):
    """sixteen neighbours stop after 20 MiB of a block"""

    ports = 16

    def answer(self, out, _from):
        out.write(b'{"chain": [{"index": 1, "previous_hash": 1, "proof": 1, "timestamp": ')
        for _ in range(20 * 16):
            out.write(b"1" * CHUNK)
        self.stopping.wait(self.limit_seconds)


class Blanks(Neighbour):
    """endless white space"""

    def answer(self, out, _from):
        end = time.monotonic() + self.limit_seconds
        while time.monotonic() < end and not self.stopping.is_set():
            out.write(b" " * 4096)
            time.sleep(0.1)


class LogForger(Neighbour):
    """member names forge log lines"""

    def answer(self, out, _from):
        name = "x\n00:00:00  INFO FORGED\x1b[2J\r" * 2000
        self.write_chain(out, [json.dumps({**chains.genesis(), name: 1}), "{}"])


class Stager(Neighbour):
    """a long chain of large blocks ends with an invalid one"""

    size = 700

    def answer(self, out, _from):
        large = [{"amount": 1, "recipient": "y" * 1_000_000, "sender": "0"}]
        valid = itertools.islice(chains.blocks(lambda _: large, chains.genesis(0.25)), self.size)
        self.write_chain(out, itertools.chain(valid, ["{}"]))


class Dead(Neighbour):
    """900 unreachable neighbours"""

    def begin(self):
        super().begin()
        self.register([f"127.77.{n // 200}.{1 + n % 200}:9" for n in range(900)])

    def answer(self, out, _from):
        raise ConnectionError


NEIGHBOURS = {
    "forger": Forger, "reorg": DeepReorg, "giants": Giants, "stalled": Stalled, "blanks": Blanks, "log": LogForger,
    "stager": Stager, "dead": Dead,
}
