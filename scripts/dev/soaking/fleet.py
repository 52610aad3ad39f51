"""The nodes of the soaking network."""
import pathlib
import random

from member import UP, Member


class Fleet:
    """`steady` nodes run from the beginning to the end; the `others` are killed, stopped and started again."""

    def __init__(self, options, folder):
        self.options, self.folder = options, pathlib.Path(folder)
        self.draw = random.Random(options.seed)
        self.members, self.newcomers, self.count = [], [], 0

    def start(self):
        """Starts all nodes. Each dials the three before it."""
        for _ in range(self.options.nodes):
            self.members.append(self.new(self.members[-3:]))
        for member in self.members:
            member.state = UP

    def new(self, dial):
        """Starts a node with an empty data directory. Newcomers reuse a hundred addresses in turn."""
        number = self.count if self.count < self.options.nodes else self.options.nodes + self.count % 100
        self.count += 1
        return Member(number, self.folder / f"node-{self.count}", self.options.node, self.options.difficulty, dial)

    @property
    def steady(self):
        return self.members[: self.options.steady]

    @property
    def others(self):
        return self.members[self.options.steady :]

    def any_up(self):
        """A random node that runs and has caught up."""
        return self.draw.choice([member for member in self.members if member.state == UP])

    def stop(self):
        """Stops all. Returns the exit statuses other than 0."""
        every = self.members + self.newcomers
        return [status for member in every if member.is_running() and (status := member.stop()) != 0]
