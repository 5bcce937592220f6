#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The mesh follows the laptop: where WireGuard sends, and what is lost meanwhile, when networks come and go and strangers
pretend to be somebody."""

from __future__ import annotations

import json
import os
import time
import unittest

import labtest
from sallylab.capture import Capture
from sallylab.lab import Lab, NodeDoor
from sallylab.linux import slowness, wait_until
from sallylab.logind import say_sleep
from sallylab.packets import Packet
from sallylab.paths import EchoStream, SecondCard, endpoint, ledger, mesh4, public_key
from sallylab.topology import HOME_PUBLIC4

NAME = "paths"
LAN, PUBLIC4, PUBLIC6 = "10.41.1.4:53333", f"{HOME_PUBLIC4}:54445", "[2001:db8:41::14]:53333"
LINK = (LAN, PUBLIC6)  # both of them, for who stands beside the NAS
# What the NAS itself sends first comes through the router's NAT by its own port, and is as good.
INTERNET = (PUBLIC4, f"{HOME_PUBLIC4}:53333", PUBLIC6)
STALE = "192.0.2.99:9"
NEW = ("123.45.67.90:54445", "123.45.67.90:53333")
HOME_ADDRESSES = ("10.41.1.2/16", "fd41::12/64")


class PathCase(unittest.TestCase):
    """The laptop is in the hotel, Home is on, and the NAS is reached through the internet."""

    lab: Lab
    laptop: NodeDoor

    @classmethod
    def setUpClass(cls) -> None:
        labtest.need_root()
        labtest.need_programs()
        if not os.access(labtest.BIN / "sallyport-meshd", os.X_OK):
            raise unittest.SkipTest(f"sallyport-meshd not built in {labtest.BIN}")
        cls.lab = labtest.shared_lab(NAME, mesh=True)
        cls.laptop = cls.lab.node("laptop")
        cls.nas = cls.lab.node("nas")

    def setUp(self) -> None:
        self.lab.move("hotel")
        self.laptop.output(["sally", "home", "on"])
        with EchoStream(self.lab, "laptop", mesh4("nas"), 0.05) as echo:
            begin = time.monotonic()
            wait_until(lambda: echo.answered_since(begin), 15, "the NAS answers from home")
            self.await_endpoint(INTERNET, 15)

    def tearDown(self) -> None:
        result = self._outcome.result
        if any(getattr(test, "test_case", test) is self for test, _ in result.errors + result.failures):
            for door in (self.laptop, self.nas):
                print(door.output(["sh", "-c", "wg show sally-home endpoints; wg show sally-home latest-handshakes; "
                                               "ip -br addr; ip -4 rule; ip route show table 2576"], False))
            print(json.dumps(ledger(self.laptop, "nas"), indent=1))
        self.laptop.output(["sally", "home", "off"], False)

    def shell(self, script: str, node: str = "laptop", check: bool = True) -> str:
        return self.lab.node(node).output(["sh", "-c", script], check)

    def endpoint(self, peer: str = "nas") -> str:
        return endpoint(self.laptop, peer)

    def state(self, address: str, peer: str = "nas") -> str:
        return str(ledger(self.laptop, peer).get(address, {}).get("state", ""))

    def await_endpoint(self, wanted: str | tuple[str, ...], seconds: float = 5, peer: str = "nas") -> float:
        """How long it took, in seconds."""
        begin = time.monotonic()
        all_wanted = (wanted,) if isinstance(wanted, str) else wanted
        try:
            wait_until(lambda: self.endpoint(peer) in all_wanted, seconds, f"{peer} at {wanted}", 0.002)
        except TimeoutError as problem:
            raise TimeoutError(f"{problem}; it is at {self.endpoint(peer)}") from problem
        return time.monotonic() - begin

    def process(self, program: str, node: str = "laptop") -> int:
        found = self.shell(f"pidof {program}", node, False).split()
        return int(found[0]) if found else 0

    def await_other(self, program: str, before: int) -> None:
        wait_until(lambda: self.process(program) not in (0, before), 10, f"another {program}")


class Moves(PathCase):
    def test_arriving_at_home_and_leaving_again(self) -> None:
        """Make before break, then break."""
        card = SecondCard(self.lab)
        with EchoStream(self.lab, "laptop", mesh4("nas")) as echo:
            begin = time.monotonic()
            wait_until(lambda: echo.answered_since(begin), 5, "an answer before")
            card.plug_in("home", HOME_ADDRESSES)
            self.addCleanup(self._unplug, card)
            arrival = self.await_endpoint(LAN)
            moved = time.monotonic()
            wait_until(lambda: len(echo.now().sent) and echo.answered_since(moved + 1), 5, "answers by the new path")
            self.assertEqual(self.endpoint(), LAN, "and it stays there")
            arrived = echo.now()
            left = time.monotonic()
            card.unplug()
            self.await_endpoint(INTERNET)
            wait_until(lambda: echo.answered_since(left), 5, "an answer after leaving")
            departure = time.monotonic() - left
            gap = echo.end().gap()
        late = [n for n in arrived.lost if arrived.sent[n] < arrived.sent[-1] - 0.5]
        print(f"\n  the LAN path {arrival * 1000:.0f} ms after the address, {len(late)} of {len(arrived.sent)} lost; after "
              f"leaving an answer {departure * 1000:.0f} ms later, without any for {gap * 1000:.0f} ms", flush=True)
        self.assertEqual(late, [])

    def _unplug(self, card: SecondCard) -> None:
        if "wlan0" in self.shell("ip -br link"):
            card.unplug()

    def test_one_card_that_changes_the_network(self) -> None:
        with EchoStream(self.lab, "laptop", mesh4("nas")) as echo:
            for place, wanted in (("home", LINK), ("hotel", INTERNET), ("home", LINK)):
                self.lab.move(place)
                begin = time.monotonic()
                taken = self.await_endpoint(wanted, 10)
                wait_until(lambda: echo.answered_since(begin), 5, f"an answer in {place}")
                answer = time.monotonic() - begin
                print(f"\n  {place}: endpoint after {taken * 1000:.0f} ms, answer after {answer * 1000:.0f} ms", flush=True)

    def test_a_network_with_ipv6_only(self) -> None:
        self.lab.move("v6only")
        begin = time.monotonic()
        taken = self.await_endpoint(PUBLIC6, 10)
        with EchoStream(self.lab, "laptop", mesh4("nas"), 0.02) as echo:
            wait_until(lambda: echo.answered_since(begin), 5, "an answer over IPv6")
        print(f"\n  endpoint over IPv6 after {taken * 1000:.0f} ms", flush=True)

    def test_two_peers_behind_one_nat(self) -> None:
        with EchoStream(self.lab, "laptop", mesh4("desktop"), 0.02) as echo:
            begin = time.monotonic()
            wait_until(lambda: echo.answered_since(begin), 5, "the desktop answers")
            self.await_endpoint((f"{HOME_PUBLIC4}:54444", f"{HOME_PUBLIC4}:53333", "[2001:db8:41::11]:53333"), peer="desktop")
        self.assertIn(self.endpoint(), INTERNET)


class Strangers(PathCase):
    """The hotel's network has the same numbers as the one at home."""

    def setUp(self) -> None:
        super().setUp()
        router = self.lab.node("hotel-router")
        card = next(line.split()[0].split("@")[0] for line in router.output(["ip", "-br", "addr"]).splitlines()
                    if "172.16.5.1/" in line)
        router.output(["ip", "addr", "add", "10.41.1.4/16", "dev", card])
        self.addCleanup(router.output, ["ip", "addr", "del", "10.41.1.4/16", "dev", card], False)

    def arrive(self, address: str) -> None:
        """Where 10.41.1.4 is somebody else. Each test by an address of its own: routers remember who talked to whom."""
        self.addCleanup(self.shell, f"ip addr del {address}/16 dev eth0", "laptop", False)
        self.shell(f"ip addr add {address}/16 dev eth0")

    def test_a_decoy_with_the_address_of_the_nas(self) -> None:
        with Capture(self.lab, "laptop") as wire, EchoStream(self.lab, "laptop", mesh4("nas")) as echo:
            begin = time.monotonic()
            wait_until(lambda: echo.answered_since(begin), 5, "an answer before")
            self.arrive("10.41.9.2")
            wait_until(lambda: self.asked(wire), 10, "the decoy is asked")
            wait_until(lambda: self.state(LAN) == "silent", 10, "the decoy is seen through")
            since = time.monotonic()
            wait_until(lambda: echo.answered_since(since), 5, "an answer after")
            result = echo.end()
            sent = self.asked(wire)
        print(f"\n  {len(sent)} datagrams to the decoy, {len(result.lost)} of {len(result.sent)} lost", flush=True)
        self.assertLessEqual(len(sent), 3)
        self.assertIn(self.endpoint(), INTERNET)
        self.assertEqual(result.lost, [])

    @staticmethod
    def asked(wire: Capture) -> list[Packet]:
        return [p for p in wire.packets() if p.outgoing and p.protocol == "udp" and p.destination == "10.41.1.4"]

    def test_a_wormhole(self) -> None:
        """The decoy passes everything on to the real NAS, and its answers back."""
        router = self.lab.node("hotel-router")
        router.output(["nft", f"""table ip wormhole {{
            chain inwards {{ type nat hook prerouting priority -110; ip daddr 10.41.1.4 udp dport 53333 dnat to {PUBLIC4}; }}
            }}"""])
        self.addCleanup(router.output, ["nft", "delete", "table", "ip", "wormhole"], False)
        with EchoStream(self.lab, "laptop", mesh4("nas")) as echo:
            self.arrive("10.41.9.3")
            wait_until(lambda: self.state(LAN) == "relayed", 10, "the wormhole is seen through")
            since = time.monotonic()
            wait_until(lambda: echo.answered_since(since), 5, "an answer after")
            result = echo.end()
        self.assertIn(self.endpoint(), INTERNET)
        self.assertEqual(result.lost, [])

    def test_the_firewall_of_the_nas_is_closed_on_the_lan(self) -> None:
        rules = "ip saddr 10.41.1.2 udp dport 53333 drop; ip6 saddr { 2001:db8:41::12, fd41::12 } udp dport 53333 drop;"
        self.nas.output(["nft", f"table inet shut {{\n chain inwards {{ type filter hook input priority -5; {rules} }}\n}}"])
        self.addCleanup(self.nas.output, ["nft", "delete", "table", "inet", "shut"], False)
        self.lab.move("home")
        with EchoStream(self.lab, "laptop", mesh4("nas"), 0.05) as echo:
            begin = time.monotonic()
            wait_until(lambda: echo.answered_since(begin), 15, "an answer around the firewall")
            wait_until(lambda: self.state(LAN) == "silent", 15, "the closed path is given up")
            since = time.monotonic()
            wait_until(lambda: echo.answered_since(since), 5, "an answer still")
        self.assertNotEqual(self.endpoint(), LAN)


