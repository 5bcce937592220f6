# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a lab keeps its files, and how to find the one that runs."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .linux import start_time, wait_until


class LabError(RuntimeError):
    """One sentence for the person at the terminal."""


def base_folder() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if _is_real_root() or not runtime:
        return Path("/run/sallyport-lab") if os.access("/run", os.W_OK) else Path(f"/tmp/sallyport-lab-{os.getuid()}")
    return Path(runtime) / "sallyport-lab"


def _is_real_root() -> bool:
    return os.getuid() == 0 and not rootless()


def rootless() -> bool:
    """Root of a user namespace only: no second user exists there."""
    with open("/proc/self/uid_map", encoding="ascii") as text:
        return [line.split() for line in text] != [["0", "0", "4294967295"]]


@dataclass(frozen=True)
class LabFolder:
    name: str
    path: Path

    @staticmethod
    def of(name: str) -> LabFolder:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,20}", name):
            raise LabError(f"“{name}” is not a name for a lab: use small letters, digits and hyphens.")
        return LabFolder(name, base_folder() / name)

    @property
    def control(self) -> Path:
        return self.path / "control"

    @property
    def log(self) -> Path:
        return self.path / "log"

    def node(self, node: str) -> Path:
        return self.path / "nodes" / node

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One `up` or `down` at a time. The lock lies beside the folder, which `down` removes."""
        self.path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with open(self.path.with_suffix(".lock"), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def record(self, facts: dict[str, object]) -> None:
        """Written before anything is built, so that a half-failed start can be taken down."""
        new = self.path / "state.json.new"
        new.write_text(json.dumps(facts, indent=2), encoding="utf-8")
        new.rename(self.path / "state.json")

    def facts(self) -> dict[str, object] | None:
        try:
            facts = json.loads((self.path / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return facts if isinstance(facts, dict) else None

    def keeper(self) -> int | None:
        """The keeper's process, if it is still the one that was recorded."""
        facts = self.facts()
        if not facts:
            return None
        pid, started = int(str(facts.get("pid", 0))), str(facts.get("started", ""))
        return pid if pid > 1 and started and start_time(pid) == started else None

    def remove(self) -> bool:
        """Ends the keeper. It is the first process of the lab's process namespace: when it goes, the kernel ends every
        other process of the lab, and with them go all mounts and network namespaces. True if there was anything."""
        pid = self.keeper()
        if pid:
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: not start_time(pid), 10, "the end of the lab's processes")
        existed = self.path.exists()
        shutil.rmtree(self.path, ignore_errors=True)
        return bool(pid) or existed


def running_labs() -> list[str]:
    folder = base_folder()
    names = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    return [name for name in names if LabFolder(name, folder / name).keeper()]
