"""Network namespaces: each has a network of its own, like a computer."""
import ctypes
import os
import subprocess
from contextlib import contextmanager

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
HOME = os.open("/proc/self/ns/net", os.O_RDONLY)


def ip(line):
    subprocess.run(["ip", *line.split()], check=True, capture_output=True, text=True)


def enter(handle):
    """Moves this thread into a namespace."""
    if LIBC.setns(handle, CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@contextmanager
def inside(name):
    """Sockets made in this block belong to the namespace, even after the block."""
    handle = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        enter(handle)
        yield
    finally:
        enter(HOME)
        os.close(handle)


def lacking():
    """Why this system can have no such network, or None."""
    name = f"ledger-{os.getpid()}-try"
    try:
        os.close(os.open("/dev/net/tun", os.O_RDWR))
        ip(f"netns add {name}")
        with inside(name):
            return None
    except (OSError, subprocess.CalledProcessError) as error:
        return getattr(error, "stderr", None) or str(error)
    finally:
        subprocess.run(["ip", "netns", "delete", name], capture_output=True)


@contextmanager
def namespaces(count):
    """Creates namespaces with a loopback device, and yields their names."""
    names = [f"ledger-{os.getpid()}-{number}" for number in range(count)]
    try:
        for name in names:
            ip(f"netns add {name}")
            ip(f"-n {name} link set lo up")
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)


def connect(name, device, address):
    """Gives a device of a namespace its address and prefix length, such as 10.0.0.1/24."""
    ip(f"-n {name} addr add {address} dev {device}")
    ip(f"-n {name} link set {device} multicast on up")
    # mDNS sends to a multicast group, which needs a route, since there is no default route.
    subprocess.run(["ip", "-n", name, "route", "add", "224.0.0.0/4", "dev", device], capture_output=True)