class Sessions(PathCase):
    """WireGuard starts one handshake in five seconds. If the first goes astray, only the other side can be faster."""

    def setUp(self) -> None:
        super().setUp()
        document = json.loads(self.shell("cat /etc/sallyport-lab/laptop.json"))
        for device in document["home"]["devices"]:
            if device["name"] == "nas":
                device["endpoints"].insert(0, {"address": STALE})
        self.shell(f"cat > /etc/sallyport-lab/stale.json <<'E'\n{json.dumps(document)}\nE")
        self.addCleanup(self.laptop.output, ["sally", "apply", "/etc/sallyport-lab/laptop.json"])

    def first_answer(self) -> float:
        """After Home was switched on with an endpoint that leads nowhere, in seconds."""
        self.laptop.output(["sally", "home", "off"])
        self.laptop.output(["sally", "apply", "/etc/sallyport-lab/stale.json"])
        with Capture(self.lab, "laptop") as wire:
            self.laptop.output(["sally", "home", "on", "--no-wait"])
            begin = time.monotonic()
            with EchoStream(self.lab, "laptop", mesh4("nas"), 0.005) as echo:
                wait_until(lambda: echo.answered_since(begin), 10, "an answer", 0.001)
                taken = time.monotonic() - begin
            astray = [p for p in wire.packets() if p.outgoing and p.destination == STALE.split(":")[0] and p.length == 176]
        self.assertNotEqual(astray, [], "the first handshake was to go astray")
        return taken

    def test_no_session_and_a_stale_endpoint(self) -> None:
        """As after a night: neither side has a session."""
        self.nas.output(["sally", "home", "off"])
        self.nas.output(["sally", "home", "on", "--no-wait"])
        wait_until(lambda: ledger(self.nas, "laptop"), 10, "the NAS is at work again")
        taken = self.first_answer()
        print(f"\n  answered {taken * 1000:.0f} ms after the first packet", flush=True)
        self.assertLess(taken, 1.0 * slowness())

    def test_a_session_that_only_the_other_side_has(self) -> None:
        """As after Home was off for a moment: the NAS answers by keys that are gone here."""
        taken = self.first_answer()
        print(f"\n  answered {taken * 1000:.0f} ms after the first packet", flush=True)
        self.assertLess(taken, 1.0 * slowness())


