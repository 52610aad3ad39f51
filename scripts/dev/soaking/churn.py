"""Nodes that die, stop, come back, join and leave."""
import shutil
import sys

from background import Background


class Churn(Background):
    """Kills or stops a random node, starts it again after a while, and waits until it has caught up."""

    def __init__(self, fleet, period):
        super().__init__(fleet)
        self.pause, self.kills, self.stops = period, 0, 0
        self.seconds, self.faults = [], []

    def step(self):
        fleet = self.target
        member = fleet.draw.choice(fleet.others)
        if fleet.draw.random() < 0.5:
            member.kill()
            self.kills += 1
        else:
            self.expect(member.stop() == 0, f"node {member.number} ended with another status than 0")
            self.stops += 1
        self.stopping.wait(fleet.draw.uniform(1, self.pause))
        if not self.stopping.is_set():
            self.bring_up(member, member.start_again)

    def bring_up(self, member, start):
        """Starts a node and waits until it has the height that the steady nodes had."""
        try:
            start()
            height = self.target.steady[0].status()["height"]
        except OSError as error:
            return self.note(str(error))
        took = member.catch_up(height, self.stopping)
        self.expect(took is not None or self.stopping.is_set(), f"node {member.number} has not caught up")
        if took is not None:
            self.seconds.append(took)

    def expect(self, holds, fault):
        if not holds:
            self.note(fault)

    def note(self, fault):
        print(f"fault: {fault}", file=sys.stderr, flush=True)
        self.faults.append(fault)


class Newcomers(Churn):
    """A new node joins, syncs the chain, stays for a while, and leaves for ever."""

    def step(self):
        fleet = self.target
        try:
            newcomer = fleet.new(fleet.steady)
        except OSError as error:
            return self.note(str(error))
        fleet.newcomers.append(newcomer)
        self.bring_up(newcomer, lambda: None)
        self.stopping.wait(self.pause / 2)
        self.expect(newcomer.stop() == 0, f"newcomer {newcomer.number} ended with another status than 0")
        fleet.newcomers.remove(newcomer)
        shutil.rmtree(newcomer.folder)
