#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks that are hostile or confusing. Small ones are in test_mtu; the rest of it (announced routes, public "local" networks, packets to
a tunnel's address) is in test_guard."""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import struct
import time
import unittest
from collections.abc import Callable
from typing import Any

from labtest import LaptopCase
from sallylab import battery, proofs
from sallylab.capture import Capture
from sallylab.expect import EXITS, NO_EXIT, Situation
from sallylab.linux import wait_until
from sallylab.topology import MESH, PLACES, PROVIDER4, WEB4, WEB6

NAME = "networks"
SE = EXITS["mullvad-se"]


class NetworkCase(LaptopCase):
    lab_name = NAME

    def tearDown(self) -> None:
        self.sally("exit", "off")
        self.sally("home", "off")
        self.lab.move("home")


class Curious(NetworkCase):
    """Neighbours that want to know more than they should."""

    def who_has(self, address: str) -> bool:
        """Whether the laptop answers the desktop's question."""
        return bool(self.lab.node("desktop").call(_ask_who_has, address))

    def test_tunnel_addresses_are_not_told_to_neighbours(self) -> None:
        """MLLVD-CR-24-03."""
        self.assertTrue(self.who_has("10.41.1.2"), "the question is heard")
        self.sally("home", "on")
        self.sally("exit", "use", "mullvad-se")
        self.assertTrue(self.who_has("10.41.1.2"))
        self.assertFalse(self.who_has(MESH["laptop"].mesh4))
        self.assertFalse(self.who_has("10.64.3.7"))

    def test_who_asks_for_more_keeps_it(self) -> None:
        self.shell("echo 2 > /proc/sys/net/ipv4/conf/eth0/arp_ignore")
        self.sally("home", "on")
        self.assertEqual(self.shell("cat /proc/sys/net/ipv4/conf/eth0/arp_ignore").strip(), "2")
        self.sally("home", "off")
        self.shell("echo 0 > /proc/sys/net/ipv4/conf/eth0/arp_ignore")
        self.sally("home", "on")
        self.assertEqual(self.shell("cat /proc/sys/net/ipv4/conf/eth0/arp_ignore").strip(), "1")
        self.sally("home", "off")
        self.assertEqual(self.shell("cat /proc/sys/net/ipv4/conf/eth0/arp_ignore").strip(), "0")


