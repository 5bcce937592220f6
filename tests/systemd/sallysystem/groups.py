# SPDX-License-Identifier: GPL-2.0-or-later
"""Control groups of the second kind, for the systemd in the container: one subtree that goes with it."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

from sallylab.linux import mount

PREFIX = "sallyport-systemd-"
_LEFT = 3600  # seconds


class NoControlGroups(RuntimeError):
    """The kernel, or whoever made this machine, forbids them."""


def hierarchy() -> Path:
    """Where the machine has mounted them, be it beside those of the first kind; else a mount of our own."""
    with open("/proc/self/mounts", encoding="utf-8") as mounts:
        found = [Path(line.split()[1]) for line in mounts if line.split()[2] == "cgroup2"]
    writable = [path for path in found if os.access(path, os.W_OK) and not os.statvfs(path).f_flag & os.ST_RDONLY]
    if writable:
        return writable[0]
    own = Path(tempfile.mkdtemp(prefix="sallyport-cgroup-"))
    try:
        mount("cgroup2", str(own), "cgroup2")
    except OSError as problem:
        own.rmdir()
        raise NoControlGroups(f"control groups of the second kind cannot be mounted: {problem}") from problem
    return own


def make() -> Path:
    parent = hierarchy()
    sweep(parent)
    group = parent / f"{PREFIX}{os.getpid()}-{time.monotonic_ns()}"
    try:
        group.mkdir()
    except OSError as problem:
        raise NoControlGroups(f"{parent} lets nobody make control groups: {problem}") from problem
    return group


def sweep(parent: Path) -> None:
    """What killed runs have left; not the ones that others have just made, which are as empty for a moment."""
    for group in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - group.stat().st_mtime > _LEFT:
                remove(group)


def remove(group: Path) -> None:
    for folder, _, _ in os.walk(group, topdown=False):
        with contextlib.suppress(OSError):
            os.rmdir(folder)
