"""Work that goes on beside the rest until it is told to stop."""
import threading
import traceback


class Background:
    """Calls `turn` again and again on a thread of its own, with a pause after each, until it is stopped."""

    pause = 0.1

    def __init__(self, target):
        self.target = target
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self.begin()
        self.thread.start()

    def stop(self):
        self.stopping.set()
        self.thread.join(60)
        self.end()

    def _run(self):
        while not self.stopping.is_set():
            try:
                self.turn()
            except (OSError, ValueError):
                pass  # a node that hangs up on an attacker is right
            except Exception:
                traceback.print_exc()
            self.stopping.wait(self.pause)

    def begin(self):
        pass

    def turn(self):
        raise NotImplementedError

    def end(self):
        pass
