"""Plots the CSV file of a soak.

    plot.py soak.csv soak.png
"""
import os
import sys

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402
from table import read  # noqa: E402

# Nodes that are drawn. In a usual soak these are all but the newcomers.
NODES = 10
FIGURES = [
    ("memory, MiB", lambda row: row["rss_mib"] or None),
    ("open files", lambda row: row["files"] or None),
    ("threads", lambda row: row["threads"] or None),
    ("write-ahead log, MiB", lambda row: row["wal_mib"]),
    ("disk without log : chain", lambda row: (row["disk_mib"] - row["wal_mib"]) / row["chain_mib"] if row["chain_mib"] else None),
    ("lines of the log", lambda row: row["log_lines"]),
    ("height", lambda row: row["height"]),
    ("payments in the pool", lambda row: row["pool"]),
]


def draw(axes, title, nodes, value):
    for number, rows in sorted(nodes.items()):
        points = [(row["seconds"] / 60, found) for row in rows if (found := value(row)) is not None]
        if points:
            axes.plot(*zip(*points), linewidth=0.7, label=f"node {number}")
    axes.set_title(title, fontsize=9)
    axes.set_ylim(bottom=0)
    axes.tick_params(labelsize=7)


def plot(source, target):
    nodes = {number: rows for number, rows in read(source).items() if number < NODES}
    figure, grid = pyplot.subplots(4, 2, figsize=(9, 9), sharex=True, layout="constrained")
    for axes, (title, value) in zip(grid.flat, FIGURES):
        draw(axes, title, nodes, value)
    for axes in grid[-1]:
        axes.set_xlabel("minutes", fontsize=8)
    grid.flat[0].legend(fontsize=5, ncols=5)
    # Rename the finished file, so that nobody sees half a plot.
    unfinished = f"{target}.{os.getpid()}"
    figure.savefig(unfinished, format="png", dpi=80)
    os.replace(unfinished, target)


if __name__ == "__main__":
    plot(*sys.argv[1:])
