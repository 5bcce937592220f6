#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab is true without our product: its networks, translations, servers and captures do what their names say."""

from __future__ import annotations

import os
import socket
import unittest

import labtest
from sallylab import proofs
from sallylab.capture import Capture
from sallylab.lab import Lab
from sallylab.linux import inside, slowness
from sallylab.topology import (DNS4, DNS6, HOME_PUBLIC4, MESH_PORT, PLACES, PRINTER4, PRINTER6, PROVIDER4, PROVIDER6,
                               PROVIDER_DNS4, PROVIDER_DNS6, PROVIDER_PORT, VPS4, VPS6, WEB4, WEB6, WEB_NAME)

NAME = "test"

class _Ear:
    """A UDP socket in a node, open for the length of a `with`."""

    def __init__(self, lab: Lab, node: str, port: int, family: socket.AddressFamily = socket.AF_INET) -> None:
        network = lab.network(node)
        with inside(network):
            self.socket = socket.socket(family, socket.SOCK_DGRAM)
        os.close(network)
        self.socket.settimeout(2 * slowness())
        self.socket.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", port))

    def __enter__(self) -> _Ear:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def hear(self) -> tuple[str, tuple[str, int]]:
        data, sender = self.socket.recvfrom(2048)
        return data.decode(), (sender[0], sender[1])

    def silent(self) -> bool:
        """Nothing has arrived. True only after a barrier: the caller has made sure that it would be here."""
        self.socket.setblocking(False)
        try:
            self.socket.recvfrom(2048)
        except BlockingIOError:
            return True
        return False


class LabCase(unittest.TestCase):
    lab: Lab

    @classmethod
    def setUpClass(cls) -> None:
        labtest.need_root()
        cls.lab = labtest.shared_lab(NAME, bare=True)

    def setUp(self) -> None:
        if self.lab.place() != "home":
            self.lab.move("home")

    def ask(self, node: str, question: object, *arguments: object) -> proofs.Reply:
        return self.lab.node(node).call(question, *arguments)  # type: ignore[arg-type]

    def seen(self, node: str, address: str) -> str:
        reply = self.ask(node, proofs.fetch, address)
        self.assertTrue(reply, f"{node} asked {address}: {reply.text}")
        return reply.text

    def heard(self, *, sender: str, to: tuple[str, int], ear: tuple[str, int], six: bool = False) -> str:
        """Sends a datagram and returns the address from which the other node heard it."""
        with _Ear(self.lab, *ear, socket.AF_INET6 if six else socket.AF_INET) as there:
            self.assertTrue(self.ask(sender, proofs.send_datagram, *to, "knock"))
            text, client = there.hear()
        self.assertEqual(text, "knock")
        return client[0]


