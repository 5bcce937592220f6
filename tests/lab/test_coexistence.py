#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sallyport beside other programs that change routes and filters: each started before us and after us, and stopped in
any order. Judged by packets on the wire, by the kernel's own answers, and by what the others had being untouched."""

from __future__ import annotations

import os
import shutil
import unittest
from collections.abc import Callable

from labtest import LaptopCase
from sallylab import expect, neighbours
from sallylab.capture import Capture
from sallylab.expect import EXITS, NO_EXIT, Situation
from sallylab.linux import wait_until
from sallylab.neighbours import Neighbour
from sallylab.prove import prove
from sallylab.topology import PLACES, PROVIDER2_4, PROVIDER_PORT, WEB4, WEB6

NAME = "coexistence"
OUT = EXITS["mullvad-se"]
PROGRAMS = {"wg-quick": "wg-quick", "firewalld": "firewalld", "ufw": "ufw", "docker": "iptables"}


class Coexistence(LaptopCase):
    lab_name = NAME

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        neighbours.write_wg_quick_file(cls.lab)

    def on(self) -> None:
        self.sally("home", "on", "--no-wait")
        self.sally("exit", "use", OUT.name, "--no-wait")

    def off(self) -> None:
        self.sally("exit", "off")
        self.sally("home", "off")

    def way(self, address: str, mark: str = "0") -> str:
        """The kernel's own answer (RTM_GETROUTE): a card, or nothing if it refuses."""
        text = self.laptop.output(["ip", "-o", "route", "get", address, "mark", mark], check=False)
        return text.split(" dev ")[1].split()[0] if " dev " in text else ""

    def picture(self) -> str:
        return self.laptop.output(
            ["sh", "-c", "ip rule; ip -6 rule; sally status; ip route show table all | grep default; nft list tables"],
            check=False)

    def judge(self, neighbour: Neighbour, ours_on: bool) -> None:
        if not ours_on:
            return
        self.assert_underlay_leaves_by_the_card()
        if neighbour.is_exit or neighbour.blocks:
            self.assert_nothing_strays(neighbour)
        else:
            self.assert_everything_works()
        if neighbour.who:
            neighbours.wait_for_conflict(self.lab, neighbour.who)

    def assert_underlay_leaves_by_the_card(self) -> None:
        for address in (WEB4, WEB6):
            for mark in ("0xa1000000", "0xa2000000"):
                wait_until(lambda: self.way(address, mark) == "eth0", 1, f"{address} with mark {mark} by eth0")

    def assert_everything_works(self) -> None:
        now = Situation(PLACES["home"], True, OUT)
        checks = [c for c in expect.mesh_checks(now) + expect.internet_checks(now) + expect.lan_checks(now)
                  if "name" not in c.kind]
        problems = [p for check in checks for p in self.problems_after_patience(now, check)]
        if problems:
            self.fail("\n  ".join(problems) + "\n" + self.picture())

    def problems_after_patience(self, now: Situation, check: expect.Check) -> list[str]:
        """The first packet after a change may be the one that a new handshake waits for; a stray has no excuse."""
        problems = prove(self.lab, now, check).problems
        if problems and not any("strayed" in p for p in problems):
            problems = prove(self.lab, now, check).problems
        return problems

    def assert_nothing_strays(self, neighbour: Neighbour) -> None:
        """Two exits at once: whoever wins, nothing may leave in clear."""
        now = Situation(PLACES["home"], True, OUT)
        other = (PROVIDER2_4, PROVIDER_PORT)
        with Capture(self.lab, "laptop") as wire:
            for check in expect.internet_checks(now) + expect.mesh_checks(now)[:2]:
                self.laptop.call(check.ask, *check.arguments)
            packets = [p for p in wire.packets() if p.outgoing and not p.housekeeping]
        strays = [p for p in packets if not expect.is_underlay(p, now) and not expect.is_refusal(p)
                  and (p.destination, p.destination_port) != other]
        self.assertEqual(strays, [], f"{neighbour.name}\n{self.picture()}")


