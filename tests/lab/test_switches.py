#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""Both switches in every state and along every way between two states, with the real programs on the laptop, the
desktop, the NAS and the VPS: for each kind of packet, who answered, what the far side saw, what the wire carried."""

from __future__ import annotations

import json
import os
import unittest

from labtest import LaptopCase
from sallylab import expect
from sallylab.expect import EXITS, NO_EXIT, Check, Exit, Situation
from sallylab.linux import wait_until
from sallylab.prove import prove
from sallylab.topology import PLACES

NAME = "switches"
OUT = (NO_EXIT, EXITS["mullvad-se"], EXITS["vps"])
State = tuple[bool, Exit]


def every_way() -> list[tuple[State, State]]:
    """All edges of the graph of states, in one closed walk (Hierholzer). One edge is one command."""
    left: dict[State, list[State]] = {}
    for home in (False, True):
        for out in OUT:
            left[home, out] = [(not home, out)] + [(home, other) for other in OUT if other != out]
    walk: list[State] = []
    stack: list[State] = [(False, NO_EXIT)]
    while stack:
        if left[stack[-1]]:
            stack.append(left[stack[-1]].pop())
        else:
            walk.append(stack.pop())
    walk.reverse()
    return list(zip(walk, walk[1:]))


class Walk(unittest.TestCase):
    def test_the_walk_uses_every_edge_once(self) -> None:
        edges = every_way()
        self.assertEqual((len(edges), len(set(edges))), (18, 18))
        self.assertEqual(edges[0][0], edges[-1][1])


class SwitchCase(LaptopCase):
    lab_name = NAME

    def setUp(self) -> None:
        self.lab.move("home")

    def all_off(self) -> None:
        self.sally("exit", "off")
        self.sally("home", "off")

    def change(self, old: State, new: State) -> None:
        """The one command that leads from one state to the next."""
        if old[0] != new[0]:
            self.sally("home", "on" if new[0] else "off")
        if old[1] != new[1]:
            self.sally("exit", *(("use", new[1].name) if new[1].name else ("off",)))

    def situation(self, state: State, place: str) -> Situation:
        return Situation(PLACES[place], *state)

    def prove(self, now: Situation, checks: list[Check] | None = None) -> None:
        """Every kind of packet in this situation, each with the wire listened to."""
        problems: list[str] = []
        for check in checks or expect.all_checks(now):
            problems += prove(self.lab, now, check).problems
        if problems:
            self.fail(f"{now}\n  " + "\n  ".join(problems) + "\n" + self.picture())

    def picture(self) -> str:
        """For the reader of a failure: what the kernel holds."""
        return self.laptop.output(["sh", "-c", "sally status; ip rule; ip -6 rule; ip route show table all; "
                                                           "ip -6 route show table 2592; wg show; ip -br addr"], False)


class EveryWay(SwitchCase):
    """{Home off, on} × {Exit off, provider, device} × {IPv4, IPv6}, in all orders."""

    def test_every_state_along_every_way(self) -> None:
        self.prove(self.situation((False, NO_EXIT), "home"))
        for old, new in every_way():
            with self.subTest(f"Home {old[0]} Exit {old[1].name or 'off'} → Home {new[0]} Exit {new[1].name or 'off'}"):
                self.change(old, new)
                self.prove(self.situation(new, "home"))

    def test_off_leaves_the_laptop_as_it_was(self) -> None:
        self.all_off()
        before = self.kernel()
        self.sally("home", "on")
        self.sally("exit", "use", "mullvad-se")
        self.assertNotEqual(self.kernel(), before)
        self.sally("home", "off")
        self.sally("exit", "off")
        self.assertEqual(self.kernel(), before)

    def test_gateways_of_others_are_found_on_the_card(self) -> None:
        """`ip route add X via GATEWAY` names no card: the kernel looks for one, and goes by our rules too. A network of
        public addresses, for which the exit's table never has an exception."""
        self.sally("exit", "use", "mullvad-se")
        shown = self.laptop.output(["sh", "-c", """
            ip address add 198.19.5.2/24 dev eth0
            ip route add 192.0.2.0/24 via 198.19.5.1
            ip -o route show 192.0.2.0/24
            ip address del 198.19.5.2/24 dev eth0"""])
        self.assertIn("dev eth0", shown)
        self.all_off()

    def test_two_servers_of_one_provider(self) -> None:
        for name in ("mullvad-se", "mullvad-de", "mullvad-v6", "mullvad-se"):
            self.sally("exit", "use", name)
            now = self.situation((False, EXITS[name]), "home")
            self.prove(now, expect.internet_checks(now) + expect.dns_checks(now))
        self.all_off()

    def test_status_names_what_is_on(self) -> None:
        self.sally("home", "on")
        self.sally("exit", "use", "vps")
        status = json.loads(self.sally("status", "--json"))
        self.assertEqual(status["schema"], 1)
        self.assertTrue(status["home"]["enabled"])
        self.assertEqual((status["exit"]["enabled"], status["exit"]["name"]), (True, "vps"))
        self.all_off()

    def kernel(self) -> str:
        """Rules, routes, filter tables, names and links, without what changes by itself."""
        return self.laptop.output(["sh", "-c", """
            ip rule; ip -6 rule; ip route show table all; ip -6 route show table all | grep -v '^multicast\\|^anycast'
            nft list tables; cat /etc/hosts; ip -o link | cut -d' ' -f2; cat /proc/sys/net/ipv4/conf/all/src_valid_mark
            cat /proc/sys/net/ipv4/conf/all/rp_filter"""])


