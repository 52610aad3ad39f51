"""A program on its own terminal, with typed input."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time


def reset_signals():
    """Resets the signals that nohup and & set to ignored: a shell cannot do that itself."""
    for sign in [signal.SIGHUP, signal.SIGINT]:
        signal.signal(sign, signal.SIG_DFL)


class Terminal:
    """Runs a command on a new terminal. `seen` is its output so far. Use it in a `with`, which ends it."""

    SECONDS = 60

    def __init__(self, words, columns=80, **environment):
        self.seen = b""
        self.status = None
        self.process, self.side = pty.fork()
        if self.process == 0:
            reset_signals()
            os.execvpe(words[0], words, {"TERM": "xterm", "PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment})
        self.resize(columns)
        self.before = termios.tcgetattr(self.side)

    def resize(self, columns):
        fcntl.ioctl(self.side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def type(self, text):
        os.write(self.side, text.encode())

    def wait_for(self, text, since=0):
        """Waits for the text after the first `since` bytes. Returns the end of the match."""
        wanted = text.encode()
        self._read_until(lambda: wanted in self.seen[since:], f"{text!r} to be shown")
        return self.seen.index(wanted, since) + len(wanted)

    def interrupt(self, text=None, since=0):
        """Presses Ctrl-C until the program ends or shows the text. One press can fall between a prompt and its read, and
        then waits for the next key."""
        is_so = lambda: self.status is not None or text and text.encode() in self.seen[since:]
        for _ in range(self.SECONDS):
            self.type("\x03")
            if self._is_within(1, is_so):
                return

    def end(self):
        """Waits for the end. Returns the exit status, negative for a signal, and the output in lines."""
        self._read_until(lambda: self.status is not None, "the end")
        return os.waitstatus_to_exitcode(self.status), self.seen.decode().replace("\r\n", "\n")

    def is_as_before(self):
        """Whether the terminal has its initial settings again."""
        return termios.tcgetattr(self.side) == self.before

    def _read_until(self, is_so, what):
        found = self._is_within(self.SECONDS, is_so)
        assert found, f"waited for {what}; the output was:\n{self.seen.decode(errors='replace')}"

    def _is_within(self, seconds, is_so):
        end = time.monotonic() + seconds
        while not is_so():
            left = end - time.monotonic()
            if left <= 0 or self.status is not None:
                return False
            if not select.select([self.side], [], [], left)[0]:
                continue
            try:
                self.seen += os.read(self.side, 65536)
            except OSError:  # no process has the terminal open
                self.status = os.waitpid(self.process, 0)[1]
        return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.process, 9)
            os.waitpid(self.process, 0)
        os.close(self.side)
