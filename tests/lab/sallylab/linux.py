# SPDX-License-Identifier: GPL-2.0-or-later
"""The few system calls that Python 3.11 does not offer: namespaces and mounts."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterator

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_MOVE, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 8192, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def slowness() -> float:
    """How many times slower than a normal machine this one is; every timeout is multiplied by it."""
    return max(1.0, float(os.environ.get("SALLYPORT_SLOW", "1")))


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    _check(_libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int = 0) -> None:
    _check(_libc.setns(descriptor, kind), "setns")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    _check(_libc.mount(source.encode(), target.encode(), kind.encode() or None, ctypes.c_ulong(flags),
                       options.encode() or None), f"mount {source} on {target}")


def unmount(target: str) -> None:
    _check(_libc.umount2(target.encode(), MNT_DETACH), f"unmount {target}")


def die_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def set_hostname(name: str) -> None:
    data = name.encode()
    _check(_libc.sethostname(data, len(data)), "sethostname")


@contextlib.contextmanager
def inside(network: int) -> Iterator[None]:
    """Moves this thread into a network namespace and back. Sockets and children made meanwhile stay there."""
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        setns(network, CLONE_NEWNET)
        try:
            yield
        finally:
            setns(before, CLONE_NEWNET)
    finally:
        os.close(before)


def wait_until(condition: Callable[[], bool], seconds: float, what: str, step: float = 0.01) -> None:
    """Polls a condition that no file descriptor announces."""
    deadline = time.monotonic() + seconds * slowness()
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds * slowness():.0f} s")
        time.sleep(step)


def write_sysctl(path: str, value: str) -> None:
    """Sets net.* of the calling thread's network namespace; one that this kernel does not have is skipped."""
    with contextlib.suppress(FileNotFoundError):
        with open(f"/proc/sys/net/{path}", "w", encoding="ascii") as setting:
            setting.write(value)


def start_time(pid: int) -> str:
    """Tells a process from a later one with the same number. Empty if there is none, or only its corpse: a first thread
    that ended while others still end is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" and int(fields[17]) <= 1 else fields[19]
