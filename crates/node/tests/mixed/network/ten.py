"""Ten nodes: blocks and payments at random ones, ties, a partition and two kills.

    ten.py --node target/release/node
    ten.py --node target/release/node --delay 0.1

Prints the seconds from a block to its last adoption, and the checks. Needs the right to create network namespaces.
"""
import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checks import Checks, equal  # noqa: E402
from computer import one_tip, until  # noqa: E402
from load import Load, delays, how_often, quoted  # noqa: E402
from worlds import computers, one_cable, skip_if_impossible, start_on_one_cable  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node", type=Path, required=True)
    parser.add_argument("--nodes", type=int, default=10)
    parser.add_argument("--blocks", type=int, default=200)
    parser.add_argument("--payments", type=int, default=500)
    parser.add_argument("--ties", type=int, default=20, help="how often two nodes mine at the same moment")
    parser.add_argument("--difficulty", type=int, default=4)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds from node to node")
    parser.add_argument("--pause", type=float, default=0.25, help="seconds between blocks")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    return parser.parse_args()


class Ten:
    def __init__(self, options, checks, cable, every):
        self.options, self.checks, self.cable, self.every = options, checks, cable, every
        self.load = Load(options.seed)

    def run(self):
        most = len(self.every) - 1
        took = until(lambda: all(one.status()["p2p"]["connected"] >= min(most, 2) for one in self.every), 60, "all are linked")
        print(f"all linked {took:.1f} s after the last start")
        calm, rough = self.options.blocks * 3 // 4, self.options.blocks // 4
        self.calm(calm, self.options.payments * 3 // 4)
        self.ties(self.options.ties)
        self.partition(rough // 2, self.options.payments // 8)
        self.kills(rough // 2, self.options.payments // 8)
        self.all_is_mined()

    def calm(self, blocks, payments):
        first = self.every[0].status()["height"] + 1
        self.load.spread(self.every, blocks, payments, self.options.pause)
        with self.checks.that("after the last block all nodes have one tip within 2 s"):
            print(f"        {until(lambda: one_tip(self.every), 2, 'one tip'):.2f} s")
        seconds = delays(self.every, range(first, self.every[0].status()["height"] + 1))
        print(f"        from a block to its last adoption: {quoted(seconds)}")
        with self.checks.that("the median is below 150 ms"):
            assert sorted(seconds)[len(seconds) // 2] < 0.15

    def ties(self, rounds):
        """Has two nodes mine at the same moment, and then one of them again."""
        ended = []
        with self.checks.that("the block after a tie ends it"), ThreadPoolExecutor(2) as threads:
            for _ in range(rounds):
                pair = self.load.draw.sample(self.every, 2)
                tied = set(threads.map(self.load.mine, pair))
                time.sleep(self.options.pause)
                height = self.load.mine(pair[0])
                until(lambda: one_tip(self.every), 2, "one tip")
                if len(tied) == 1:
                    ended.append(height)
        print(f"        from the block after a tie to its last adoption: {quoted(delays(self.every, ended))}")

    def partition(self, blocks, payments):
        half = len(self.every) // 2
        left, right = self.every[:half], self.every[half:]
        self.cable.cut(self.cable.plugs[:half], self.cable.plugs[half:])
        self.load.spread(left, blocks // 3, payments // 2, self.options.pause)
        self.load.spread(right, blocks - blocks // 3, payments - payments // 2, self.options.pause)
        with self.checks.that("both sides of a partition have their own chain"):
            assert one_tip(left) and one_tip(right) and not one_tip(self.every)
        self.cable.heal()
        with self.checks.that("healed, all nodes have one tip"):
            print(f"        {until(lambda: one_tip(self.every), 90, 'one tip'):.2f} s")

    def kills(self, blocks, payments):
        for victim in self.load.draw.sample(self.every, 2):
            others = [one for one in self.every if one is not victim]
            self.load.spread(self.every, blocks // 4, payments // 4, self.options.pause)
            victim.kill()
            self.load.spread(others, blocks // 4, payments // 4, self.options.pause)
            victim.restart()
            with self.checks.that("a node that was killed has the tip of the others again"):
                print(f"        {until(lambda: one_tip(self.every), 60, 'one tip'):.2f} s")

    def all_is_mined(self):
        # A node that was cut off or killed may be the only one to know a payment, so each node mines.
        for computer in self.every:
            self.load.mine(computer)
            until(lambda: one_tip(self.every), 10, "one tip")
        with self.checks.that("within 2 s of the last block all have one tip"):
            self.load.mine(self.load.draw.choice(self.every))
            print(f"        {until(lambda: one_tip(self.every), 2, 'one tip'):.2f} s")
        with self.checks.that("each accepted payment is in exactly one block"):
            counted = how_often(self.every[0].chain())
            equal({name: counted[name] for name in self.load.accepted if counted[name] != 1}, {})
            equal(len(counted), len(self.load.accepted))
        print(f"        {len(self.load.accepted)} payments, height {self.every[0].status()['height']}, "
              f"memory {max(one.memory() for one in self.every):.0f} MiB at most")


def main():
    options = arguments()
    skip_if_impossible()
    print(f"seed {options.seed}")
    checks = Checks()
    with computers(options.nodes, options.node.resolve(), "--difficulty", str(options.difficulty)) as (switch, every):
        cable = one_cable(switch, every, delay=options.delay)
        start_on_one_cable(every)
        with checks.that("the run completes"):
            Ten(options, checks, cable, every).run()
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
