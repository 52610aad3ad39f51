"""The Python node of the mixed network as a gunicorn application."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "crates/node/tests/mixed"))

from peer import Node, application  # noqa: E402

app = application(Node(difficulty=4))
