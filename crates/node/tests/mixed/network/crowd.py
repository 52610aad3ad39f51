"""Thirty computers that know nothing of each other: `--discover` only.

    crowd.py --node target/release/node
"""
import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checks import Checks  # noqa: E402
from computer import P2P, one_tip, until  # noqa: E402
from load import Load, delays, quoted  # noqa: E402
from worlds import computers, one_cable, skip_if_impossible  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node", type=Path, required=True)
    parser.add_argument("--nodes", type=int, default=30)
    parser.add_argument("--blocks", type=int, default=30)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between blocks")
    return parser.parse_args()


def run(options, checks, every):
    begin = time.monotonic()
    for computer in every:
        computer.start("--p2p-port", str(P2P), "--discover")
    print(f"        started in {time.monotonic() - begin:.0f} s")
    with checks.that("each finds another"):
        took = until(lambda: all(one.status()["p2p"]["connected"] for one in every), 60, "each has a peer", pause=0.5)
        print(f"        {took:.1f} s after the last start")
    load = Load(1)
    with checks.that("a block from any of them reaches all"):
        load.spread(every, options.blocks, 0, options.pause)
        took = until(lambda: one_tip(every), 30, "one tip", pause=0.1)
        print(f"        one tip {took:.1f} s after the last block")
    print(f"        from a block to its last adoption: {quoted(delays(every, range(3, every[0].status()['height'] + 1)))}")
    print(f"        peers a node: {sorted(one.status()['p2p']['connected'] for one in every)}")


def main():
    options, checks = arguments(), Checks()
    skip_if_impossible()
    with computers(options.nodes, options.node.resolve(), "--difficulty", "4") as (switch, every):
        one_cable(switch, every)
        with checks.that("the run completes"):
            run(options, checks, every)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
