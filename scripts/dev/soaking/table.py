"""The sampled figures, read back from the CSV file."""
import collections
import csv
import statistics

NUMBERS = ("rss_mib", "files", "threads", "disk_mib", "wal_mib", "log_lines", "log_kib", "height", "pool", "connected",
           "chain_mib", "accepted", "chains", "seconds")


def read(path):
    """The rows of each node, with numbers as floats and missing values as None."""
    nodes = collections.defaultdict(list)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            row.update({name: float(row[name]) if row[name] else None for name in NUMBERS})
            nodes[int(row["node"])].append(row)
    return nodes


def quarter(rows, number):
    """The rows of one quarter of the time, 0 to 3."""
    last = rows[-1]["seconds"]
    return [row for row in rows if last * number / 4 <= row["seconds"] <= last * (number + 1) / 4]


def median(rows, value):
    """The median of a figure. NaN, which never counts as flat, if no row has it."""
    found = [found for row in rows if (found := value(row)) is not None]
    return statistics.median(found) if found else float("nan")


def growth(rows, value):
    """A figure's median in the second and in the last quarter. The first quarter is the warm-up."""
    return median(quarter(rows, 1), value), median(quarter(rows, 3), value)


def per_block(rows, name):
    """How much a figure grows with each block."""
    known = [row for row in rows if row["height"] is not None and row[name] is not None]
    if not known:
        return float("nan")
    blocks = known[-1]["height"] - known[0]["height"]
    return (known[-1][name] - known[0][name]) / max(blocks, 1)
