"""Samples every node every ten seconds into a CSV file."""
import csv
import time

from accounts import DEPTH
from background import Background
from member import UP

COLUMNS = ["seconds", "node", "state", "rss_mib", "files", "threads", "disk_mib", "wal_mib", "log_lines", "log_kib",
           "height", "tip", "pool", "connected", "chain_mib", "accepted", "chains"]
MIB = 2**20


class Sampler(Background):
    pause = 10

    def __init__(self, fleet, sent, accounts, path):
        super().__init__(fleet)
        self.sent, self.accounts = sent, accounts
        self.file = open(path, "w", newline="")
        self.rows = csv.DictWriter(self.file, COLUMNS)
        self.rows.writeheader()

    def begin(self):
        self.began = time.monotonic()

    def step(self):
        now, chains = round(time.monotonic() - self.began, 1), self.chains()
        common = {"seconds": now, "chains": chains, "chain_mib": round(self.accounts.bytes / MIB, 3),
                  "accepted": len(self.sent.accepted)}
        for member in self.target.members + list(self.target.newcomers):
            try:
                self.rows.writerow({**common, **sample(member)})
            except OSError:
                pass  # a newcomer has left, and its files with it
        self.file.flush()

    def chains(self):
        """The number of chains among nodes that have caught up: counts different blocks DEPTH below their lowest tip."""
        up = [member for member in self.target.members if member.state == UP]
        try:
            height = min(member.status()["height"] for member in up) - DEPTH
            return len({member.block(height)[1] for member in up}) if height > 0 else 1
        except OSError:
            return ""  # one was just stopped

    def end(self):
        self.file.close()


def sample(member):
    """A node's figures, without those from /status if it does not answer."""
    figures = {"node": member.number, "state": member.state, "rss_mib": round(member.status_kib("VmRSS") / 1024, 1),
               "files": member.descriptors(), "threads": member.threads(), "disk_mib": round(member.disk_bytes() / MIB, 3),
               "wal_mib": round(member.wal_bytes() / MIB, 3), "log_lines": member.log_lines(),
               "log_kib": round(member.log.stat().st_size / 1024, 1)}
    try:
        status = member.status()
    except OSError:
        return figures
    return {**figures, "height": status["height"], "tip": status["tip"][:16], "pool": status["pool"]["count"],
            "connected": status["p2p"]["connected"] if status["p2p"] else ""}  # null if its network is too busy