class Networks(LabCase):
    def test_home_reaches_the_web_by_its_public_address(self) -> None:
        self.assertEqual(self.seen("laptop", WEB4), HOME_PUBLIC4)
        self.assertEqual(self.seen("laptop", WEB6), PLACES["home"].seen6)

    def test_names_are_answered_by_the_router_of_the_place(self) -> None:
        for place in ("home", "hotel", "v6only"):
            self.lab.move(place)
            before = len(self.lab.journal())
            self.assertEqual(self.ask("laptop", proofs.resolve, WEB_NAME).text, WEB4)
            asked = self.lab.journal(before)
            self.assertEqual({e["server"] for e in asked}, {PLACES[place].resolvers[0]})
            self.assertIn(PLACES[place].addresses[0].split("/")[0], {e["client"] for e in asked})
        self.assertEqual(self.ask("laptop", proofs.fetch, WEB_NAME, 6).text, PLACES["v6only"].seen6)

    def test_forwarded_ports_lead_to_the_devices(self) -> None:
        for port, device in ((54444, "desktop"), (54445, "nas")):
            client = self.heard(sender="vps", to=(HOME_PUBLIC4, port), ear=(device, MESH_PORT))
            self.assertEqual(client, VPS4)

    def test_other_ports_of_the_home_router_lead_nowhere(self) -> None:
        with _Ear(self.lab, "desktop", MESH_PORT) as there, Capture(self.lab, "desktop") as wire:
            self.ask("vps", proofs.send_datagram, HOME_PUBLIC4, MESH_PORT, "knock")
            self.ask("vps", proofs.send_datagram, HOME_PUBLIC4, 54444, "again")
            self.assertEqual(there.hear()[0], "again")  # the barrier: it came the same way, later
            self.assertTrue(there.silent())
            self.assertEqual(len([p for p in wire.packets() if p.protocol == "udp"]), 1)

    def test_hairpin_works_and_shows_the_router(self) -> None:
        client = self.heard(sender="laptop", to=(HOME_PUBLIC4, 54445), ear=("nas", MESH_PORT))
        self.assertEqual(client, "10.41.0.1")

    def test_ipv6_reaches_a_home_device_only_at_its_mesh_port(self) -> None:
        with _Ear(self.lab, "desktop", MESH_PORT + 1, socket.AF_INET6) as closed:
            self.ask("vps", proofs.send_datagram, "2001:db8:41::11", MESH_PORT + 1, "knock")
            client = self.heard(sender="vps", to=("2001:db8:41::11", MESH_PORT), ear=("desktop", MESH_PORT), six=True)
            self.assertTrue(closed.silent())
        self.assertEqual(client, VPS6)

    def test_lan_hosts_answer_on_the_lan_and_not_from_elsewhere(self) -> None:
        self.assertEqual(self.seen("laptop", PRINTER4), "printer 10.41.1.2")
        self.assertEqual(self.seen("laptop", PRINTER6), "printer fd41::12")
        self.assertTrue(self.ask("laptop", proofs.ping, PRINTER4))
        self.lab.move("hotel")
        self.assertFalse(self.ask("laptop", proofs.fetch, PRINTER4))
        self.assertFalse(self.ask("laptop", proofs.fetch, PRINTER6))
        self.assertFalse(self.ask("laptop", proofs.fetch, "2001:db8:41::9", 0, 80, 0.3))

    def test_hotel_is_behind_nat(self) -> None:
        self.lab.move("hotel")
        self.assertEqual(self.seen("laptop", WEB4), PLACES["hotel"].seen4)
        self.assertEqual(self.seen("laptop", WEB6), PLACES["hotel"].seen6)
        with _Ear(self.lab, "laptop", 7777) as there, _Ear(self.lab, "laptop", 7778) as caller, \
                _Ear(self.lab, "vps", 7779) as vps:
            caller.socket.sendto(b"open", (VPS4, 7779))
            _, door = vps.hear()
            vps.socket.sendto(b"knock", (door[0], 7777))
            vps.socket.sendto(b"answer", door)
            self.assertEqual(caller.hear()[0], "answer")  # the barrier: it came the same way, later
            self.assertTrue(there.silent())

    def test_nat_of_a_hotel_keeps_the_port_and_a_carrier_does_not(self) -> None:
        ports = {}
        for place in ("hotel", "carrier"):
            self.lab.move(place)
            with _Ear(self.lab, "laptop", 7777) as sender, _Ear(self.lab, "vps", 7777) as there:
                sender.socket.sendto(b"knock", (VPS4, 7777))
                ports[place] = there.hear()[1]
                with _Ear(self.lab, "vps", 7778) as other:
                    sender.socket.sendto(b"knock", (VPS4, 7778))
                    ports[place + "-other"] = other.hear()[1]
        self.assertEqual(ports["hotel"], ("192.0.2.60", 7777))
        self.assertEqual(ports["hotel-other"], ("192.0.2.60", 7777))
        self.assertEqual(ports["carrier"][0], "198.18.7.20")
        self.assertNotEqual(ports["carrier"][1], ports["carrier-other"][1])

    def test_carrier_translates_twice(self) -> None:
        self.lab.move("carrier")
        with Capture(self.lab, "phone", "wan") as middle, Capture(self.lab, "cgnat", "wan") as outside:
            self.assertEqual(self.seen("laptop", WEB4), PLACES["carrier"].seen4)
            between = {p.source for p in middle.packets() if p.protocol == "tcp" and p.outgoing}
            beyond = {p.source for p in outside.packets() if p.protocol == "tcp" and p.outgoing}
        self.assertEqual((between, beyond), ({"100.64.12.34"}, {"198.18.7.20"}))
        self.assertEqual(self.seen("laptop", WEB6), PLACES["carrier"].seen6)

    def test_v6only_has_no_ipv4(self) -> None:
        self.lab.move("v6only")
        self.assertEqual(self.seen("laptop", WEB6), PLACES["v6only"].seen6)
        self.assertIn("unreachable", self.ask("laptop", proofs.fetch, WEB4).text.lower())

    def test_v4only_has_no_ipv6(self) -> None:
        self.lab.move("v4only")
        self.assertEqual(self.seen("laptop", WEB4), PLACES["v4only"].seen4)
        self.assertFalse(self.ask("laptop", proofs.fetch, WEB6))

    def test_offline_has_nothing_and_a_cable_brings_it_back(self) -> None:
        self.lab.move("offline")
        for address in (WEB4, WEB6, PRINTER4):
            self.assertFalse(self.ask("laptop", proofs.fetch, address))
        self.lab.move("home")
        self.assertEqual(self.seen("laptop", WEB4), HOME_PUBLIC4)

    def test_moving_is_seen_as_netlink_events(self) -> None:
        network = self.lab.network("laptop")
        with inside(network):
            events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        os.close(network)
        with events:
            events.bind((0, 0x1 | 0x10 | 0x40 | 0x100))  # links, IPv4 addresses and routes, IPv6 addresses
            self.lab.move("hotel")
            events.setblocking(False)
            kinds = set()
            try:
                while True:
                    kinds.add(int.from_bytes(events.recv(65536)[4:6], "little"))
            except BlockingIOError:
                pass
        self.assertLessEqual({16, 20, 21, 24}, kinds)  # RTM_NEWLINK, NEWADDR, DELADDR, NEWROUTE

    def test_public_resolver_sees_who_asks(self) -> None:
        for server, client in ((DNS4, HOME_PUBLIC4), (DNS6, PLACES["home"].seen6)):
            before = len(self.lab.journal())
            self.assertEqual(self.ask("laptop", proofs.ask_resolver, server, WEB_NAME, 6).text, WEB6)
            entry, = self.lab.journal(before)
            self.assertEqual((entry["node"], entry["client"], entry["name"]), ("dns", client, WEB_NAME))
        self.assertEqual(self.ask("laptop", proofs.ask_resolver_tcp, DNS4, WEB_NAME).text, WEB4)
        self.assertEqual(self.ask("laptop", proofs.ask_resolver, DNS4, "nowhere.example.org").text, "no such name")

    def test_nothing_of_the_mesh_or_the_provider_answers_without_a_tunnel(self) -> None:
        for address in ("10.42.1.4", "fd42::4", PROVIDER_DNS4, PROVIDER_DNS6):
            self.assertFalse(self.ask("laptop", proofs.ping, address, 0.3), address)


