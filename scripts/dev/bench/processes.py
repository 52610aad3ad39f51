"""Nodes as processes, with their time and memory."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
NODE = TARGET / "release" / "node"
PEER = ROOT / "crates/node/tests/mixed/peer.py"


def say(text):
    print(text, file=sys.stderr, flush=True)


def build(*options):
    """Builds every program that is measured."""
    say(" ".join(["building with --release", *options]))
    command = ["cargo", "build", "--release", "--quiet", "-p", "node", "-p", "ledger-core", "--bins", "--examples"]
    subprocess.run([*command, *options], check=True, cwd=ROOT)


class Process:
    """A node, Rust or Python. Stops at the end of a with block."""

    def __init__(self, command):
        self.began = time.monotonic()
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tempfile.gettempdir())
        for line in self.process.stdout:
            found = re.search(r"istening (?:on|at:) (?:http://)?127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found[1])
                # Drain its later output, or a full pipe would block it.
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return
        raise SystemExit(f"{command[0]} did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def peak(self):
        """Peak memory of the process, in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def written(self):
        """Bytes that the process has written to files so far."""
        written = pathlib.Path(f"/proc/{self.process.pid}/io").read_text()
        return int(re.search(r"^write_bytes: (\d+)", written, re.MULTILINE)[1])

    def settle(self):
        """Waits until the process is idle. After its start a node checks its chain in the background."""
        used, before = self.ticks(), None
        while used != before:
            time.sleep(0.3)
            used, before = self.ticks(), used

    def ticks(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        return int(fields[11]) + int(fields[12])

    def ask(self, path, body=None, keep=False):
        """Sends a request and reads the whole answer. Returns the seconds, and its size or, with `keep`, its body."""
        head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        began, total, buffer, kept = time.monotonic(), 0, bytearray(1 << 20), b""
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall((head + "\r\n" + (body or "")).encode())
            while read := connection.recv_into(buffer):
                if total == 0 and not buffer.startswith(b"HTTP/1.1 20"):
                    raise SystemExit(f"{path}: {bytes(buffer[:read])[:200]}")
                total += read
                kept += bytes(buffer[:read]) if keep else b""
        return time.monotonic() - began, kept.partition(b"\r\n\r\n")[2] if keep else total


def rust(directory, difficulty, *flags, program=NODE):
    return Process([program, "--host", "127.0.0.1", "--port", "0", "--difficulty", difficulty, "--data-dir", directory, *flags])


def python(difficulty):
    return Process([sys.executable, "-u", PEER, "--port", "0", "--difficulty", difficulty])
