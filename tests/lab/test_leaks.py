#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The leak lab: random steps of people, networks, crashes and other programs under a constant stream of every kind of
packet, with every physical wire of the laptop listened to. First it is shown that a leak would be seen.

SALLYPORT_LEAK_SEED repeats a walk, SALLYPORT_LEAK_STEPS makes it longer; `./dev lab leaks --steps 1000` is the nightly one."""

from __future__ import annotations

import os
import re
import unittest

from labtest import LaptopCase
from sallylab import judge, leakwalk, neighbours, steps
from sallylab.expect import EXITS
from sallylab.leaks import PHONE, Walk
from sallylab.linux import slowness, wait_until
from sallylab.packets import Packet
from sallylab.topology import DNS4, WEB4, WEB6

NAME = "leaks"
COUNT = int(os.environ.get(leakwalk.STEP_COUNT, "") or 120)
SOON = 100  # milliseconds in which a guard that others removed is back
SE = EXITS["mullvad-se"]


class LeakCase(LaptopCase):
    lab_name = NAME

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        neighbours.write_wg_quick_file(cls.lab)


class Waiting(LeakCase):
    """What was sent before and waits in the kernel, past every filter, until the gateway tells its hardware address."""

    SILENT = "; ".join(
        f"nft add table {family} silent; nft add chain {family} silent out '{{ type filter hook output priority 0; }}'; "
        f"nft add rule {family} silent out {what} drop"
        for family, what in (("arp", "arp operation reply"), ("ip6", "icmpv6 type nd-neighbor-advert")))
    TALKATIVE = "nft delete table arp silent; nft delete table ip6 silent"

    def setUp(self) -> None:
        self.walk = Walk(self.lab, 1)
        self.router = self.lab.node("home-router")
        self.addCleanup(self.walk.close)
        self.addCleanup(self.router.output, ["sh", "-c", f"exec 2>/dev/null; {self.TALKATIVE}; true"])
        self.addCleanup(self.walk.shell, "sally exit off; sally lockdown off")

    def test_it_is_dropped_when_exit_goes_on(self) -> None:
        self.expect_dropped("exit use mullvad-se --no-wait", exit=SE)

    def test_it_is_dropped_when_lockdown_goes_on(self) -> None:
        self.expect_dropped("lockdown on", lockdown=True)

    def expect_dropped(self, words: str, **what: object) -> None:
        gateways = set(re.findall(r"via (\S+)", self.walk.shell("ip route; ip -6 route")))
        self.assertEqual(len(gateways), 2)
        self.silence(gateways)
        self.walk.shell(f"sally {words}", True)
        self.walk.change(**what)
        self.walk.take()
        self.router.output(["sh", "-c", self.TALKATIVE], True)
        wait_until(lambda: not gateways & self.unresolved(), 10, "answers of the gateways")
        self.walk.stream.wait_for_rounds(2)
        self.walk.judge([self.walk.now], words)
        self.assertEqual(self.walk.report.strays, [])

    def unresolved(self) -> set[str]:
        said = self.walk.shell("ip neigh show nud incomplete; ip -6 neigh show nud incomplete")
        return {line.split()[0] for line in said.splitlines()}

    def silence(self, gateways: set[str]) -> None:
        """The gateways say nothing, and packets wait for them."""
        self.router.output(["sh", "-c", self.SILENT], True)
        for gateway in gateways:
            self.walk.shell(f"ip neigh del {gateway} dev eth0")
        wait_until(lambda: gateways <= self.unresolved(), 10, "packets for silent gateways")
        self.walk.stream.wait_for_rounds(2)


class Sees(LeakCase):
    """The judge is judged: with the guard away, the same stream on the same wires must be found guilty."""

    def setUp(self) -> None:
        self.walk = Walk(self.lab, 1)
        self.addCleanup(self.walk.close)
        self.addCleanup(self.walk.shell, "killall -q -CONT sallyport-helper; sally exit off; sally lockdown off")

    def strays(self) -> list[Packet]:
        """Of a few rounds, judged as if Exit were on."""
        self.walk.take()
        self.walk.stream.wait_for_rounds(3)
        situation = self.walk.now.situation
        return [p for p in self.walk.take() if not judge.is_allowed(p, (situation,), False)]

    def protect(self) -> None:
        steps.request(self.walk, f"exit use {SE.name}", exit=SE)
        self.assertEqual(self.walk.report.faults, [])
        self.assertEqual([str(p) for p in self.strays()], [])

    def test_without_protection_every_kind_is_seen(self) -> None:
        self.walk.change(exit=SE)  # in the judge's eyes only
        seen = {(p.protocol, p.destination, p.destination_port) for p in self.strays()}
        for due in (("tcp", WEB4, 443), ("tcp", WEB6, 80), ("udp", WEB4, 443), ("udp", WEB6, 443), ("icmp", WEB4, 0),
                    ("icmp6", WEB6, 0), ("udp", DNS4, 53), ("tcp", DNS4, 853), ("udp", "10.41.0.1", 53),
                    ("tcp", "10.41.0.1", 53), ("udp", WEB4, 41641)):
            self.assertIn(due, seen)
        self.assertTrue(any(judge.is_marked(p) for p in self.strays()))

    def test_a_guard_that_accepts_everything_is_seen(self) -> None:
        """The same name and the same comment, and the helper cannot put it right."""
        self.protect()
        comment = self.walk.shell("nft list table inet sallyport_guard | sed -n 's/.*comment \\(\".*\"\\).*/\\1/p'").split("\n")[0]
        self.assertIn("sallyport", comment)
        self.walk.shell(f"killall -STOP sallyport-helper; nft delete table inet sallyport_guard; nft add table inet "
                        f"sallyport_guard '{{ comment {comment}; }}'; nft add chain inet sallyport_guard out "
                        "'{ type filter hook output priority 10; policy accept; }'", True)
        held_by_routes = self.strays()
        self.assertTrue(any(judge.is_marked(p) for p in held_by_routes), "packets with our marks")
        self.assertFalse(any(p.destination in (WEB4, WEB6) and not judge.is_marked(p) for p in held_by_routes),
                         "rules and routes still hold the rest")
        self.walk.shell(steps.FLUSH_RULES)
        seen = {(p.protocol, p.destination, p.destination_port) for p in self.strays()}
        self.assertLessEqual({("tcp", WEB4, 443), ("udp", WEB6, 443), ("icmp", WEB4, 0), ("udp", DNS4, 53)}, seen)
        self.walk.shell("killall -CONT sallyport-helper")
        self.walk.settle("a helper that may work again")
        self.assertEqual(self.walk.report.faults, [])
        self.assertEqual([str(p) for p in self.strays()], [])

    def test_a_leak_by_the_second_card_is_seen(self) -> None:
        self.protect()
        steps.phone(self.walk)
        self.walk.shell("killall -STOP sallyport-helper; nft delete table inet sallyport_guard; "
                        f"ip rule add pref 1 lookup 77; ip route add default via 192.168.43.1 dev {PHONE} table 77")
        seen = {p.source for p in self.strays()}
        self.walk.shell("ip rule del pref 1; ip route flush table 77; killall -CONT sallyport-helper")
        self.assertIn("192.168.43.58", seen)
        steps.phone(self.walk)


class Walks(LeakCase):
    def test_no_packet_strays(self) -> None:
        seed = leakwalk.chosen_seed()
        print(f"{leakwalk.SEED}={seed} {leakwalk.STEP_COUNT}={COUNT}", flush=True)
        report = leakwalk.walk(self.lab, seed, COUNT)
        print(report)
        self.assertEqual(report.strays[:20], [])
        self.assertEqual(report.faults[:5], [])
        self.assertGreater(report.judged, COUNT)
        self.assertGreater(report.counters.answered, 0)
        if report.windows:
            self.assertLess(sorted(report.windows)[len(report.windows) // 2], SOON * slowness())


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