class Sleep(PathCase):
    def wipe(self, node: str) -> None:
        """The keys of all sessions are gone. The same private key again would be no change to WireGuard."""
        own = "/etc/sallyport-lab/wgnet.priv.key"
        self.shell(f"umask 077; wg genkey > /run/other.key; wg set sally-home private-key /run/other.key; "
                   f"wg set sally-home private-key {own}; rm /run/other.key", node)

    def test_waking_up_somewhere_else(self) -> None:
        """After more than three minutes: no side has keys any more."""
        pids = " ".join(str(self.process(p)) for p in ("sallyport-helper", "sallyport-meshd"))
        self.laptop.call(say_sleep, True)
        wait_until(lambda: self.idle_for(self.nas) > 5, 15, "the NAS has heard nothing for five seconds")
        self.shell(f"kill -STOP {pids}")
        self.lab.move("home")
        self.wipe("laptop")
        self.wipe("nas")
        with EchoStream(self.lab, "laptop", mesh4("nas"), 0.02) as echo:
            begin = time.monotonic()
            self.shell(f"kill -CONT {pids}")
            self.laptop.call(say_sleep, False)
            wait_until(lambda: echo.answered_since(begin), 10, "an answer after waking up", 0.001)
            taken = time.monotonic() - begin
            self.await_endpoint(LAN, 10)
        print(f"\n  answered {taken * 1000:.0f} ms after waking up", flush=True)
        self.assertLess(taken, 1.0 * slowness())

    def idle_for(self, door: NodeDoor) -> float:
        """Seconds since the tunnel's counters changed, as far as this was asked."""
        counters = sorted(door.output(["wg", "show", "sally-home", "transfer"]).splitlines())  # wireguard-go shuffles them
        if counters != self._counters:
            self._counters, self._changed = counters, time.monotonic()
        return time.monotonic() - self._changed

    _counters: list[str] = []
    _changed = 0.0


