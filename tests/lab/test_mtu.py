#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The size of packets: tunnels fit into the network that is there, into what is hidden behind it, and into another
program's tunnel that carries them."""

from __future__ import annotations

import os
import socket
import unittest

from labtest import LaptopCase
from sallylab import expect, neighbours, proofs
from sallylab.capture import Capture
from sallylab.expect import EXITS, Exit, Situation
from sallylab.linux import slowness, wait_until
from sallylab.prove import prove
from sallylab.topology import MESH, PLACES, PROVIDER2_4, WEB4, WEB6

NAME = "mtu"
SE, V6 = EXITS["mullvad-se"], EXITS["mullvad-v6"]
MUCH = 48000  # bytes


class MtuCase(LaptopCase):
    lab_name = NAME

    def tearDown(self) -> None:
        self.sally("exit", "off")
        self.sally("home", "off")
        self.shell("ip link set eth0 mtu 1500", False)
        self.lab.move("home")

    def mtu(self, link: str) -> int:
        shown = self.shell(f"ip -o link show {link}", False).split()
        return int(shown[shown.index("mtu") + 1]) if shown else 0

    def fragments(self) -> int:
        """How many fragments the laptop's kernel has made, by its own count."""
        names, values = (line.split() for line in self.shell("grep ^Ip: /proc/net/snmp").splitlines())
        four = int(dict(zip(names, values))["FragCreates"])
        return four + int(self.shell("awk '/^Ip6FragCreates/ { print $2 }' /proc/net/snmp6"))


