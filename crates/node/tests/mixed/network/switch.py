"""A network switch in user space: cables of any delay and loss between network namespaces, which can be cut.

Each plug is a TAP device: what its namespace sends is read here, and what others send to it is written here. Linux can do
the same with netem, which many kernels lack.
"""
import fcntl
import heapq
import os
import random
import selectors
import struct
import subprocess
import threading
import time

# <linux/if_tun.h>
TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000

LONGEST_FRAME = 2048
ALL_ONES = b"\xff" * 6
MOST_WAITING = 20_000  # frames on a segment; a real switch drops frames, too


class Plug:
    """One end of a cable: a network device in a namespace."""

    def __init__(self, number, namespace, device):
        self.number, self.namespace, self.device = number, namespace, device
        self.handle = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        outside = f"tap{os.getpid() % 100_000}x{number}"
        fcntl.ioctl(self.handle, TUNSETIFF, struct.pack("16sH22x", outside.encode(), IFF_TAP | IFF_NO_PI))
        for line in (f"link set {outside} netns {namespace}", f"-n {namespace} link set {outside} name {device}"):
            subprocess.run(["ip", *line.split()], check=True, capture_output=True)

    def read(self):
        """The next frame, or None."""
        try:
            return os.read(self.handle, LONGEST_FRAME)
        except (BlockingIOError, OSError):
            return None

    def write(self, frame):
        try:
            os.write(self.handle, frame)
        except OSError:
            pass  # the device is down, or its queue is full: lost, as on a cable


class Segment:
    """Plugs that hear each other. `delay` is in seconds, `loss` a share of frames."""

    def __init__(self, plugs, delay=0.0, loss=0.0):
        self.plugs, self.delay, self.loss = list(plugs), delay, loss
        self.learned = {}
        self.sides = {}
        self.frames = self.bytes = 0

    def cut(self, *sides):
        """Splits the segment: only plugs of the same side hear each other. Without sides, none does."""
        self.sides = {plug: side for side, plugs in enumerate(sides) for plug in plugs}
        if not sides:
            self.sides = {plug: number for number, plug in enumerate(self.plugs)}

    def heal(self):
        self.sides = {}

    def receivers(self, sender, frame):
        """Who gets a frame: the plug behind its address, or all."""
        to, source = frame[:6], frame[6:12]
        self.learned[source] = sender
        known = self.learned.get(to)
        plugs = [known] if known and not to[0] & 1 else self.plugs
        side = self.sides.get(sender)
        return [plug for plug in plugs if plug is not sender and self.sides.get(plug) == side]


class Switch:
    """Moves frames on a thread of its own."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.segment_of = {}
        self.waiting = []
        self.count = 0
        self.ended = False
        self.draw = random.Random(1)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def plug(self, namespace, device):
        plug = Plug(self.count, namespace, device)
        self.count += 1
        return plug

    def join(self, *plugs, delay=0.0, loss=0.0):
        segment = Segment(plugs, delay, loss)
        for plug in plugs:
            self.segment_of[plug] = segment
            self.selector.register(plug.handle, selectors.EVENT_READ, plug)
        return segment

    def start(self):
        self.thread.start()
        return self

    def close(self):
        self.ended = True
        self.thread.join()
        for plug in self.segment_of:
            os.close(plug.handle)

    def _run(self):
        while not self.ended:
            until = self.waiting[0][0] - time.monotonic() if self.waiting else 0.1
            for key, _ in self.selector.select(min(max(until, 0), 0.1)):
                self._drain(key.data)
            self._deliver()

    def _drain(self, plug):
        segment = self.segment_of[plug]
        for _ in range(64):  # then the others' turn
            frame = plug.read()
            if not frame:
                return
            segment.frames += 1
            segment.bytes += len(frame)
            if segment.loss and self.draw.random() < segment.loss:
                continue
            for receiver in segment.receivers(plug, frame):
                self._send(receiver, frame, segment.delay)

    def _send(self, receiver, frame, delay):
        if not delay:
            receiver.write(frame)
        elif len(self.waiting) < MOST_WAITING:
            self.count += 1
            heapq.heappush(self.waiting, (time.monotonic() + delay, self.count, receiver, frame))

    def _deliver(self):
        now = time.monotonic()
        while self.waiting and self.waiting[0][0] <= now:
            _, _, receiver, frame = heapq.heappop(self.waiting)
            receiver.write(frame)
