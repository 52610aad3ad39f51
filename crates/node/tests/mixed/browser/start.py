"""Starts Chromium and nodes for the checks of the page."""
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from harness import running
from webdriver import chromium

PROGRAMS = ("chromium", "chromedriver")


def is_installed():
    """Whether this system has what a browser needs. Says what is missing."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        print(f"skipped: not installed: {', '.join(missing)}")
    return not missing


@contextmanager
def browser(rules="EXCLUDE none"):
    """A browser with an empty profile, which resolves names by `rules`."""
    binary, driver = map(shutil.which, PROGRAMS)
    with tempfile.TemporaryDirectory() as folder, chromium(driver, binary, Path(folder) / "profile", rules) as started:
        yield started


@contextmanager
def node(program, *arguments, difficulty=3, port=0, data="{data}"):
    """A node with its own folder, unless `data` names one."""
    command = [program, "--host", "127.0.0.1", "--port", str(port), "--difficulty", str(difficulty), "--data-dir", data, *arguments]
    with running(node=command) as (started,):
        yield started
