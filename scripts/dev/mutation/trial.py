"""Tries mutants: runs the tests that reach a mutant until one fails."""
import collections
import itertools

from suite import SHORTEST_LIMIT, ran

# Slower tests run one by one. They and hanging tests have to fail twice with the mutant and pass without it, as some fail
# by themselves on a busy machine.
SLOW, GROUP_SECONDS, GROUP_TESTS = 0.3, 2.0, 40
# Tests that run one by one before quick ones run together.
FIRST = 4


class Trial:
    def __init__(self, suite, mutants, budget):
        self.suite, self.budget = suite, budget
        self.of_file = collections.defaultdict(set)
        for mutant in mutants:
            self.of_file[mutant.file].add(mutant.number)
        self.killers = collections.defaultdict(list)

    def verdict(self, mutant):
        """The result of a mutant and its reason: killed, hangs, survived, unreached or undecided."""
        tests = self.ordered(mutant)
        spent = 0.0
        for group in groups(tests):
            if spent > self.budget:
                return "undecided", f"after {self.budget:.0f} s"
            usual = sum(test.seconds for test in group)
            spent += usual
            outcome = self.run(mutant, group, usual)
            if outcome != "passed":
                failing = self.failing(mutant, group)
                self.killers[mutant.file].insert(0, failing)
                return outcome, failing.label
        return ("survived", f"{len(tests)} tests") if tests else ("unreached", "")

    def ordered(self, mutant):
        """Orders tests: recent killers of the file's mutants, then tests of the nearest module, then those that reach most of
        the file per second."""
        lately = list(dict.fromkeys(map(id, self.killers[mutant.file][:20])))[:FIRST]
        rank = {test: index for index, test in enumerate(lately)}
        of_file = self.of_file[mutant.file]

        def order(test):
            reached_per_second = len(of_file & test.reached) / (test.seconds + 0.1)
            return rank.get(id(test), FIRST), -nearness(mutant, test), -reached_per_second

        return sorted(self.suite.reaching(mutant.number), key=order)

    def run(self, mutant, group, usual):
        limit = max(SHORTEST_LIMIT, 5 * usual)
        passed, _ = ran(group, {"MUTANT": str(mutant.number)}, limit)
        if passed is None or passed is False and usual > SLOW:
            passed, _ = ran(group, {"MUTANT": str(mutant.number)}, 3 * limit)
            if not passed and not ran(group, {}, 3 * limit)[0]:
                return "passed"
        return {True: "passed", False: "killed", None: "hangs"}[passed]

    def failing(self, mutant, group):
        for test in group[:-1]:
            if self.run(mutant, [test], test.seconds) != "passed":
                return test
        return group[-1]


def nearness(mutant, test):
    """How many folders and files of their paths a mutant and a unit test share."""
    crate, _, path = mutant.file.removeprefix("crates/").removesuffix(".rs").partition("/src/")
    if test.program != f"{crate}/{crate.replace('-', '_')}":
        return 0
    pairs = zip(path.split("/"), test.name.split("::"))
    return 1 + sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def groups(tests):
    """Yields the first few tests one by one, then quick ones of a program together."""
    yield from ([test] for test in tests[:FIRST])
    for (_, slow), same in itertools.groupby(tests[FIRST:], key=lambda test: (test.path, test.seconds > SLOW)):
        group, seconds = [], 0.0
        for test in same:
            full = slow or test.is_example or seconds + test.seconds > GROUP_SECONDS or len(group) == GROUP_TESTS
            if group and full:
                yield group
                group, seconds = [], 0.0
            group.append(test)
            seconds += test.seconds
        yield group
