"""Measures payments a second on our node and on the Python node under gunicorn.

wrk sends distinct payments of 8 senders over 32 connections, each once. All must be answered with 201 and be in the
pool at the end. The first run signs the payments, which takes a minute or two, and keeps them in a file.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

from processes import TARGET, Process, rust, say

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS, THREADS, PAYMENTS, SECONDS = 32, 2, 400_000, 5


def gunicorn():
    """Starts the Python node with one worker of eight threads. Several workers would each have their own ledger."""
    command = [pathlib.Path(sys.executable).with_name("gunicorn"), "--workers", 1, "--threads", 8]
    return Process([*command, "--bind", "127.0.0.1:0", "--chdir", HERE, "python_node:app"])


def send(server, payments, seconds=SECONDS):
    """Sends payments for some seconds, checks that all were accepted, and returns wrk's figures."""
    script = ["-s", HERE / "payments.lua", f"http://127.0.0.1:{server.port}/transactions/new", "--", payments, THREADS]
    command = ["wrk", "-t", THREADS, "-c", CONNECTIONS, "-d", f"{seconds}s", "--timeout", "10s", *script]
    run = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)
    figures = json.loads(run.stdout.strip().splitlines()[-1])
    if figures["refused"] or figures["broken"] or figures["ran_out"]:
        raise SystemExit(f"not every payment was accepted: {figures}")
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/transactions") as answer:
        taken = json.load(answer)["length"]
    # Requests in flight at the end may have been accepted too.
    if not figures["answers"] <= taken <= figures["answers"] + CONNECTIONS:
        raise SystemExit(f"{figures['answers']} payments were answered with 201, but the pool holds {taken}")
    figures["per_second"] = figures["answers"] / figures["seconds"]
    return figures


def payments_file():
    """The file of payments, made on the first run."""
    path = TARGET / "bench" / f"payments-{PAYMENTS}.jsonl"
    if not path.exists():
        from signing import write_payments

        path.parent.mkdir(parents=True, exist_ok=True)
        say(f"making {PAYMENTS} signed payments")
        write_payments(path, PAYMENTS)
    return path


def add(figures, note, who, sent):
    figures.add(f"payments accepted a second{note}", who, sent["per_second"])
    figures.add(f"the slowest of a hundred payments (p99){note}, ms", who, sent["p99_ms"])


def measure(figures, programs, rounds):
    """Adds the figures of gunicorn and of each program. `programs` maps a note for the row to a path."""
    payments = payments_file()
    for number in range(rounds):
        say(f"payments, round {number + 1} of {rounds}")
        with gunicorn() as server:
            python = send(server, payments)
        for note, program in programs.items():
            # Beside the payments, on disk: the default temporary directory may be in memory.
            with tempfile.TemporaryDirectory(dir=payments.parent) as folder:
                with rust(folder, 4, "--pool-limit", "4 GiB", program=program) as server:
                    add(figures, note, "Rust", send(server, payments))
            add(figures, note, "Python", python)
