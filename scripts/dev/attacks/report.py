"""Compares the figures of a run with their bounds."""

# An arriving chain may write 1 GiB to the write-ahead log before a checkpoint: docs/security.md.
MEMORY_MIB, WAL_MIB, LOG_MIB, DISK_MIB = 512, 1024 + 96, 8, 4096
PAYMENT_SECONDS = PROBE_SECONDS = 1.0


class Report:
    def __init__(self):
        self.rows, self.failed = [], False

    def check(self, what, found, bound, held=None):
        held = found == bound if held is None else held
        self.failed |= not held
        shown = f"{found:.3g}" if isinstance(found, float) else str(found)
        self.rows.append((what, shown, str(bound), "held" if held else "BROKEN"))

    def at_most(self, what, found, bound):
        self.check(what, found, f"at most {bound}", found <= bound)

    def add_run(self, watch, payer, prober, miner, resolver):
        self.at_most("peak memory, MiB", watch.memory, MEMORY_MIB)
        self.at_most("data directory, MiB", watch.disk, DISK_MIB)
        self.at_most("write-ahead log, MiB", watch.wal, WAL_MIB)
        self.at_most("log of the node, MiB", watch.log, LOG_MIB)
        self.at_most("slowest payment, s", payer.slowest, PAYMENT_SECONDS)
        self.at_most("slowest /chain?limit=1, s", prober.slowest, PROBE_SECONDS)
        self.check("payments answered with 201", len(payer.acknowledged), "some", bool(payer.acknowledged))
        self.check("payments refused or unanswered", payer.refused or 0, 0)
        self.check("failed reads", prober.failed or 0, 0)
        self.rows.append(("blocks mined; resolves", f"{miner.done}; {resolver.done}", "", ""))
        self.rows.append(("most descriptors", str(watch.descriptors), "", ""))

    def add_payments(self, when, acknowledged, everywhere, waiting):
        wrong = [recipient for recipient in acknowledged if everywhere[recipient] != 1]
        self.check(f"acknowledged payments lost or doubled, {when}", len(wrong), 0)
        unsigned = sum(times for recipient, times in waiting.items() if not recipient.startswith("honest"))
        self.check(f"forged payments in the pool, {when}", unsigned, 0)

    def add_log(self, target):
        lines = target.log.read_text(errors="replace").splitlines()
        forged = [line for line in lines if line.startswith("00:00:00  INFO FORGED")]
        self.check("forged lines in the log", len(forged), 0)
        self.at_most("longest log line, characters", max(map(len, lines), default=0), 1000)

    def table(self):
        head = [("", "found", "bound", ""), ("---",) * 4]
        return "\n".join("| " + " | ".join(row) + " |" for row in head + self.rows)