def _ask_who_has(address: str) -> bool:
    """An ARP request by hand, broadcast, from this node's card; whether anybody answers within half a second."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806)) as card:
        card.bind(("eth0", 0x0806))
        own = card.getsockname()[4]
        card.send(b"\xff" * 6 + own + b"\x08\x06" + struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + own
                  + socket.inet_aton("10.41.1.1") + b"\0" * 6 + socket.inet_aton(address))
        end = time.monotonic() + 0.5
        while (left := end - time.monotonic()) > 0:
            card.settimeout(left)
            try:
                frame = card.recv(64)
            except TimeoutError:
                return False
            if frame[20:22] == b"\0\2" and frame[28:32] == socket.inet_aton(address):
                return True
    return False


class Liars(NetworkCase):
    """Networks that announce what is not so."""

    def apply(self, change: Callable[[dict[str, Any]], None]) -> None:
        document = json.loads(self.shell("cat /etc/sallyport-lab/laptop.json"))
        change(document)
        self.shell(f"cat > /etc/sallyport-lab/changed.json <<'E'\n{json.dumps(document)}\nE")
        self.sally("apply", "/etc/sallyport-lab/changed.json")

    def test_routers_that_appear_while_the_exit_carries_ipv4_only(self) -> None:
        """A rogue router gives the laptop IPv6 of its own; the exit has none, so nothing may leave by it."""
        def without_ipv6(document: dict[str, Any]) -> None:
            for way in document["exits"]:
                if way["name"] == "mullvad-se":
                    way["addresses"] = [a for a in way["addresses"] if ":" not in a]

        self.apply(without_ipv6)
        try:
            self.sally("exit", "use", "mullvad-se")
            self.shell("sysctl -qw net.ipv6.conf.eth0.accept_ra=2 net.ipv6.conf.eth0.autoconf=1")
            self.lab.node("desktop").call(_advertise_a_router)
            wait_until(lambda: "2001:db8:bad" in self.shell("ip -6 addr show dev eth0"), 5, "the lie is believed")
            self.assert_tight(Situation(PLACES["home"], False, SE))
            self.assertFalse(self.laptop.call(proofs.fetch, WEB6, 6, 80, 0.5).good)
            self.assertTrue(self.laptop.call(proofs.fetch, WEB4, 4).good)
            self.assertEqual(self.status()["exit"]["families"], ["ipv4"])
        finally:
            self.sally("apply", "/etc/sallyport-lab/laptop.json")
            self.shell("sysctl -qw net.ipv6.conf.eth0.accept_ra=0; ip -6 route flush dev eth0 proto ra; "
                       "ip -6 addr flush dev eth0 dynamic", False)

    def test_the_servers_address_is_no_way_out(self) -> None:
        """TunnelCrack's ServerIP: whoever makes an address "the server" must not see packets of others to it."""
        self.sally("exit", "use", "mullvad-se")
        with Capture(self.lab, "laptop") as wire:
            for port in (80, 443, 51820):
                self.laptop.call(proofs.fetch, PROVIDER4, 4, port, 0.3)
            out = [str(p) for p in wire.packets() if p.outgoing and p.protocol == "tcp"]
        self.assertEqual(out, [])

    def test_a_resolver_in_carrier_space(self) -> None:
        """100.64/10 belongs to carriers: nothing there is dropped for being there, and with Exit on it is no way out."""
        self.shell("ip addr add 100.64.7.2/24 dev eth0")
        self.lab.node("desktop").output(["ip", "addr", "add", "100.64.7.1/24", "dev", "eth0"])
        try:
            self.sally("home", "on")
            self.assertTrue(self.laptop.call(proofs.ping, "100.64.7.1", 1.0).good)
            self.sally("exit", "use", "mullvad-se")
            now = Situation(PLACES["home"], True, SE)
            with Capture(self.lab, "laptop") as wire:
                self.laptop.call(battery.fire, ("100.64.7.1",))
                out = [str(p) for p in wire.packets() if p.outgoing and p.destination == "100.64.7.1"
                       and p.protocol in ("udp", "tcp")]
            self.assertEqual(out, [])
            self.assert_works(now)
        finally:
            self.shell("ip addr del 100.64.7.2/24 dev eth0", False)
            self.lab.node("desktop").output(["ip", "addr", "del", "100.64.7.1/24", "dev", "eth0"], False)

    def test_a_network_that_looks_like_home(self) -> None:
        """The hotel's network is part of the one behind the NAS: its own hosts are reached there, the rest at home."""
        def with_the_network_of_the_nas(document: dict[str, Any]) -> None:
            for device in document["home"]["devices"]:
                if device["name"] == "nas":
                    device["routes"] = ["10.41.0.0/16"]

        self.lab.move("hotel")
        self.apply(with_the_network_of_the_nas)
        self.shell("ip addr add 10.41.9.2/24 dev eth0")
        hotel = self.lab.node("hotel-router")
        card = next(link.split()[0].split("@")[0] for link in hotel.output(["ip", "-br", "addr"]).splitlines()
                    if "172.16.5.1/" in link)
        hotel.output(["ip", "addr", "add", "10.41.9.1/24", "dev", card])
        try:
            self.sally("home", "on")
            self.assertIn("dev eth0", self.shell("ip route get 10.41.9.1"))
            self.assertIn("dev sally-home", self.shell("ip route get 10.41.1.1"))
            self.assertTrue(self.laptop.call(proofs.ping, "10.41.9.1", 1.0).good)
            self.assert_works(Situation(PLACES["hotel"], True, NO_EXIT))
        finally:
            hotel.output(["ip", "addr", "del", "10.41.9.1/24", "dev", card], False)
            self.sally("apply", "/etc/sallyport-lab/laptop.json")


def _advertise_a_router() -> None:
    """RFC 4861 section 4.2 with one prefix (4.6.2) to make addresses of."""
    prefix = ipaddress.IPv6Address("2001:db8:bad::").packed
    option = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 3600, 3600, 0) + prefix
    advertisement = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0) + option
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as router:
        router.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
        router.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
        index = socket.if_nametoindex("eth0")
        router.sendto(advertisement, ("ff02::1", 0, 0, index))


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