class Captures(LabCase):
    def test_capture_sees_what_was_sent_and_nothing_else(self) -> None:
        with Capture(self.lab, "laptop") as wire:
            self.ask("laptop", proofs.send_datagram, VPS4, 9999, "one")
            self.ask("laptop", proofs.send_datagram, VPS6, 9998, "two")
            out = [p for p in wire.packets() if p.outgoing and not p.housekeeping]
        self.assertEqual([(p.protocol, p.source, p.destination, p.destination_port, p.length) for p in out],
                         [("udp", "10.41.1.2", VPS4, 9999, 31), ("udp", "2001:db8:41::12", VPS6, 9998, 51)])

    def test_capture_survives_a_move(self) -> None:
        with Capture(self.lab, "laptop") as wire:
            self.lab.move("hotel")
            self.ask("laptop", proofs.send_datagram, VPS4, 9999, "from the hotel")
            self.lab.move("home")
            self.ask("laptop", proofs.send_datagram, VPS4, 9999, "from home")
            sent = [p.source for p in wire.packets() if p.protocol == "udp" and p.destination == VPS4]
        self.assertEqual(sent, ["172.16.5.23", "10.41.1.2"])

    def test_capture_tells_the_direction(self) -> None:
        with Capture(self.lab, "vps") as wire:
            self.assertTrue(self.ask("laptop", proofs.ping, VPS4))
            echoes = [(p.outgoing, p.kind) for p in wire.packets() if p.protocol == "icmp"]
        self.assertEqual(echoes, [(False, 8), (True, 0)])


class PlainWireGuard(LabCase):
    def test_provider_tunnel_works_with_plain_wg(self) -> None:
        laptop = self.lab.node("laptop")
        self.addCleanup(laptop.output, ["ip", "link", "del", "wgp"])
        laptop.output(["sh", "-ec", """
            ip link add wgp type wireguard 2>/dev/null || wireguard-go wgp >/dev/null 2>&1
            sed '/^Address/d; /^DNS/d' /etc/sallyport-lab/mullvad.conf | wg setconf wgp /dev/stdin
            ip addr add 10.64.3.7/32 dev wgp; ip addr add fc00:bbbb:bbbb:bb01::3:7/128 dev wgp
            ip link set wgp mtu 1420 up
            ip route add 203.0.113.0/24 dev wgp; ip route add 10.64.0.1 dev wgp
            ip -6 route add 2001:db8:80::/64 dev wgp; ip -6 route add fc00:bbbb:bbbb:bb01::1 dev wgp"""])
        with Capture(self.lab, "laptop") as wire:
            self.assertEqual(self.seen("laptop", WEB4), PROVIDER4)
            self.assertEqual(self.seen("laptop", WEB6), PROVIDER6)
            before = len(self.lab.journal())
            for resolver in (PROVIDER_DNS4, PROVIDER_DNS6):
                self.assertEqual(self.ask("laptop", proofs.ask_resolver, resolver, WEB_NAME).text, WEB4)
            self.assertEqual([(e["node"], e["client"]) for e in self.lab.journal(before)],
                             [("provider", "10.64.3.7"), ("provider", "fc00:bbbb:bbbb:bb01::3:7")])
            spoken = {(p.protocol, p.destination, p.destination_port) for p in wire.packets()
                      if p.outgoing and not p.housekeeping}
        self.assertEqual(spoken, {("udp", PROVIDER4, PROVIDER_PORT)})


if __name__ == "__main__":
    unittest.main(verbosity=2)