class SmallNetworks(MtuCase):
    """Tunnels have to fit into what is there."""

    def set_mtu(self, size: int) -> None:
        self.shell(f"ip link set eth0 mtu {size}")
        wait_until(lambda: self.mtu("sally-home") == min(1420, size - 80), 5, f"tunnels for {size}")

    def test_tunnels_follow_the_network(self) -> None:
        self.sally("home", "on")
        self.sally("exit", "use", "mullvad-se")
        now = Situation(PLACES["home"], True, SE)
        for size in (1500, 1492, 1360, 1500):
            with self.subTest(size):
                self.set_mtu(size)
                self.assertEqual(self.mtu("sally-exit"), min(1420, size - 80))
                self.assert_works(now)

    def test_no_ipv6_inside_below_1280(self) -> None:
        self.sally("home", "on")
        self.sally("exit", "use", "mullvad-se")
        now = Situation(PLACES["home"], True, SE)
        self.shell("ip link set eth0 mtu 1124")
        wait_until(lambda: self.mtu("sally-exit") == 1044, 5, "small tunnels")
        self.assertNotIn("inet6 fc00", self.shell("ip -6 addr show dev sally-exit", False))
        self.assertEqual(prove(self.lab, now, expect.internet_checks(now)[0]).problems, [])
        self.assertEqual(prove(self.lab, now, expect.mesh_checks(now)[0]).problems, [])
        for address in (WEB6, MESH["nas"].mesh6):
            self.assertFalse(self.laptop.call(proofs.fetch, address, 6, 80, 0.5).good)
        self.assert_tight(now)
        self.assertEqual(self.status()["exit"]["families"], ["ipv4"])
        self.shell("ip link set eth0 mtu 1500")
        wait_until(lambda: self.mtu("sally-exit") == 1420, 5, "tunnels of the usual size")
        self.assert_works(now)

    def test_the_size_that_a_route_tells_counts(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        route = self.shell("ip -4 route show default").strip()
        self.shell(f"ip route change {route} mtu 1400")
        wait_until(lambda: self.mtu("sally-exit") == 1320, 5, "tunnels that fit the route")
        self.shell(f"ip route change {route}")
        wait_until(lambda: self.mtu("sally-exit") == 1420, 5, "tunnels of the usual size")

    def test_no_packet_is_larger_than_the_network(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        self.shell("ip link set eth0 mtu 1300")
        wait_until(lambda: self.mtu("sally-exit") == 1220, 5, "small tunnels")
        with Capture(self.lab, "laptop") as wire:
            self.assertTrue(self.laptop.call(proofs.fetch, WEB4, 4).good)
            self.laptop.call(_large_datagram, WEB4)
            sizes = [p.length for p in wire.packets() if p.outgoing]
        self.assertTrue(sizes)
        self.assertLessEqual(max(sizes), 1300)
        self.shell("ip link set eth0 mtu 1500")


class HiddenHops(MtuCase):
    """A cable between the hotel's router and the internet that carries less than the hotel's own network."""

    def setUp(self) -> None:
        self.lab.move("hotel")
        self.addCleanup(self.narrow, 1500)

    def narrow(self, size: int) -> None:
        for node, card in (("hotel-router", "wan"), ("core", "hotel")):
            self.lab.node(node).output(["ip", "link", "set", card, "mtu", str(size)])

    def follows(self, size: int) -> bool:
        self.laptop.call(_send_much, WEB4)
        self.status()  # whoever asks makes the helper look
        return self.mtu("sally-exit") == size - 80

    def judge(self, size: int, fits: bool) -> None:
        """Sends much and looks at what left the laptop and what passed the narrow cable."""
        before = self.fragments()
        with Capture(self.lab, "laptop") as near, Capture(self.lab, "hotel-router", "wan") as narrow:
            for address in (WEB4, WEB6):
                self.assertEqual(self.laptop.call(_send_much, address), "")
            left, passed = [p for p in near.packets() if p.outgoing], narrow.packets()
        self.assertGreater(sum(p.length for p in left), 2 * MUCH)
        self.assertLessEqual(max(p.length for p in passed), size)
        if fits:
            self.assertLessEqual(max(p.length for p in left), size)
            self.assertEqual(self.fragments(), before)

    def check(self, way: Exit, size: int) -> None:
        self.sally("exit", "use", way.name)
        self.assertEqual(self.mtu("sally-exit"), 1420)
        self.assert_works(Situation(PLACES["hotel"], False, way))
        self.narrow(size)
        # The kernel's WireGuard lets routers cut its packets if they are IPv4, so none of them says anything.
        fits = way is V6 or "wireguard" not in self.shell("ip -d link show sally-exit")
        if fits:
            wait_until(lambda: self.follows(size), 10, f"a tunnel that fits the way to {way.name}", 0.2)
        self.judge(size, fits)

    def test_tunnels_follow_what_routers_say(self) -> None:
        self.check(SE, 1400)

    def test_tunnels_follow_what_routers_say_by_ipv6(self) -> None:
        self.check(V6, 1400)

    def test_larger_than_the_tunnel_and_still_too_small(self) -> None:
        """As behind a router with PPPoE: the kernel takes such a message only for the right route."""
        self.check(V6, 1480)


class OthersTunnels(MtuCase):
    """Another program's tunnel takes everything by routes of the main table, where our encrypted packets are looked up."""

    def setUp(self) -> None:
        neighbours.write_wg_quick_file(self.lab)
        self.lab.move("hotel")
        self.shell(f"""set -e; cd /etc/wireguard
            sed 's/^Address.*/&\\nTable = off\\nMTU = 1380/' other.conf >corp.conf
            wg-quick up /etc/wireguard/corp.conf 2>&1
            ip route add {PROVIDER2_4} via 172.16.5.1; ip route add 0.0.0.0/1 dev corp; ip route add 128.0.0.0/1 dev corp""")
        self.addCleanup(self.shell, f"wg-quick down /etc/wireguard/corp.conf; ip route del {PROVIDER2_4}", False)

    def test_home_fits_into_a_tunnel_that_carries_it(self) -> None:
        self.sally("home", "on", "--no-wait")
        wait_until(lambda: self.mtu("sally-home") == 1300, 5, "a tunnel that fits into another")
        mesh = MESH["vps"].mesh4
        self.assertTrue(self.laptop.call(proofs.fetch, mesh, 0, 80, 5.0).good)
        before = self.fragments()
        with Capture(self.lab, "laptop") as wire:
            self.assertEqual(self.laptop.call(_send_much, mesh), "")
            left = [p for p in wire.packets() if p.outgoing and p.destination == PROVIDER2_4]
        self.assertGreater(sum(p.length for p in left), MUCH)
        self.assertLessEqual(max(p.length for p in left), 1380 + 60)
        self.assertEqual(self.fragments(), before)
        self.shell("ip route del 0.0.0.0/1 dev corp; ip route del 128.0.0.0/1 dev corp")
        wait_until(lambda: self.mtu("sally-home") == 1420, 5, "a tunnel of the usual size")


def _large_datagram(address: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x" * 4000, (address, 9))


def _send_much(address: str) -> str:
    """A request that fills many packets, by TCP; what went wrong."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(5 * slowness())
            connection.connect((address, 80))
            connection.sendall(b"GET / HTTP/1.0\r\nX: " + b"x" * MUCH + b"\r\n\r\n")
            return "" if b" 200 " in connection.recv(100) else "no answer"
    except OSError as problem:
        return str(problem) or "no answer"


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