class EachNeighbour(Coexistence):
    """Orders of start and stop. T: theirs, U: ours; small letters stop."""

    def orders(self, neighbour: Neighbour) -> None:
        tool = PROGRAMS.get(neighbour.name)
        if tool and not shutil.which(tool):
            self.skipTest(f"{tool} is not installed")
        neighbour.begin(self.lab)  # ufw leaves its emptied chains behind when it is stopped for the first time
        neighbour.end(self.lab)
        alone = neighbours.everything_but_ours(self.lab)
        for order in ("TUtu", "TUut", "UTtu", "UTut"):
            with self.subTest(order):
                try:
                    self.play(neighbour, order)
                except BaseException:
                    self.off()
                    self.laptop.output(["sh", "-c", neighbour.stop], check=False)
                    raise
                self.assertEqual(neighbours.everything_but_ours(self.lab), alone)

    def play(self, neighbour: Neighbour, order: str) -> None:
        steps: dict[str, Callable[[], None]] = {
            "T": lambda: neighbour.begin(self.lab), "t": lambda: neighbour.end(self.lab), "U": self.on, "u": self.off}
        theirs = ""
        for number, step in enumerate(order):
            if step == "U" and order[number - 1] == "T":
                theirs = neighbours.everything_but_ours(self.lab)
            steps[step]()
            seen = order[:number + 1]
            here, ours = "T" in seen and "t" not in seen, "U" in seen and "u" not in seen
            if here:
                self.judge(neighbour, ours)
            elif ours:
                self.assert_underlay_leaves_by_the_card()
                self.assert_everything_works()
            if step == "u" and here and order[0] == "T":
                self.assertEqual(neighbours.everything_but_ours(self.lab), theirs, "theirs are as before us")


def _add_orders() -> None:
    for neighbour in neighbours.ALL:
        def test(self: EachNeighbour, neighbour: Neighbour = neighbour) -> None:
            self.orders(neighbour)
        setattr(EachNeighbour, "test_" + neighbour.name.replace(" ", "_").replace("-", "_"), test)


_add_orders()


class Crowd(Coexistence):
    """Several of them at once, as on a developer's laptop."""

    def test_tailscale_docker_ufw_and_then_wg_quick(self) -> None:
        if not shutil.which("ufw"):
            self.skipTest("ufw is not installed")
        crowd = [n for n in neighbours.ALL if n.name in ("docker", "ufw", "tailscale")]
        alone = neighbours.rules_and_routes_but_ours(self.lab)
        crowd[0].begin(self.lab)
        self.on()
        for neighbour in crowd[1:]:
            neighbour.begin(self.lab)
            self.assert_underlay_leaves_by_the_card()
            self.assert_everything_works()
        neighbours.WG_QUICK.begin(self.lab)
        self.judge(neighbours.WG_QUICK, True)
        self.sally("exit", "off")  # Home works beside all of them, and the other exit is the only one
        for check in expect.mesh_checks(Situation(PLACES["home"], True, NO_EXIT))[:2]:
            self.assertTrue(self.laptop.call(check.ask, *check.arguments), check.kind)
        self.assertEqual(self.way(WEB4), "other")
        neighbours.WG_QUICK.end(self.lab)
        self.off()
        for neighbour in (crowd[1], crowd[2], crowd[0]):
            self.laptop.output(["sh", "-c", neighbour.stop], check=False)
        self.assertEqual(neighbours.rules_and_routes_but_ours(self.lab), alone)


class Gateway(Coexistence):
    """What devices of home send through this machine while its Exit is on (RTM_GETROUTE as for packets from outside)."""

    def forwarded(self, address: str, source: str) -> str:
        text = self.laptop.output(
            ["ip", "-o", "route", "get", address, "from", source, "iif", "sally-home"], check=False)
        return text.split(" dev ")[1].split()[0] if " dev " in text else ""

    def test_mesh_traffic_stops_here_while_exit_is_on(self) -> None:
        forwarding = "net.ipv4.ip_forward={0} net.ipv6.conf.all.forwarding={0}"
        self.addCleanup(self.shell, f"sysctl -qw {forwarding.format(0)}")
        self.shell(f"sysctl -qw {forwarding.format(1)}")
        self.sally("home", "on", "--no-wait")
        self.assertEqual(self.forwarded(WEB4, "10.42.1.1"), "eth0")  # its owner made it a router
        self.sally("exit", "use", OUT.name, "--no-wait")
        for address, source, due in ((WEB4, "10.42.1.1", ""), (WEB6, "fd42::1", ""), ("10.41.0.1", "10.42.1.1", "eth0"),
                                     ("10.42.1.4", "10.42.1.1", "sally-home"), ("fd41::9", "fd42::1", "eth0")):
            with self.subTest(address):
                self.assertEqual(self.forwarded(address, source), due, self.picture())
        self.off()


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
