"""Starts nodes and talks to them. Every wait has a timeout."""
import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import requests

HERE = Path(__file__).resolve().parent
DIFFICULTY = 3
PEER = [sys.executable, str(HERE / "peer.py"), "--port", "0", "--difficulty", str(DIFFICULTY)]
RUST_ARGUMENTS = f"--port 0 --host 127.0.0.1 --difficulty {DIFFICULTY} --data-dir {{data}}"

START_SECONDS = 60  # a debug build generates its key slowly
ANSWER_SECONDS = 60
WHOLE_RUN_SECONDS = 600

ADDRESS = re.compile(r"(?:http://|listening on )(?:127\.0\.0\.1|0\.0\.0\.0|\[::\]):([1-9]\d*)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
BASE64 = re.compile(r"[A-Za-z0-9+/]{100,}=*")


class Node:
    """A running node and its output so far."""

    def __init__(self, name, command, folder):
        self.name = name
        self.printed = {"stdout": [], "stderr": []}
        self.news = threading.Condition()
        # The address is read from the log, so the log level and colours must not come from outside.
        outside = {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
        environment = {**outside, "NO_COLOR": "1", "RUST_LOG": "info"}
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, text=True, encoding="utf-8", errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for stream in self.printed:
            threading.Thread(target=self._collect, args=(stream,), daemon=True).start()
        self.session = requests.Session()
        self.session.trust_env = False  # loopback must not go through a proxy

    def _collect(self, stream):
        for line in getattr(self.process, stream):
            with self.news:
                self.printed[stream].append(COLOUR.sub("", line.rstrip("\n")))
                self.news.notify_all()

    def wait_for(self, find, what, seconds):
        """Waits until `find` returns something for the lines printed so far, and returns it."""
        end = time.monotonic() + seconds
        with self.news:
            while (found := find()) is None:
                left = end - time.monotonic()
                if left <= 0 or self.process.poll() is not None:
                    log = "\n".join(self.printed["stdout"] + self.printed["stderr"])
                    raise RuntimeError(f"{self.name}: {what} did not appear; it printed:\n{log}")
                self.news.wait(min(left, 0.5))
        return found

    def find_address(self):
        def find():
            lines = self.printed["stdout"] + self.printed["stderr"]
            return next((match[1] for line in lines if (match := ADDRESS.search(line))), None)

        self.host = "127.0.0.1:" + self.wait_for(find, "its address", START_SECONDS)
        self.url = "http://" + self.host

    def secret(self):
        """Makes the node print its secret, and returns it."""
        before = len(self.printed["stdout"])
        assert self.get("/secret").status_code == 200

        def find():
            lines = self.printed["stdout"][before:]
            marks = [i for i, line in enumerate(lines) if "output begins" in line or "output ends" in line]
            if len(marks) < 2:
                return None
            between = lines[marks[0] + 1:marks[1]]
            return [line for line in between if BASE64.fullmatch(line)]

        secrets = self.wait_for(find, "the secret on its standard output", ANSWER_SECONDS)
        assert len(secrets) == 1, f"{len(secrets)} lines between the marks look like a secret"
        return secrets[0]

    def get(self, path):
        return self.session.get(self.url + path, timeout=ANSWER_SECONDS)

    def post(self, path, body, content_type="application/json", ascii_only=True):
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=ascii_only).encode()
        return self.session.post(self.url + path, data=data, headers={"Content-Type": content_type},
                                 timeout=ANSWER_SECONDS)

    def chain(self):
        return self.get("/chain").json()["chain"]

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def running(**commands):
    """Runs a node per name and command. `{data}` in a command becomes the node's own folder."""
    nodes = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name, command in commands.items():
                data = Path(folder, name)
                data.mkdir()
                nodes.append(Node(name, [part.replace("{data}", str(data)) for part in command], data))
            for node in nodes:
                node.find_address()
            yield nodes
        finally:
            for node in nodes:
                node.stop()


def exact(text):
    """Parses JSON and keeps the spelling of numbers: 5, 5.0 and 5e0 are three values."""
    return json.loads(text, parse_int=lambda digits: ("int", digits), parse_float=lambda digits: ("float", digits))


def options(description, add=lambda parser: None):
    """Parses the command line of a run: the node to check, the signer, and what `add` adds."""
    parser = argparse.ArgumentParser(description=description)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--node", help="the Rust node: a program, or a command with {data} for its data folder")
    which.add_argument("--reference", action="store_true", help="check a second Python node instead, to test the checks")
    parser.add_argument("--sigscript", type=Path, help="the sigscript program; without it Python signs")
    add(parser)
    arguments = parser.parse_args()
    if arguments.reference:
        arguments.command = PEER
    else:
        line = arguments.node if "{data}" in arguments.node else f"{shlex.quote(arguments.node)} {RUST_ARGUMENTS}"
        binary, *rest = shlex.split(line)
        arguments.command = [str(Path(binary).resolve()), *rest]
        if arguments.sigscript is None:
            parser.error("--node needs --sigscript")
    if arguments.sigscript is not None:
        arguments.sigscript = arguments.sigscript.resolve()
    signal.alarm(WHOLE_RUN_SECONDS)
    signal.signal(signal.SIGALRM, give_up)
    signal.signal(signal.SIGTERM, give_up)
    return arguments


def give_up(number, _frame):
    raise SystemExit(f"stopped by {signal.Signals(number).name}; a run has {WHOLE_RUN_SECONDS} s")
