"""A node of the soaking network: its address, its life and what it costs."""
import hashlib
import json
import pathlib
import re
import sys
import time
from http.client import HTTPException

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "attacks"))

from target import START_SECONDS, Target  # noqa: E402

DOWN, JOINING, UP = "down", "joining", "up"
CATCH_UP_SECONDS = 300


class Member(Target):
    """Listens on an address of its own, 127.0.0.N, and keeps the ports that the system chose at its first start."""

    # In a process group of its own, so that Ctrl-C reaches only the soak program.
    options = {"process_group": 0}

    def __init__(self, number, folder, program, difficulty, dial):
        self.number, self.host, self.difficulty = number, f"127.0.0.{number + 2}", difficulty
        self.dial = [f"{member.host}:{member.p2p_port}" for member in dial]
        self.port = self.p2p_port = 0
        self.state, self.lines, self.read = DOWN, 0, 0
        pathlib.Path(folder).mkdir(parents=True)
        super().__init__(folder, program)

    def flags(self):
        peers = [word for address in self.dial for word in ("--peer", address)]
        return ["--host", self.host, "--port", str(self.port), "--p2p-port", str(self.p2p_port), *peers,
                "--difficulty", str(self.difficulty), "--data-dir", str(self.data)]

    def start_again(self):
        try:
            super().start_again()
            self.p2p_port = self.find_p2p_port()
        except (SystemExit, OSError) as error:
            self.kill()
            raise OSError(f"node {self.number} did not start: {error}") from error
        self.state = JOINING

    def find_p2p_port(self):
        """The port that the network listens on. A node that is busy does not name it at once."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if (p2p := self.status()["p2p"]) and p2p["listen"]:
                return int(p2p["listen"][0].split("/")[4])
            time.sleep(0.2)
        raise OSError("it does not listen for peers")

    def ask(self, path, body=None, timeout=30):
        try:
            return super().ask(path, body, timeout)
        except HTTPException as error:
            raise OSError(f"node {self.number}, {path}: {error!r}") from error

    def get(self, path, timeout=30):
        status, answer = self.ask(path, timeout=timeout)
        if status != 200:
            raise OSError(f"node {self.number}, {path}: {status} {answer[:200]!r}")
        return json.loads(answer)

    def status(self):
        return self.get("/status")

    def block(self, height):
        """The text of a block and its hash."""
        status, text = self.ask(f"/blocks/{height}")
        if status != 200:
            raise OSError(f"node {self.number}, block {height}: {status}")
        return text, hashlib.sha256(text).hexdigest()

    def kill(self):
        self.state = DOWN
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.state = DOWN
        return super().stop()

    def catch_up(self, height, stopping, seconds=CATCH_UP_SECONDS):
        """Waits for a height. Returns the seconds, or None if it takes too long or the soak ends."""
        began = time.monotonic()
        while (took := time.monotonic() - began) < seconds and not stopping.is_set():
            try:
                if self.status()["height"] >= height:
                    self.state = UP
                    return took
            except OSError:
                pass  # still starting, or too busy: ask again
            stopping.wait(0.2)
        return None

    def threads(self):
        try:
            status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0
        return int(re.search(r"Threads:\s+(\d+)", status)[1])

    def log_lines(self):
        """Lines of the log so far. Reads only what is new."""
        with open(self.log, "rb") as log:
            log.seek(self.read)
            new = log.read()
        self.read += len(new)
        self.lines += new.count(b"\n")
        return self.lines
