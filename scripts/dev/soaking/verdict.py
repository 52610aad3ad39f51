"""Compares the figures of a soak with their bounds."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "attacks"))

from report import LOG_MIB, Report  # noqa: E402
from table import growth, per_block, quarter  # noqa: E402

# A figure of a steady node is flat if its last quarter is at most a tenth plus this much above its second.
FLAT = {"rss_mib": ("memory, MiB", 16), "files": ("open files", 8), "threads": ("threads", 4),
        "wal_mib": ("write-ahead log, MiB", 8)}
SHARE = 1.1
MEMORY_MIB, SECONDS_BEHIND, BLOCKS_BEHIND = 512, 120, 10
MIN_SAMPLES = 12
BAD = re.compile(r" ERROR |panicked")


def flat(report, what, before, after, slack):
    report.check(what, f"{before:.4g}, then {after:.4g}", f"at most {before * SHARE + slack:.4g}", after <= before * SHARE + slack)


def add_costs(report, nodes, steady):
    for number in range(steady):
        rows = nodes[number]
        for name, (what, slack) in FLAT.items():
            flat(report, f"node {number}: {what}", *growth(rows, lambda row: row[name]), slack)
        disk = growth(rows, lambda row: (row["disk_mib"] - row["wal_mib"]) / row["chain_mib"] if row["chain_mib"] else None)
        flat(report, f"node {number}: disk without log : chain", *disk, 0.05)
        lines = [per_block(quarter(rows, which), "log_lines") for which in (1, 3)]
        flat(report, f"node {number}: lines of the log for each block", *lines, 0.5)
    every = [row for rows in nodes.values() for row in rows]
    report.at_most("peak memory of any node, MiB", max(row["rss_mib"] for row in every), MEMORY_MIB)
    report.at_most("log of any node, MiB", max(row["log_kib"] for row in every) / 1024, LOG_MIB * len(nodes))
    report.at_most("chains of nodes that had caught up", max(row["chains"] or 1 for row in every), 1)


def longest_behind(nodes, members):
    """The longest time that a node which had caught up was more than BLOCKS_BEHIND behind the highest one, in seconds."""
    best = {}
    for rows in nodes.values():
        for row in rows:
            best[row["seconds"]] = max(best.get(row["seconds"], 0), row["height"] or 0)
    longest = 0
    for number in range(members):
        since = None
        for row in nodes[number]:
            behind = row["state"] == "up" and (row["height"] or 0) < best[row["seconds"]] - BLOCKS_BEHIND
            since = (since if since is not None else row["seconds"]) if behind else None
            longest = max(longest, row["seconds"] - since if since is not None else 0)
    return longest


def add_payments(report, sent, accounts):
    lost = [recipient for recipient in sent.accepted if not accounts.paid[recipient]]
    double = [recipient for recipient, times in accounts.paid.items() if times > 1]
    report.check("payments accepted", len(sent.accepted), "some", bool(sent.accepted))
    report.check("accepted payments lost", len(lost), 0)
    report.check("payments in two blocks", len(double), 0)
    report.check("payments that nobody sent", len(accounts.paid.keys() - sent.accepted - sent.unsure), 0)
    report.check("reorgs deeper than the reader of blocks expects", accounts.rewritten, 0)
    report.rows.append(("payments refused, by status; without an answer", f"{sent.refused}; {len(sent.unsure)}", "", ""))


def add_churn(report, churn, newcomers):
    report.check("faults of restarts", "; ".join(churn.faults) or 0, 0)
    report.check("faults of new nodes", "; ".join(newcomers.faults) or 0, 0)
    for what, seconds in (("restarted", churn.seconds), ("new", newcomers.seconds)):
        report.rows.append((f"seconds of a {what} node to the tip: median, most",
                            f"{sorted(seconds)[len(seconds) // 2]:.1f}, {max(seconds):.1f}" if seconds else "none", "", ""))
    report.rows.append(("kills; stops; new nodes", f"{churn.kills}; {churn.stops}; {len(newcomers.seconds)}", "", ""))


def add_logs(report, members):
    lines = [line for member in members for line in member.log.read_text(errors="replace").splitlines()]
    bad = [line for line in lines if BAD.search(line)]
    report.check("errors and panics in logs", " | ".join(bad[:3]) or 0, 0)
    depths = [int(found[1]) for line in lines if (found := re.search(r"reorg: (\d+) blocks? out", line))]
    report.rows.append(("reorgs; the deepest", f"{len(depths)}; {max(depths, default=0)}", "", ""))
    report.rows.append(("warnings in logs", str(sum(" WARN " in line for line in lines)), "", ""))


def judge(nodes, run):
    """The report of a run that has ended: its table, and whether it failed."""
    report = Report()
    samples = min(len(nodes[number]) for number in range(run.fleet.options.steady))
    report.check("samples of each steady node", samples, f"at least {MIN_SAMPLES}", samples >= MIN_SAMPLES)
    if samples >= MIN_SAMPLES:
        add_costs(report, nodes, run.fleet.options.steady)
        report.at_most(f"seconds that a node is {BLOCKS_BEHIND} blocks behind", longest_behind(nodes, len(run.fleet.members)),
                       SECONDS_BEHIND)
    report.check("one tip at the end", run.tips, 1)
    add_payments(report, run.sent, run.accounts)
    add_churn(report, run.churn, run.newcomers)
    add_logs(report, run.fleet.members)
    report.check("nodes that end with another status than 0", run.statuses or 0, 0)
    return report
