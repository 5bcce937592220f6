# SPDX-License-Identifier: GPL-2.0-or-later
"""What the lab's test files share."""

from __future__ import annotations

import os
import unittest
from pathlib import Path

from sallylab.keeper import LabOrder
from sallylab.lab import Lab, take_down
from sallylab.state import LabFolder

SOURCE = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("SALLYPORT_BIN", SOURCE / "build/dev/bin"))


def order(name: str, **kinds: bool) -> LabOrder:
    return LabOrder(LabFolder.of(name), BIN, SOURCE, **kinds)


def raise_lab(name: str, **kinds: bool) -> Lab:
    """A fresh lab, whatever a killed test may have left under this name."""
    take_down(name)
    return Lab.up(order(name, **kinds))


def need_root() -> None:
    if os.geteuid() != 0:
        raise unittest.SkipTest("namespaces need root; run it with sudo, or in unshare -rn")
    if not Path("/dev/net/tun").exists():
        raise unittest.SkipTest("/dev/net/tun is missing, and without it there are no tunnels")


def need_programs() -> None:
    missing = [name for name in ("sallyport-helper", "sally") if not os.access(BIN / name, os.X_OK)]
    if missing:
        raise unittest.SkipTest(f"{' and '.join(missing)} not built in {BIN}")
