"""Sends random requests made from /openapi.json, and checks that it describes each answer.

    openapi.py --node target/debug/node --schemathesis target/ci-venv/bin/schemathesis

--max-examples sets the number of random requests for each operation, --seconds the time. 450 and 3600 give about ten thousand
requests. /events is left out: it never ends.
"""
import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import HERE, RUST_ARGUMENTS, running

CONFIGURATION = f"hooks = \"{HERE / 'formats.py'}\"\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node", type=Path, required=True, help="the Rust node")
    parser.add_argument("--schemathesis", type=Path, required=True, help="the program schemathesis")
    parser.add_argument("--max-examples", default="50", help="random requests for each operation (50)")
    parser.add_argument("--seconds", default="90", help="the most seconds for all of them (90)")
    arguments = parser.parse_args()
    node = [str(arguments.node.resolve()), *RUST_ARGUMENTS.split(), "--request-log", "off"]
    with running(node=node) as (node,), tempfile.TemporaryDirectory() as folder:
        sys.exit(check(arguments, node, Path(folder)))


def check(arguments, node, folder):
    """Runs schemathesis in a folder of its own, since it leaves files behind."""
    (folder / "schemathesis.toml").write_text(CONFIGURATION)
    return subprocess.run(
        [str(arguments.schemathesis.absolute()), "run", node.url + "/openapi.json", "--exclude-path", "/events",
         "--max-examples", arguments.max_examples, "--max-time", arguments.seconds, "--no-color"],
        cwd=folder, check=False,
    ).returncode


if __name__ == "__main__":
    main()
