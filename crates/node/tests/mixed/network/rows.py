"""Nodes in a line and in a ring, where each reaches only the next: payments and blocks reach all. One is killed while it syncs.

    rows.py --node target/debug/node
"""
import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checks import Checks, equal  # noqa: E402
from computer import one_tip, until  # noqa: E402
from load import Load, delays, how_often, quoted  # noqa: E402
from worlds import computers, in_a_row, skip_if_impossible, start_in_a_row  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node", type=Path, required=True)
    parser.add_argument("--nodes", type=int, default=10)
    parser.add_argument("--blocks", type=int, default=20)
    parser.add_argument("--delay", type=float, default=0.005, help="seconds from node to node")
    parser.add_argument("--loss", type=float, default=0.01, help="share of frames that are lost")
    return parser.parse_args()


def linked(every, fewest):
    return all(one.status()["p2p"]["connected"] >= fewest for one in every)


def line(options, checks, every, segments):
    start_in_a_row(every, closed=False)
    until(lambda: linked(every, 1), 60, "all are linked")
    load = Load(1)
    with checks.that("in a line, a block from one end reaches the other"):
        for _ in range(options.blocks):
            height = load.mine(every[0])
            until(lambda: every[-1].status()["height"] >= height, 10, "the block")
        print(f"        {quoted(delays(every, range(3, height + 1)))}")
    with checks.that("in a line, a payment reaches the other end and is mined once"):
        load.pay(every[0])
        until(lambda: every[-1].status()["pool"]["count"] == 1, 10, "the payment")
        load.mine(every[-1])
        until(lambda: one_tip(every), 10, "one tip")
        equal(how_often(every[0].chain()), {"payment 0": 1})
        equal([one.status()["pool"]["count"] for one in every], [0] * len(every))
    with checks.that("a line that is cut, mines on both sides and is repaired has one chain"):
        middle = len(every) // 2
        segments[middle - 1].cut()
        load.spread(every[:middle], 3, 6, 0.1)
        load.spread(every[middle:], 6, 6, 0.1)
        assert not one_tip(every)
        segments[middle - 1].heal()
        took = until(lambda: one_tip(every), 90, "one tip")
        print(f"        one tip {took:.1f} s after the repair")
        settle(load, every)
        counted = how_often(every[0].chain())
        equal({name: counted[name] for name in load.accepted if counted[name] != 1}, {})


def ring(options, checks, every, segments):
    start_in_a_row(every, closed=True)
    until(lambda: linked(every, 2), 60, "all have two links")
    load = Load(2)
    with checks.that("in a ring, blocks from random nodes reach all"):
        load.spread(every, options.blocks, 20, 0.1)
        load.agree(every, 10)
    with checks.that("in a ring with one cable cut, blocks still reach all"):
        segments[0].cut()
        load.mine(every[0])
        until(lambda: one_tip(every), 60, "one tip")
        segments[0].heal()
    with checks.that("a node that was killed during a sync completes it after a restart"):
        victim = every[3]
        victim.kill()
        load.spread([one for one in every if one is not victim], 20, 20, 0.0)
        for _ in range(3):
            victim.restart()
            victim.kill()
            time.sleep(0.05)
        victim.restart()
        load.agree(every, 20)
    settle(load, every)
    with checks.that("each payment is in exactly one block"):
        counted = how_often(every[0].chain())
        equal({name: counted[name] for name in load.accepted if counted[name] != 1}, {})


def settle(load, every):
    """Has each node mine, so that payments that only one node knows get into a block."""
    for computer in every:
        load.mine(computer)
        load.agree(every, 10)


def main():
    options, checks = arguments(), Checks()
    skip_if_impossible()
    for scenario, closed in ((line, False), (ring, True)):
        with computers(options.nodes, options.node.resolve(), "--difficulty", "3") as (switch, every):
            segments = in_a_row(switch, every, closed, delay=options.delay, loss=options.loss)
            with checks.that(f"{scenario.__name__}: the run completes"):
                scenario(options, checks, every, segments)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
