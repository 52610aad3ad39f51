"""The node under attack: its process, its files, and plain requests."""
import http.client
import os
import pathlib
import re
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
DIFFICULTY = 1
START_SECONDS = 120


class Target:
    host = "127.0.0.1"
    # More arguments for Popen.
    options = {}

    def __init__(self, folder, program=None):
        self.folder = pathlib.Path(folder)
        self.data, self.log = self.folder / "data", self.folder / "log"
        self.program = pathlib.Path(program or ROOT / "target/release/node").resolve()
        self.start_again()

    def flags(self):
        return ["--host", self.host, "--port", "0", "--difficulty", str(DIFFICULTY), "--data-dir", str(self.data)]

    def start_again(self):
        seen = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([self.program, *self.flags()], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            cwd=self.folder, env={**os.environ, "NO_COLOR": "1"}, **self.options)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            lines = self.log.read_bytes()[seen:].decode(errors="replace")
            if found := re.search(rf"http://{re.escape(self.host)}:(\d+)", lines):
                self.port = int(found[1])
                return
            time.sleep(0.05)
        raise SystemExit(f"the node did not start: {self.log.read_text(errors='replace')[-2000:]}")

    def is_running(self):
        return self.process.poll() is None

    def stop(self):
        """Stops the node with SIGTERM. Returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "killed after 30 s"

    def connect(self, timeout=30):
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)

    def ask(self, path, body=None, timeout=30):
        """Sends a request on its own connection. Returns status and body."""
        connection = self.connect(timeout)
        try:
            connection.request("GET" if body is None else "POST", path, body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def status_kib(self, name):
        try:
            status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0
        found = re.search(rf"{name}:\s+(\d+) kB", status)
        return int(found[1]) if found else 0

    def descriptors(self):
        try:
            return len(os.listdir(f"/proc/{self.process.pid}/fd"))
        except OSError:
            return 0

    def disk_bytes(self):
        total = 0
        for file in self.data.rglob("*"):
            try:
                total += file.stat().st_size if file.is_file() else 0
            except OSError:
                pass
        return total

    def wal_bytes(self):
        try:
            return (self.data / "ledger.db-wal").stat().st_size
        except OSError:
            return 0
