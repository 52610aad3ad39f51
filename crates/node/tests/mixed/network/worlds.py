"""Networks of computers: all on one cable, in a line, in a ring."""
import tempfile
from contextlib import contextmanager
from pathlib import Path

from computer import P2P, Computer
from spaces import lacking, namespaces
from switch import Switch


def skip_if_impossible():
    """Ends the program if this system has no network namespaces or TAP devices for us."""
    if why := lacking():
        print(f"skipped: cannot build a network: {why.strip()}")
        raise SystemExit(0)


@contextmanager
def computers(count, binary, *arguments):
    """Yields a switch and computers without cables. Stops all nodes in the end."""
    with namespaces(count) as names, tempfile.TemporaryDirectory() as folder:
        switch = Switch()
        every = [Computer(name, Path(folder, name), binary, arguments) for name in names]
        try:
            yield switch, every
        finally:
            for computer in every:
                computer.stop()
            if switch.thread.is_alive():
                switch.close()


def one_cable(switch, every, **cable):
    """Connects all to one segment. Returns it, with plugs in the order of the computers."""
    plugs = [computer.plug(switch, "lan", f"10.1.0.{number}/24") for number, computer in enumerate(every, 1)]
    segment = switch.join(*plugs, **cable)
    switch.start()
    return segment


def in_a_row(switch, every, closed, **cable):
    """Connects each to the next with a cable of its own, and the last to the first if the ring is `closed`.

    Computers that are not next to each other cannot reach each other. Returns the segments.
    """
    segments = []
    pairs = list(zip(every, every[1:] + every[:1]))
    for number, (left, right) in enumerate(pairs if closed else pairs[:-1], 1):
        plugs = left.plug(switch, "right", f"10.2.{number}.1/24"), right.plug(switch, "left", f"10.2.{number}.2/24")
        segments.append(switch.join(*plugs, **cable))
    switch.start()
    return segments


def start_in_a_row(every, closed):
    """Starts each with the address of the one before it."""
    for number, computer in enumerate(every):
        before = [f"10.2.{number}.1:{P2P}"] if number else []
        if closed and number == len(every) - 1:
            before.append(f"{every[0].addresses[-1]}:{P2P}")
        computer.start(*network(*before))


def start_on_one_cable(every):
    """Starts each with the address of the first."""
    for computer in every:
        computer.start(*network(*([f"{every[0].addresses[0]}:{P2P}"] if computer is not every[0] else [])))


def network(*peers, port=P2P):
    """The flags of a node that is in the network."""
    return ["--p2p-port", str(port), *(word for peer in peers for word in ("--peer", peer))]
