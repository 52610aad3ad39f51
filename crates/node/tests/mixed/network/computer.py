"""A computer of the test network: a namespace, its devices, and a node that can be killed and started again."""
import http.client
import json
import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness import COLOUR, START_SECONDS, Node  # noqa: E402
from spaces import connect, inside  # noqa: E402

HTTP, P2P = 5000, 6000
ANSWER_SECONDS = 60
HEIGHT = re.compile(r"\bheight (\d+)")
MINED = re.compile(r"\bmined block (\d+)\b")


class Process(Node):
    """A node that remembers when it printed each line."""

    def __init__(self, name, command, folder):
        self.heard = []
        super().__init__(name, command, folder)

    def _collect(self, stream):
        for line in getattr(self.process, stream):
            now, line = time.monotonic(), COLOUR.sub("", line.rstrip("\n"))
            with self.news:
                self.printed[stream].append(line)
                self.heard.append((now, line))
                self.news.notify_all()


class Computer:
    port = HTTP

    def __init__(self, namespace, folder, binary, arguments):
        self.namespace, self.folder, self.binary, self.arguments = namespace, folder, binary, arguments
        self.name = namespace.rpartition("-")[2]
        self.addresses = []
        self.process = None
        self.history = []
        folder.mkdir()

    def plug(self, switch, device, address):
        """Adds a device with this address, such as 10.0.0.1/24. Returns its plug, which must join a segment."""
        plug = switch.plug(self.namespace, device)
        connect(self.namespace, device, address)
        self.addresses.append(address.partition("/")[0])
        return plug

    def start(self, *arguments):
        command = ["ip", "netns", "exec", self.namespace, self.binary, "--port", str(HTTP),
                   "--data-dir", str(self.folder / "data"), *self.arguments, *arguments]
        self.started_with = arguments
        self.process = Process(self.name, command, self.folder)
        self.process.find_address()
        return self

    def kill(self):
        self.process.process.kill()
        self.process.process.wait()
        self._forget()

    def stop(self):
        if self.process and self.process.process.poll() is None:
            self.process.stop()
        self._forget()

    def restart(self):
        return self.start(*self.started_with)

    def _forget(self):
        if self.process:
            self.history += self.process.heard

    def ask(self, method, path, body=None):
        """Asks the node over its own loopback device, as its owner. Returns status and parsed answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        with inside(self.namespace):
            connection.connect()
        try:
            headers = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def get(self, path):
        status, answer = self.ask("GET", path)
        assert status == 200, f"{self.name} {path}: {status} {answer}"
        return answer

    def status(self):
        return self.get("/status")

    def mine(self):
        return self.get("/mine")

    def pay(self, payment):
        return self.ask("POST", "/transactions/new", payment)[0]

    def chain(self):
        return self.get("/chain")["chain"]

    def memory(self):
        """Resident memory in MiB."""
        text = Path(f"/proc/{self.process.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024

    def reached(self, height):
        """When the log first named this height or a higher one, or None."""
        for at, line in self.history + self.process.heard:
            match = HEIGHT.search(line) or MINED.search(line)
            if match and int(match[1]) >= height and not line.endswith("known"):
                return at
        return None


def until(holds, seconds, what, pause=0.02):
    """Waits until `holds()` is true, and returns the seconds it took."""
    begin = time.monotonic()
    while not holds():
        if time.monotonic() - begin > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause)
    return time.monotonic() - begin


def one_tip(computers):
    return len({computer.status()["tip"] for computer in computers}) == 1
