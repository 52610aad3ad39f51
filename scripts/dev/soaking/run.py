"""A soak from its first node to its last block."""
import time

from accounts import Accounts
from churn import Churn, Newcomers
from load import Miner, Payer, Sent
from member import DOWN, UP
from sampler import Sampler

PAYERS, MINERS = 4, 2
AGREE_SECONDS = 120


class Run:
    def __init__(self, fleet, options):
        self.fleet, self.options, self.sent = fleet, options, Sent()
        self.churn, self.newcomers = Churn(fleet, options.churn), Newcomers(fleet, options.join)
        self.payers = [Payer(fleet, self.sent, options.rate / PAYERS) for _ in range(PAYERS)]
        self.miners = [Miner(fleet, options.block_every * MINERS) for _ in range(MINERS)]
        self.accounts = self.sampler = None
        self.running, self.statuses, self.tips = [], [], 0

    def start(self):
        self.fleet.start()
        self.agree()
        self.accounts = Accounts(self.fleet.steady[0])
        self.sampler = Sampler(self.fleet, self.sent, self.accounts, self.options.out / "soak.csv")
        for worker in (self.accounts, self.sampler, *self.payers, *self.miners, self.churn, self.newcomers):
            worker.start()
            self.running.append(worker)

    def line(self):
        return (f"{len(self.sent.accepted)} payments, {self.accounts.height} blocks, {self.churn.kills} kills, "
                f"{self.churn.stops} stops, {len(self.newcomers.seconds)} new nodes, "
                f"{len(self.churn.faults) + len(self.newcomers.faults)} faults")

    def finish(self):
        """Ends load and churn, mines what waits, and reads the chain to its end."""
        self.end_workers()
        if self.sampler is None:
            raise SystemExit("ended before all nodes had started")
        members = self.fleet.members
        for member in members:
            if member.state == DOWN:
                member.start_again()
                member.state = UP
        self.agree()
        # A payment that only one node knows must be mined by that node.
        for member in members:
            while member.status()["pool"]["count"]:
                member.ask("/mine", timeout=120)
            self.agree()
        self.tips = self.count_tips()
        self.accounts.read_to(self.fleet.steady[0].status()["height"])
        self.statuses = self.fleet.stop()

    def end_workers(self):
        for worker in reversed(self.running):
            worker.stopping.set()
        while self.running:
            self.running.pop().stop()

    def agree(self):
        """Waits until all nodes have one tip. At equal length each node keeps its own chain, so mines a block to decide."""
        end, next_block = time.monotonic() + AGREE_SECONDS, time.monotonic() + 10
        while self.count_tips() > 1 and time.monotonic() < end:
            if time.monotonic() > next_block:
                self.fleet.steady[0].ask("/mine", timeout=120)
                next_block += 10
            time.sleep(0.2)

    def count_tips(self):
        return len({member.status()["tip"] for member in self.fleet.members})

    def abandon(self):
        """Stops whatever still runs."""
        self.end_workers()
        self.fleet.stop()
