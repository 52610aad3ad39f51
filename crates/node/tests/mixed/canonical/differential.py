"""Compares canonical texts and hashes of ledger-core with Python's `json.dumps(sort_keys=True)`, byte for byte.

    canonical/differential.py --program target/debug/examples/canonical_lines
    canonical/differential.py --program … --floats 10000000 --blocks 100000
    canonical/differential.py --program … --seed 1795399104       repeats the random half of an earlier run

Half of the input is the same in each run. The other half is seeded with the time, and the seed is printed. Needs only
Python.
"""
import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import draw  # noqa: E402
import mutate  # noqa: E402
from checks import Checks  # noqa: E402

BATCH = 2_000


def ask(program, mode, lines):
    """The program's answer to each line."""
    with tempfile.TemporaryFile() as sent:
        sent.writelines(line + b"\n" for line in lines)
        sent.seek(0)
        done = subprocess.run([program, mode], stdin=sent, capture_output=True, timeout=600, check=True)
    return done.stdout.decode("ascii", "backslashreplace").split("\n")[:-1]


def hashed(text):
    return f"{hashlib.sha256(text.encode()).hexdigest()} {text}"


def python(line):
    """Python's hash and canonical text of a line."""
    return hashed(json.dumps(json.loads(line), sort_keys=True))


def read_chain(line):
    blocks = mutate.expected(bytes.fromhex(line))
    return None if blocks is None else "\t".join(blocks)


def compare(program, mode, lines, judge):
    """Compares the program's answers with the judge's, where None means a refusal. Returns how many were accepted."""
    # A line end is only white space here: JSON escapes it within texts.
    answers = ask(program, mode, [line.replace("\n", " ").encode() for line in lines])
    assert len(answers) == len(lines), f"{len(answers)} answers to {len(lines)} lines"
    accepted = 0
    for line, answer in zip(lines, answers):
        right = judge(line)
        accepted += right is not None
        if answer.startswith("!") if right is not None else not answer.startswith("!"):
            raise AssertionError(f"\n  {shown(mode, line)}\n  gives {answer[:500]!r}\n  Python: {str(right)[:500]!r}")
        if right is not None and answer != right:
            raise AssertionError(f"\n  {first_difference(answer, right)}\n  in {shown(mode, line)}")
    return accepted


def shown(mode, line):
    return repr(bytes.fromhex(line)[:3000] if mode == "chains" else line[:1000])


def first_difference(answer, right):
    at = next((at for at, (one, other) in enumerate(zip(answer, right)) if at > 64 and one != other), 0)
    begin = max(at - 40, 0)
    return f"ours: …{answer[begin:at + 40]!r}, Python's: …{right[begin:at + 40]!r}"


class Differential:
    def __init__(self, arguments, checks):
        self.arguments, self.checks = arguments, checks

    def run(self):
        with self.checks.that("every code point has Python's text"):
            compare(self.arguments.program, "values", list(draw.every_code_point()), python)
        for name, count, mode, line, judge in [
            ("floats", self.arguments.floats // draw.FLOATS_A_LINE, "values", draw.float_line, python),
            ("long floats", 40, "values", draw.long_float, python),
            ("integers", self.arguments.values, "values", draw.integer, python),
            ("texts", self.arguments.values, "values", lambda rng: draw.string(rng, 60), python),
            ("values", self.arguments.values, "values", draw.value, python),
            ("nested values", 200, "values", lambda rng: draw.nested(rng, rng.randrange(1, 300)), python),
            ("blocks", self.arguments.blocks, "blocks", draw.block, python),
            ("answers", self.arguments.answers, "chains", lambda rng: mutate.answer(rng).hex(), read_chain),
        ]:
            for share, seed in [("fixed seed", 1), (f"seed {self.arguments.seed}", self.arguments.seed)]:
                self.share(name, count // 2, mode, line, judge, share, Random(f"{name} {seed}"))

    def share(self, name, count, mode, line, judge, share, rng):
        drawn = count * draw.FLOATS_A_LINE if name == "floats" else count
        with self.checks.that(f"{drawn} {name} ({share}) have Python's text and hash, or Python refuses them too"):
            accepted = 0
            for begin in range(0, count, BATCH):
                size = min(BATCH, count - begin)
                accepted += compare(self.arguments.program, mode, [line(rng) for _ in range(size)], judge)
            assert accepted > count // 10, f"only {accepted} of {count} are accepted: too few to compare"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="ledger-core's example canonical_lines")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="seed of the random half; default: the time")
    for name, usual in [("floats", 1_200_000), ("values", 20_000), ("blocks", 5_000), ("answers", 20_000)]:
        parser.add_argument(f"--{name}", type=int, default=usual)
    arguments = parser.parse_args()
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    print(f"seed {arguments.seed}, Python {sys.version.split()[0]}", flush=True)
    checks = Checks()
    Differential(arguments, checks).run()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
