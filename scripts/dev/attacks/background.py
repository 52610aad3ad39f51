"""Work on a background thread until it is stopped."""
import threading
import traceback


class Background:
    """Calls `step` repeatedly on its own thread, with a pause after each call, until stopped."""

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
                self.step()
            except (OSError, ValueError):
                pass  # the node may hang up on an attacker
            except Exception:
                traceback.print_exc()
            self.stopping.wait(self.pause)

    def begin(self):
        pass

    def step(self):
        raise NotImplementedError

    def end(self):
        pass
