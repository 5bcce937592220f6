# SPDX-License-Identifier: GPL-2.0-or-later
"""What the lab's test files share."""

from __future__ import annotations

import json
import os
import unittest
from pathlib import Path
from typing import Any

from sallylab import battery, expect
from sallylab.capture import Capture
from sallylab.expect import Situation
from sallylab.keeper import LabOrder
from sallylab.lab import Lab, NodeDoor, take_down
from sallylab.packets import Packet
from sallylab.prove import prove
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


_standing: dict[str, Lab] = {}


def shared_lab(name: str, **kinds: bool) -> Lab:
    """One that the classes of a file share: raising it takes as long as some tests do. It goes with the last of them."""
    if name not in _standing:
        _standing[name] = raise_lab(name, **kinds)
        unittest.addModuleCleanup(lambda: _standing.pop(name).down())
    return _standing[name]


class LaptopCase(unittest.TestCase):
    """The laptop of a lab. Whatever a test does to it, it undoes."""

    lab_name = ""
    lab_kinds: dict[str, bool] = {}
    lab: Lab
    laptop: NodeDoor

    @classmethod
    def setUpClass(cls) -> None:
        need_root()
        need_programs()
        cls.lab = shared_lab(cls.lab_name, **cls.lab_kinds)
        cls.laptop = cls.lab.node("laptop")

    def sally(self, *arguments: str) -> str:
        return self.laptop.output(["sally", *arguments])

    def shell(self, script: str, check: bool = True) -> str:
        return self.laptop.output(["sh", "-c", script], check)

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.sally("status", "--json")))

    def strays(self, now: Situation) -> list[Packet]:
        """Fires the battery and returns what left the laptop without a right to."""
        with Capture(self.lab, "laptop") as wire:
            self.laptop.call(battery.fire, now.place.resolvers)
            packets = wire.packets()
        return [p for p in packets if p.outgoing and not p.housekeeping and not expect.is_underlay(p, now)
                and not expect.is_refusal(p)]

    def assert_tight(self, now: Situation, why: str = "") -> None:
        strays, table = self.strays(now), self.shell("nft list table inet sallyport_guard", False)
        self.assertEqual([str(p) for p in strays], [], f"{now} {why}\n{table}")

    def assert_works(self, now: Situation) -> None:
        for check in expect.internet_checks(now) + (expect.mesh_checks(now) if now.home else []):
            self.assertEqual(prove(self.lab, now, check).problems, [])