class Names(PathCase):
    """The laptop knows the NAS by a name only, and the line at home has no IPv6."""

    def setUp(self) -> None:
        super().setUp()
        self.shell("""nft 'table ip6 four {
            chain through { type filter hook forward priority 0; policy drop; }
            }'""", "home-router")
        self.addCleanup(self.shell, "nft delete table ip6 four", "home-router", False)
        document = json.loads(self.shell("cat /etc/sallyport-lab/laptop.json"))
        for device in document["home"]["devices"]:
            if device["name"] == "nas":
                device["endpoints"] = [{"address": "home.example.org:54445"}]
        self.shell(f"cat > /etc/sallyport-lab/named.json <<'E'\n{json.dumps(document)}\nE")
        self.laptop.output(["sally", "apply", "/etc/sallyport-lab/named.json"])
        self.addCleanup(self.laptop.output, ["sally", "apply", "/etc/sallyport-lab/laptop.json"])

    def test_both_ends_move_and_the_name_says_where(self) -> None:
        """The line at home gets another address and the laptop another network, both at once."""
        with EchoStream(self.lab, "laptop", mesh4("nas"), 0.05) as echo:
            self.await_endpoint(INTERNET, 15)
            self.renumber()
            self.lab.move("carrier")
            begin = time.monotonic()
            taken = self.await_endpoint(NEW, 30)
            wait_until(lambda: echo.answered_since(begin), 10, "an answer from the new address")
            answer = time.monotonic() - begin
        print(f"\n  the new address after {taken:.2f} s, an answer after {answer:.2f} s", flush=True)

    def test_a_name_that_moves_while_nothing_else_does(self) -> None:
        """Only the line at home gets another address: nothing of the laptop's changes."""
        with EchoStream(self.lab, "laptop", mesh4("nas"), 0.05) as echo:
            self.await_endpoint(INTERNET, 15)
            self.renumber()
            begin = time.monotonic()
            taken = self.await_endpoint(NEW, 90)
            wait_until(lambda: echo.answered_since(begin), 10, "an answer from the new address")
        print(f"\n  followed {taken:.2f} s after the change", flush=True)

    def renumber(self) -> None:
        self.addCleanup(self._renumber, "123.45.67.90", "123.45.67.89")
        self._renumber("123.45.67.89", "123.45.67.90")

    def _renumber(self, old: str, new: str) -> None:
        self.lab.rename("home.example.org", new)
        self.shell(f"""ip addr del {old}/24 dev wan; ip addr add {new}/24 dev wan
            ip route replace default via 123.45.67.1
            nft list table inet lab | sed 's/{old}/{new}/g' > /run/lab.nft
            nft delete table inet lab; nft -f /run/lab.nft; rm /run/lab.nft""", "home-router")