class OtherPlaces(SwitchCase):
    """The same states on networks that translate, translate twice, or speak one family only."""

    def walk(self, place: str, outs: tuple[Exit, ...]) -> None:
        self.lab.move(place)
        old: State = (False, NO_EXIT)
        for new in [(True, NO_EXIT), *((True, out) for out in outs), (False, outs[-1]), (False, NO_EXIT)]:
            with self.subTest(f"{place}: Home {new[0]} Exit {new[1].name or 'off'}"):
                self.change(old, new)
                self.prove(self.situation(new, place))
            old = new

    def test_hotel(self) -> None:
        self.walk("hotel", (EXITS["mullvad-se"], EXITS["nas"], EXITS["vps"]))

    def test_carrier(self) -> None:
        self.walk("carrier", (EXITS["mullvad-v6"], EXITS["vps"]))

    def test_v6only(self) -> None:
        self.walk("v6only", (EXITS["mullvad-v6"], EXITS["vps"]))

    def test_v4only(self) -> None:
        self.walk("v4only", (EXITS["mullvad-se"], EXITS["vps"]))


class Moves(SwitchCase):
    """The laptop is carried about while everything is on; the tunnels have to follow by themselves."""

    def test_tunnels_follow(self) -> None:
        for out in (EXITS["mullvad-se"], EXITS["vps"]):
            self.sally("home", "on")
            self.sally("exit", "use", out.name)
            for place in ("home", "hotel", "carrier", "offline", "v4only", "home"):
                self.lab.move(place)
                if place == "offline":
                    continue
                now = self.situation((True, out), place)
                with self.subTest(f"{out.name}, {place}"):
                    wait_until(lambda: self.answers(now), 6, f"tunnels that work at {place}")
                    self.prove(now)
        self.all_off()

    def answers(self, now: Situation) -> bool:
        checks = [c for c in expect.all_checks(now) if c.answer]
        return not any(prove(self.lab, now, check).problems for check in checks)


class PlainNas(SwitchCase):
    """The NAS of the origin: a WireGuard peer configured by hand, without Sallyport."""

    lab_name = f"{NAME}-plain"
    lab_kinds = {"plain_nas": True}

    def test_mesh_with_a_peer_that_knows_nothing_of_us(self) -> None:
        self.sally("home", "on")
        self.prove(self.situation((True, NO_EXIT), "home"))
        self.sally("exit", "use", "nas")
        self.prove(self.situation((True, EXITS["nas"]), "home"))
        self.all_off()


class KilledHelper(SwitchCase):
    """Kernel state outlives the helper."""

    def test_tunnels_stay_and_the_next_helper_adopts_them(self) -> None:
        state: State = (True, EXITS["mullvad-se"])
        self.change((False, NO_EXIT), state)
        self.prove(self.situation(state, "home"))
        laptop = self.laptop
        links = laptop.output(["ip", "-o", "link", "show", "sally-exit"]).split(":")[0]
        laptop.output(["sh", "-c", "kill -9 $(pidof sallyport-helper)"])
        self.prove(self.situation(state, "home"))
        laptop.output(["sh", "-c", "for i in $(seq 100); do sally status >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1"])
        self.prove(self.situation(state, "home"))
        self.assertEqual(laptop.output(["ip", "-o", "link", "show", "sally-exit"]).split(":")[0], links)
        self.all_off()


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
