#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the helper does for meshd, seen from the wire: probes, paths, and networks that look like home. meshd is played."""

from __future__ import annotations

import json
import os
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import labtest
from sallylab import expect, proofs
from sallylab.capture import Capture
from sallylab.expect import EXITS, Situation
from sallylab.fake_meshd import ACTIVITY_SEEN, PEER_SETUP, FakeMeshd
from sallylab.lab import Lab
from sallylab.linux import wait_until
from sallylab.prove import prove
from sallylab.topology import MESH, MESH_PORT, PLACES, PRINTER4, VPS4, VPS6

NAME = "mesh-helper"
QUESTION = bytes(range(1, 129))
GRACE = 5  # seconds that what meshd has said holds after it has gone


class MeshHelper(unittest.TestCase):
    lab: Lab

    @classmethod
    def setUpClass(cls) -> None:
        labtest.need_root()
        labtest.need_programs()
        cls.lab = labtest.raise_lab(NAME, mesh=False)
        cls.laptop = cls.lab.node("laptop")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.lab.down()

    def tearDown(self) -> None:
        self.sally("exit", "off")
        self.sally("home", "off")
        self.sally("apply", "/etc/sallyport-lab/laptop.json")
        self.lab.move("home")

    def sally(self, *arguments: str) -> str:
        return self.laptop.output(["sally", *arguments])

    def shell(self, script: str, check: bool = True) -> str:
        return self.laptop.output(["sh", "-c", script], check)

    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.shell("cat /etc/sallyport-lab/laptop.json")))

    def key(self, device: str) -> str:
        return str(next(d["publicKey"] for d in self.document()["home"]["devices"] if d["name"] == device))

    def give_the_nas_its_network(self) -> None:
        document = self.document()
        for device in document["home"]["devices"]:
            if device["name"] == "nas":
                device["routes"] = ["10.41.0.0/16"]
        self.shell(f"cat > /etc/sallyport-lab/changed.json <<'E'\n{json.dumps(document)}\nE")
        self.sally("apply", "/etc/sallyport-lab/changed.json")

    def way_to(self, address: str) -> str:
        """Nothing: refused, as between the steps of a plan."""
        words = self.shell(f"ip route get {address}", False).split()
        return words[words.index("dev") + 1] if "dev" in words else ""

    def endpoint(self, device: str) -> str:
        lines = self.shell("wg show sally-home endpoints").splitlines()
        return next(line.split()[1] for line in lines if line.startswith(self.key(device)))

    def card(self) -> int:
        # Not from /sys, which is still that of the network that mounted it.
        return int(self.shell("ip -o link show eth0").split(":")[0])

    @contextmanager
    def meshd(self, node: str = "laptop") -> Iterator[FakeMeshd]:
        with FakeMeshd(self.lab.node(node)) as meshd:
            yield meshd

    def test_probes_pass_the_closed_guard_and_leave_by_the_physical_network(self) -> None:
        self.sally("home", "on")
        self.sally("exit", "use", "mullvad-se")
        self.assertEqual(json.loads(self.sally("status", "--json"))["guard"]["state"], "connected")
        self.lab.node("vps").output(["sally", "home", "on"])
        with self.meshd() as near, self.meshd("vps") as far:
            self.assertIsNotNone(near.next(PEER_SETUP))
            self.assertIsNotNone(far.next(PEER_SETUP))
            for family, address in (("4", VPS4), ("6", VPS6)):
                with self.subTest(family), Capture(self.lab, "laptop") as wire:
                    near.probe(address, MESH_PORT, QUESTION)
                    heard = far.arrived()
                    self.assertIsNotNone(heard)
                    assert heard is not None
                    self.assertEqual((heard.payload, heard.destination), (QUESTION, address))
                    self.assertEqual(heard.source, PLACES["home"].seen4 if family == "4" else PLACES["home"].seen6)
                    far.probe(heard.source, heard.port, QUESTION[::-1])
                    answer = near.arrived()
                    self.assertIsNotNone(answer)
                    assert answer is not None
                    self.assertEqual((answer.source, answer.port), (address, MESH_PORT))
                    self.assertEqual(answer.payload, QUESTION[::-1])
                    out = [p for p in wire.packets() if p.outgoing and p.destination == address and p.protocol == "udp"
                           and p.length in (28 + 128, 48 + 128)]
                    self.assertEqual([(p.source_port, p.destination_port) for p in out], [(MESH_PORT, MESH_PORT)])
            now = Situation(PLACES["home"], True, EXITS["mullvad-se"])
            for check in expect.internet_checks(now):
                self.assertEqual(prove(self.lab, now, check).problems, [])

    def test_payload_is_told_once_and_only_when_asked(self) -> None:
        self.sally("home", "on")
        with self.meshd() as meshd:
            meshd.watch_activity()
            self.assertIsNone(meshd.next(ACTIVITY_SEEN, 0.5))
            self.assertTrue(self.laptop.call(proofs.ping, MESH["nas"].mesh4, 3.0).good)
            self.assertIsNotNone(meshd.next(ACTIVITY_SEEN))
            self.assertTrue(self.laptop.call(proofs.ping, MESH["nas"].mesh4, 3.0).good)
            self.assertIsNone(meshd.next(ACTIVITY_SEEN, 0.5))
            meshd.watch_activity()
            self.assertTrue(self.lab.node("nas").call(proofs.ping, MESH["laptop"].mesh4, 3.0).good)
            self.assertIsNotNone(meshd.next(ACTIVITY_SEEN))

    def test_the_network_of_the_nas_gives_way_where_the_nas_is_proved_to_be(self) -> None:
        self.give_the_nas_its_network()
        self.sally("home", "on")
        wait_until(lambda: self.way_to(PRINTER4) == "eth0", GRACE + 5, "nobody looks")
        with self.meshd() as meshd:
            wait_until(lambda: self.way_to(PRINTER4) == "sally-home", 5, "home's route")
            self.assertEqual(self.way_to("10.41.0.1"), "eth0")
            self.assertTrue(self.laptop.call(proofs.ping, "10.41.0.1", 1.0).good)
            self.assertTrue(self.laptop.call(proofs.ping, PRINTER4, 3.0).good)
            meshd.on_link((self.key("nas"), self.card()))
            wait_until(lambda: self.way_to(PRINTER4) == "eth0", 5, "the local network")
            with Capture(self.lab, "laptop") as wire:
                self.assertTrue(self.laptop.call(proofs.ping, PRINTER4, 1.0).good)
                self.assertTrue([p for p in wire.packets() if p.outgoing and p.destination == PRINTER4])
            meshd.on_link((self.key("vps"), self.card()))  # somebody else is here, not the nas
            wait_until(lambda: self.way_to(PRINTER4) == "sally-home", 5, "home's route again")
        wait_until(lambda: self.way_to(PRINTER4) == "eth0", GRACE + 5, "as without meshd")

    def test_a_foreign_network_of_the_same_numbers_loses_to_home(self) -> None:
        self.lab.move("hotel")
        self.give_the_nas_its_network()
        hotel = self.lab.node("hotel-router")
        card = next(link.split()[0].split("@")[0] for link in hotel.output(["ip", "-br", "addr"]).splitlines()
                    if "172.16.5.1/" in link)
        hotel.output(["ip", "addr", "add", "10.41.9.1/24", "dev", card])
        self.shell("ip addr add 10.41.9.2/24 dev eth0; ip route replace default via 10.41.9.1")
        try:
            self.sally("home", "on")
            with self.meshd():
                wait_until(lambda: self.way_to("10.41.9.7") == "sally-home", 5, "home's route")
                self.assertEqual(self.way_to("10.41.9.1"), "eth0")
                self.assertTrue(self.laptop.call(proofs.ping, "10.41.9.1", 1.0).good)
                self.assertTrue(self.laptop.call(proofs.ping, PRINTER4, 3.0).good)
                with Capture(self.lab, "laptop") as wire:
                    self.laptop.call(proofs.ping, "10.41.9.7", 0.5)
                    self.assertEqual([str(p) for p in wire.packets() if p.outgoing and p.destination == "10.41.9.7"], [])
                self.sally("exit", "use", "mullvad-se")
                self.assertTrue(self.laptop.call(proofs.ping, "10.41.9.1", 1.0).good)
                self.assertTrue(self.laptop.call(proofs.ping, PRINTER4, 3.0).good)
        finally:
            hotel.output(["ip", "addr", "del", "10.41.9.1/24", "dev", card], False)

    def test_only_meshd_moves_endpoints_while_it_is_there(self) -> None:
        self.lab.move("hotel")
        self.sally("home", "on")
        away = self.endpoint("nas")
        with self.meshd():
            self.lab.move("home")
            wait_until(lambda: self.way_to("10.41.0.1") == "eth0", 5, "the network at home")
            self.assertTrue(self.laptop.call(proofs.ping, MESH["vps"].mesh4, 5.0).good)
            self.assertEqual(self.endpoint("nas"), away)
            self.lab.move("carrier")
            # What is sent before the helper has heard of the move is lost; what stays lost comes from an address we left.
            wait_until(lambda: self.laptop.call(proofs.ping, MESH["vps"].mesh4, 1.0).good, 5, "an answer after moving on")
            self.assertEqual(self.endpoint("nas"), away)
            self.lab.move("home")
        wait_until(lambda: self.endpoint("nas") == f"10.41.1.4:{MESH_PORT}", GRACE + 5, "the endpoint on the LAN")


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
