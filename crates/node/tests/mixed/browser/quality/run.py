"""The page beyond its views: test vectors, keyboard, strangers, lost connections, newcomers and long chains.

    browser/quality/run.py --node target/debug/node --sigscript target/debug/sigscript

Needs chromium and chromedriver. Prints a line for each check, then `N passed, 0 failed`.
"""
import sys
import tempfile
from pathlib import Path

sys.path[:0] = map(str, Path(__file__).resolve().parents[1:3])

import long_chain  # noqa: E402
import newcomer  # noqa: E402
import strangers  # noqa: E402
import vectors  # noqa: E402
from checks import Checks  # noqa: E402
from harness import options  # noqa: E402
from keyboard import Keyboard  # noqa: E402
from line import Line  # noqa: E402
from start import browser, is_installed, node  # noqa: E402
from view import View  # noqa: E402


def of_vectors(program, checks):
    with browser() as chromium, node(program) as started:
        vectors.run(View(chromium, started), checks)


def of_keyboard(program, checks):
    with browser() as chromium, node(program) as started:
        for _ in range(3):
            started.get("/mine")
        Keyboard(View(chromium, started), started, checks).run()


def of_strangers(program, checks):
    with tempfile.TemporaryDirectory() as folder, browser(strangers.RULES) as chromium:
        token = Path(folder, "token")
        token.write_text(strangers.TOKEN)
        token.chmod(0o600)
        with node(program, *strangers.ARGUMENTS, "--owner-token-file", str(token)) as started:
            strangers.Strangers(View(chromium, started), started, checks).run()


def of_line(program, checks):
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        Line(lambda started: View(chromium, started), program, folder, checks).run()


def of_long_chain(program, checks):
    with browser() as chromium:
        long_chain.run(program, chromium, checks)


def of_newcomer(program, checks):
    with browser() as chromium:
        newcomer.run(program, lambda started: View(chromium, started), checks)


PARTS = {"vectors": of_vectors, "keyboard": of_keyboard, "strangers": of_strangers, "line": of_line, "newcomer": of_newcomer,
         "long-chain": of_long_chain}


def main():
    arguments = options(__doc__.splitlines()[0])
    if not is_installed():
        return 0
    checks = Checks()
    for name, part in PARTS.items():
        with checks.that(f"{name} runs to its end"):
            part(arguments.command[0], checks)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
