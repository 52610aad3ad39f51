#!/usr/bin/env python3
"""Measures how many payments a second a node takes, beside the Python node under gunicorn, in one run.

    python3 -m venv .venv && .venv/bin/pip install -r scripts/dev/bench/requirements.txt
    cargo build --release -p node
    .venv/bin/python scripts/dev/bench/payments.py [--seconds N] [--rounds N] [--node FILE ...]

It needs wrk. The payments are distinct and signed by 8 senders; 32 connections send them, each payment once. All must be
answered with 201, and the pool must hold all of them at the end. The node keeps its ledger on disk, in a new directory
beside the file of payments. The payments are made on the first run, which takes a minute or two, and kept.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS, THREADS = 32, 2


class Server:
    """A node, Rust or Python, until the end of a with block."""

    def __init__(self, command, folder):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, cwd=folder,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            found = re.search(r"istening (?:on|at:) http://(127\.0\.0\.1:\d+)", line)
            if found:
                self.url = f"http://{found[1]}"
                return
        raise SystemExit(f"{command[0]} did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=60)


def node(folder, program=TARGET / "release" / "node", flags=()):
    """Starts a node with a new ledger and a pool that holds all that is sent."""
    data = tempfile.mkdtemp(prefix="node-", dir=folder)
    command = [program, "--port", 0, "--host", "127.0.0.1", "--data-dir", data, "--pool-limit", "4 GiB"]
    return Server([*command, *flags], folder)


def gunicorn(folder):
    """Starts the Python node with one worker of eight threads: more workers would not share a ledger."""
    command = [pathlib.Path(sys.executable).with_name("gunicorn"), "--workers", 1, "--threads", 8]
    return Server([*command, "--bind", "127.0.0.1:0", "--chdir", HERE, "python_node:app"], folder)


def send(server, payments, seconds):
    """Sends payments for some seconds; answers wrk's figures, after a look at whether all of them were taken."""
    script = ["-s", HERE / "payments.lua", f"{server.url}/transactions/new", "--", payments, THREADS]
    command = ["wrk", "-t", THREADS, "-c", CONNECTIONS, "-d", f"{seconds}s", "--timeout", "10s", *script]
    run = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)
    figures = json.loads(run.stdout.strip().splitlines()[-1])
    if figures["refused"] or figures["broken"] or figures["ran_out"]:
        raise SystemExit(f"not every payment was taken: {figures}")
    with urllib.request.urlopen(f"{server.url}/transactions") as answer:
        taken = json.load(answer)["length"]
    # What was on its way when the time was over may have been taken too.
    if not figures["answers"] <= taken <= figures["answers"] + CONNECTIONS:
        raise SystemExit(f"{figures['answers']} payments were answered with 201, and the pool holds {taken}")
    figures["per_second"] = figures["answers"] / figures["seconds"]
    return figures


def payments_file(count):
    """The file of payments, made if it is not there."""
    path = TARGET / "bench" / f"payments-{count}.jsonl"
    if not path.exists():
        from signing import write_payments

        path.parent.mkdir(parents=True, exist_ok=True)
        print(f"making {count} signed payments", file=sys.stderr, flush=True)
        write_payments(path, count)
    return path


def measure(servers, payments, seconds, rounds):
    """Starts and measures each of the servers in turn; answers the figures of each, one for each round."""
    figures = {name: [] for name in servers}
    for _ in range(rounds):
        for name, start in servers.items():
            with tempfile.TemporaryDirectory(dir=payments.parent) as folder, start(folder) as server:
                figures[name].append(send(server, payments, seconds))
    return figures


def table(figures):
    """The medians as a table; the last column says how many times as many payments as under gunicorn."""
    median = {
        name: {key: statistics.median(run[key] for run in runs) for key in ("per_second", "p50_ms", "p99_ms")}
        for name, runs in figures.items()
    }
    least = median["gunicorn"]["per_second"]
    lines = ["| who | payments per s | p50 ms | p99 ms | times gunicorn |", "|---|---|---|---|---|"]
    for name, of in median.items():
        times = of["per_second"] / least
        lines.append(f"| {name} | {of['per_second']:,.0f} | {of['p50_ms']:.2f} | {of['p99_ms']:.2f} | {times:.1f} |")
    return "\n".join(lines)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=5, help="how long each measurement takes")
    options.add_argument("--rounds", type=int, default=3, help="how often each is made; medians are shown")
    options.add_argument("--payments", type=int, default=400_000, help="how many payments to have ready")
    options.add_argument("--node", type=pathlib.Path, action="append", help="a node's program; may be given again")
    arguments = options.parse_args()

    programs = arguments.node or [TARGET / "release" / "node"]
    servers = {str(program): lambda folder, program=program: node(folder, program.resolve()) for program in programs}
    servers["gunicorn"] = gunicorn
    payments = payments_file(arguments.payments)
    print(table(measure(servers, payments, arguments.seconds, arguments.rounds)))


if __name__ == "__main__":
    main()
