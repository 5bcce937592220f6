# SPDX-License-Identifier: GPL-2.0-or-later
"""What the helper of a machine has used up, as the kernel counts it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NAME = "sallyport-helper"


@dataclass(frozen=True)
class Usage:
    cpu: float  # milliseconds, of all threads
    wakeups: int  # times that a thread gave up the processor by itself and was woken again
    private_memory: float  # MiB
    resident_memory: float


def _fields(path: Path) -> dict[str, int]:
    pairs = (line.split(":", 1) for line in path.read_text(encoding="ascii").splitlines() if ":" in line)
    return {name: int(value.split()[0]) for name, value in pairs if value.split()[:1] and value.split()[0].isdigit()}


def _helper() -> Path:
    """In the process namespace where this is called."""
    found = [path.parent for path in Path("/proc").glob("[0-9]*/comm") if path.read_text(encoding="utf-8").strip() == NAME[:15]]
    if len(found) != 1:
        raise RuntimeError(f"there are {len(found)} helpers")
    return found[0]


def usage() -> Usage:
    process = _helper()
    threads = list((process / "task").iterdir())
    memory = _fields(process / "smaps_rollup")
    return Usage(sum(int((t / "schedstat").read_text(encoding="ascii").split()[0]) for t in threads) / 1e6,
                 sum(_fields(t / "status")["voluntary_ctxt_switches"] for t in threads),
                 (memory["Private_Clean"] + memory["Private_Dirty"]) / 1024, memory["Rss"] / 1024)
