"""Figures of several rounds, and their table."""
import statistics


def text(value):
    """Formats three digits, as more would be noise: 1.25, 83.1, 19,300."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if rounded >= 1000 else f"{rounded:.3g}"


class Figures:
    def __init__(self):
        self.values = {}

    def add(self, name, who, value):
        """Adds a figure. `who` is "Python" or "Rust"."""
        self.values.setdefault(name, {}).setdefault(who, []).append(value)

    def median(self, name, who="Rust"):
        return statistics.median(self.values[name][who])

    def cell(self, name, who):
        values = self.values[name].get(who)
        if not values:
            return ""
        spread = f" ({text(min(values))} to {text(max(values))})" if len(values) > 1 else ""
        return f"{text(statistics.median(values))}{spread}"

    def ratio(self, name):
        """The ratio Rust : Python, with the smaller side as 1: `1 : 10` is a tenth, `10 : 1` ten times as much."""
        if not {"Python", "Rust"} <= self.values[name].keys():
            return ""
        ours, theirs = self.median(name, "Rust"), self.median(name, "Python")
        return f"1 : {theirs / ours:.1f}" if theirs > ours else f"{ours / theirs:.1f} : 1"

    def table(self):
        lines = ["| | Python | Rust | |", "|---|---|---|---|"]
        lines += [f"| {name} | {self.cell(name, 'Python')} | {self.cell(name, 'Rust')} | {self.ratio(name)} |"
                  for name in self.values]
        return "\n".join(lines)

    def single(self, who="Rust"):
        """The table of the figures of one program."""
        return "\n".join(["| | |", "|---|---|", *(f"| {name} | {self.cell(name, who)} |" for name in self.values)])
