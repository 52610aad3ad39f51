"""Runs and counts named checks."""
from contextlib import contextmanager


class Checks:
    """Prints a line per check, and the totals at the end."""

    def __init__(self):
        self.passed = self.failed = 0

    @contextmanager
    def that(self, sentence):
        try:
            yield
        except Exception as error:  # a failed check must not stop the rest
            self.failed += 1
            print(f"FAILED  {sentence}: {type(error).__name__}: {error}", flush=True)
        else:
            self.passed += 1
            print(f"ok      {sentence}", flush=True)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0


def equal(left, right):
    assert left == right, f"\n  {left!r}\n  is not\n  {right!r}"