class Faults(PathCase):
    def test_meshd_is_killed(self) -> None:
        with EchoStream(self.lab, "laptop", mesh4("nas")) as echo:
            begin = time.monotonic()
            wait_until(lambda: echo.answered_since(begin), 5, "an answer before")
            before = self.process("sallyport-meshd")
            self.shell(f"kill -KILL {before}")
            self.await_other("sallyport-meshd", before)
            wait_until(lambda: self.state(PUBLIC4) != "", 10, "the ledger is there again")
            self.lab.move("home")
            self.await_endpoint(LAN, 10)
            result = echo.now()
        moved = [n for n in result.lost if result.sent[n] < result.sent[-1] - 3]
        self.assertLess(result.gap(), 3.0 * slowness())
        print(f"\n  {len(moved)} lost in all, the move included", flush=True)

    def test_meshd_hangs(self) -> None:
        with EchoStream(self.lab, "laptop", mesh4("nas")) as echo:
            begin = time.monotonic()
            wait_until(lambda: echo.answered_since(begin), 5, "an answer before")
            before = self.process("sallyport-meshd")
            self.shell(f"kill -STOP {before}")
            hung = time.monotonic()
            wait_until(lambda: echo.answered_since(hung + 2), 5, "answers while it hangs")
            self.shell(f"kill -KILL {before}")  # as the watchdog of systemd does
            self.await_other("sallyport-meshd", before)
            wait_until(lambda: self.state(PUBLIC4) != "", 10, "the ledger is there again")
            result = echo.end()
        self.assertEqual(result.lost, [])

    def test_the_helper_is_killed(self) -> None:
        with EchoStream(self.lab, "laptop", mesh4("nas")) as echo:
            begin = time.monotonic()
            wait_until(lambda: echo.answered_since(begin), 5, "an answer before")
            before = self.process("sallyport-helper")
            self.shell(f"kill -KILL {before}")
            self.await_other("sallyport-helper", before)
            since = time.monotonic()
            wait_until(lambda: echo.answered_since(since), 5, "an answer after")
            result = echo.end()
        self.assertEqual(result.lost, [])
        self.lab.move("home")
        with EchoStream(self.lab, "laptop", mesh4("nas")):
            self.await_endpoint(LAN, 10)

    def test_a_second_writer_of_the_endpoint(self) -> None:
        key = public_key(self.laptop, "nas")
        with EchoStream(self.lab, "laptop", mesh4("nas")) as echo:
            begin = time.monotonic()
            wait_until(lambda: echo.answered_since(begin), 5, "an answer before")
            self.shell(f"wg set sally-home peer {key} endpoint 192.0.2.99:9")
            wrong = time.monotonic()
            wait_until(lambda: echo.answered_since(wrong), 10, "an answer again")
            taken = time.monotonic() - wrong
        self.assertIn(self.endpoint(), INTERNET)
        print(f"\n  answered again {taken * 1000:.0f} ms after somebody else had set it", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
