#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The guard: what leaves the laptop while Exit or lockdown is on, whatever happens to rules, routes, links and helper.
The wire is the judge. First it is shown that the judge can see a leak."""

from __future__ import annotations

import os
import signal
import socket
import time
import unittest

from labtest import LaptopCase
from sallylab import battery, expect, proofs
from sallylab.capture import Capture
from sallylab.expect import EXITS, NO_EXIT, Exit, Situation
from sallylab.linux import slowness, wait_until
from sallylab.prove import prove
from sallylab.topology import MESH, PLACES, PRINTER4, PRINTER6, WEB4, WEB6

NAME = "guard"
SE = EXITS["mullvad-se"]
LOCKED = Exit("lockdown")
TABLE = "nft list table inet sallyport_guard"
CONTAINER = "sallylab-container"
SOON = 0.2  # seconds for an answer of a neighbour, if there were one


class GuardCase(LaptopCase):
    lab_name = NAME


    def tearDown(self) -> None:
        if self.shell("ps -o stat= -C sallyport-helper", False).startswith("T"):
            self.restart_helper()
        self.sally("lockdown", "off")
        self.sally("exit", "off")
        self.sally("home", "off")

    def stop_helper(self) -> None:
        """It can do nothing, and is not replaced either, as a dead one would be."""
        self.shell("killall -STOP sallyport-helper")

    def restart_helper(self) -> None:
        """Without giving it time to tidy up; waits for the next one."""
        old = self.shell("pidof sallyport-helper", False).split()
        self.shell("killall -q -KILL sallyport-helper", False)
        wait_until(lambda: self.shell("pidof sallyport-helper", False).split() not in (old, [])
                   and self.laptop.run(["sh", "-c", "sally status >/dev/null 2>&1"]) == 0, 10 * slowness(), "the next helper")

    def keep_dead(self, script: str) -> None:
        """Runs a script while every helper that is started dies at once."""
        self.shell(f"touch /run/keep-dead; (while [ -e /run/keep-dead ]; do killall -q -KILL sallyport-helper; done) & "
                   f"{script}; result=$?; rm /run/keep-dead; wait; exit $result")


class Sees(GuardCase):
    def test_a_leak_is_seen_with_the_guard_off(self) -> None:
        seen = {(p.protocol, p.destination, p.destination_port) for p in self.strays(self.off())}
        for due in (("tcp", WEB4, 443), ("tcp", WEB6, 80), ("udp", battery.DNS4, 53), ("udp", "10.41.0.1", 53),
                    ("icmp", WEB4, 0), ("icmp6", WEB6, 0)):
            self.assertIn(due, seen)

    def off(self) -> Situation:
        return Situation(PLACES["home"], False, NO_EXIT)


class Closed(GuardCase):
    """Exit is on."""

    def setUp(self) -> None:
        self.lab.move("home")
        self.sally("exit", "use", "mullvad-se")
        self.now = Situation(PLACES["home"], False, SE)

    def test_nothing_leaves_past_the_exit(self) -> None:
        self.assert_tight(self.now)
        guard = self.status()["guard"]
        self.assertEqual(guard["state"], "connected")

    def test_refusals_are_told_at_once(self) -> None:
        self.stop_helper()
        self.shell("ip rule flush; ip -6 rule flush; ip rule add pref 32766 lookup main; ip -6 rule add pref 32766 lookup main")
        begin = time.monotonic()
        told = self.laptop.call(battery.fire, ("10.41.0.1",))
        self.assertLess(time.monotonic() - begin, 2 * slowness())
        for kind in ("UDP 443, IPv4", "UDP 443, IPv6", "ping, IPv4"):
            self.assertNotEqual(told[kind], "", kind)
        self.assert_tight(self.now, "with main's rules only")

    def test_rules_and_routes_may_vanish(self) -> None:
        self.stop_helper()
        for harm in ("ip rule flush; ip rule add pref 32766 lookup main; ip -6 rule flush; ip -6 rule add pref 32766 lookup main",
                     "ip route flush table 2592; ip -6 route flush table 2592",
                     "ip link set sally-exit down", "ip link del sally-exit",
                     "nft delete table inet sallyport"):
            with self.subTest(harm):
                self.shell(harm)
                self.assert_tight(self.now, harm)

    def test_routes_that_the_network_announces_change_nothing(self) -> None:
        """TunnelVision (CVE-2024-3661): option 121 puts routes into the main table; TunnelCrack: a public "local" network."""
        self.shell("ip route add 203.0.113.0/24 via 10.41.0.1; ip route add 0.0.0.0/1 via 10.41.0.1; "
                   "ip route add 128.0.0.0/1 via 10.41.0.1; ip -6 route add 2000::/3 via 2001:db8:41::1; "
                   "ip addr add 203.0.113.77/24 dev eth0")
        try:
            self.assert_tight(self.now, "with announced routes")
            self.assertFalse(prove(self.lab, self.now, expect.internet_checks(self.now)[0]).problems)
        finally:
            self.shell("ip addr del 203.0.113.77/24 dev eth0; ip route del 203.0.113.0/24 via 10.41.0.1; ip route del 0.0.0.0/1; "
                       "ip route del 128.0.0.0/1; ip -6 route del 2000::/3", False)

    def test_a_flushed_ruleset_is_back_within_100_ms(self) -> None:
        for harm in ("nft flush ruleset", "nft delete table inet sallyport_guard", "nft flush table inet sallyport_guard",
                     "nft delete chain inet sallyport_guard out"):
            with self.subTest(harm):
                before = self.shell(TABLE)
                self.shell(harm)
                begin = time.monotonic()
                wait_until(lambda: self.shell(TABLE + " | tr -d '0-9' | md5sum", False)
                           == self.laptop.output(["sh", "-c", f"printf '%s' '{before}' | tr -d '0-9' | md5sum"]),
                           2 * slowness(), "the guard is back")
                taken = time.monotonic() - begin
                print(f"{harm}: back after at most {taken * 1000:.0f} ms, looking included")
                self.assert_tight(self.now, harm)

    def test_a_hole_made_while_no_helper_ran_is_closed(self) -> None:
        """The table and its comment are there, but somebody has put a rule into it."""
        self.keep_dead("nft insert rule inet sallyport_guard out accept; ip rule flush; ip rule add pref 32766 lookup main")
        self.restart_helper()
        self.assert_tight(self.now, "with a hole made meanwhile")

    def test_an_exit_that_dies_blocks(self) -> None:
        # Not by switching its tunnel off: with the link go its IPv6 addresses and routes, for good.
        provider = self.lab.node("provider")
        provider.output(["nft", "add table inet dead; add chain inet dead silence { type filter hook input priority -300; policy drop; }"])
        try:
            self.assert_tight(self.now, "with a dead provider")
        finally:
            provider.output(["nft", "delete table inet dead"])

    def test_switching_servers_leaks_nothing(self) -> None:
        for name in ("mullvad-de", "mullvad-v6", "vps", "mullvad-se"):
            self.sally("exit", "use", name)
            self.assert_tight(Situation(PLACES["home"], False, EXITS[name]))

    def test_the_local_network_stays_reachable(self) -> None:
        reply = self.laptop.call(proofs.fetch, PRINTER4, 0, 80, 1.0)
        self.assertTrue(reply.good, reply.text)

    def test_packets_to_the_tunnels_address_come_from_the_tunnel_only(self) -> None:
        """CVE-2019-14899: a neighbour learns a tunnel's address by asking the laptop for it."""
        neighbour = self.lab.node("desktop")
        neighbour.output(["ip", "route", "add", "10.64.3.7/32", "via", "10.41.1.2"])
        try:
            self.assertFalse(neighbour.call(proofs.ping, "10.64.3.7", 0.5).good)
        finally:
            neighbour.output(["ip", "route", "del", "10.64.3.7/32"])


class Containers(GuardCase):
    """What is forwarded for containers leaves by the exit or not at all."""

    def setUp(self) -> None:
        self.shell(f"""
            ip netns add {CONTAINER}; ip link add sallybr type bridge; ip addr add 172.30.0.1/24 dev sallybr
            ip link set sallybr up; ip link add vethc type veth peer name eth0 netns {CONTAINER}
            ip link set vethc master sallybr up; ip -n {CONTAINER} addr add 172.30.0.2/24 dev eth0
            ip -n {CONTAINER} link set eth0 up; ip -n {CONTAINER} route add default via 172.30.0.1
            sysctl -qw net.ipv4.ip_forward=1
            nft add table ip containers
            nft add chain ip containers post '{{ type nat hook postrouting priority 100; }}'
            nft add rule ip containers post ip saddr 172.30.0.0/24 oifname != sallybr masquerade""")

    def tearDown(self) -> None:
        self.shell(f"nft delete table ip containers; ip link del sallybr; ip netns del {CONTAINER}; "
                   "sysctl -qw net.ipv4.ip_forward=0", False)
        super().tearDown()

    def fetch(self, address: str) -> str:
        return self.shell(f"ip netns exec {CONTAINER} timeout 3 /usr/bin/python3 -c 'import urllib.request as u; "
                          f"print(u.urlopen(\"http://{address}/\", timeout=2).read().decode().strip())' 2>&1 | tail -1", False).strip()

    def test_containers_use_the_exit(self) -> None:
        self.assertEqual(self.fetch(WEB4), PLACES["home"].seen4)
        self.sally("exit", "use", "mullvad-se")
        self.assertEqual(self.fetch(WEB4), SE.seen4)
        self.assertTrue(self.laptop.call(proofs.ping, "172.30.0.2", 1.0).good)

    def test_containers_of_a_dead_exit_stay_inside(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        self.stop_helper()
        self.shell("ip rule flush; ip rule add pref 32766 lookup main; ip link del sally-exit")
        with Capture(self.lab, "laptop") as wire:
            self.fetch(WEB4)
            self.shell(f"ip netns exec {CONTAINER} /usr/bin/python3 -c 'import socket; "
                       "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b\"x\", (\"10.41.0.1\", 53))'", False)
            out = [str(p) for p in wire.packets() if p.outgoing and not p.housekeeping
                   and not expect.is_underlay(p, Situation(PLACES["home"], False, SE))]
        self.assertEqual(out, [])


class NoLocalNetwork(GuardCase):
    """policy.allowLan is false: who else is on this network is not to be trusted."""

    def setUp(self) -> None:
        self.lab.move("home")
        self.shell("sed 's/\"allowLan\": true/\"allowLan\": false/' /etc/sallyport-lab/laptop.json "
                   ">/etc/sallyport-lab/alone.json; sally apply /etc/sallyport-lab/alone.json")
        self.addCleanup(self.sally, "apply", "/etc/sallyport-lab/laptop.json")

    def judge(self, now: Situation) -> None:
        with Capture(self.lab, "laptop") as wire:
            for address in (PRINTER4, PRINTER6):
                self.assertFalse(self.laptop.call(proofs.fetch, address, 0, 80, SOON).good)
                self.assertFalse(self.laptop.call(proofs.ping, address, SOON).good)
                self.laptop.call(proofs.send_datagram, address, 9, "stray")
            for address in ("10.41.1.2", "fd41::12"):
                self.assertFalse(self.lab.node("printer").call(proofs.fetch, address, 0, 80, SOON).good)
            told = [str(p) for p in wire.packets() if p.outgoing and not p.housekeeping
                    and p.destination in (PRINTER4, PRINTER6)]
        self.assertEqual(told, [])
        self.assert_tight(now)
        self.assertTrue(self.offered_an_address(), "DHCP")
        for check in expect.mesh_checks(now):
            self.assertEqual(prove(self.lab, now, check).problems, [])
        # It calls by itself; nothing has been sent to it that it could be the answer to.
        self.assertTrue(self.lab.node("desktop").call(proofs.ping, MESH["laptop"].mesh4).good)

    def offered_an_address(self) -> bool:
        """The laptop asks for an address as a DHCP client does, and the router's offer arrives."""
        router = self.lab.node("home-router").start(["/usr/bin/python3", "-c", DHCP_SERVER])
        try:
            return self.laptop.call(_discover)
        finally:
            os.kill(router, signal.SIGKILL)
            os.waitpid(router, 0)

    def test_neighbours_are_out_of_reach_and_dhcp_and_home_work(self) -> None:
        for address, seen in ((PRINTER4, "printer 10.41.1.2"), (PRINTER6, "printer fd41::12")):
            self.assertEqual(self.laptop.call(proofs.fetch, address).text, seen)
        self.assertTrue(self.lab.node("printer").call(proofs.fetch, "10.41.1.2").good)
        self.sally("home", "on")
        self.sally("exit", "use", "mullvad-se")
        now = Situation(PLACES["home"], True, SE)
        self.judge(now)
        self.assert_works(now)
        self.sally("lockdown", "on")
        self.sally("exit", "off")
        self.judge(Situation(PLACES["home"], True, LOCKED))


DHCP_SERVER = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lan")
    server.bind(("", 67))
    while True:
        server.sendto(b"offer to " + server.recv(1500), ("255.255.255.255", 68))
"""


def _discover() -> bool:
    """RFC 2131 section 4.1: from port 68, broadcast to port 67, the answer broadcast as well."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
        client.bind(("", 68))
        client.settimeout(0.3 * slowness())
        for _ in range(10):
            client.sendto(b"laptop", ("255.255.255.255", 67))
            try:
                return client.recv(1500) == b"offer to laptop"
            except TimeoutError:
                continue  # the router's program may just be starting
    return False


class Lockdown(GuardCase):
    """Exit is off and stays blocked."""

    def test_lockdown_blocks_and_home_works(self) -> None:
        self.sally("home", "on")
        self.sally("lockdown", "on")
        now = Situation(PLACES["home"], True, LOCKED)
        self.assert_tight(now)
        guard = self.status()["guard"]
        self.assertEqual(guard["state"], "lockdown")
        self.assertIn("Blocked: internet", guard["sentence"])
        self.assertIn("home", guard["sentence"])
        for check in expect.mesh_checks(now) + expect.lan_checks(now):
            self.assertEqual(prove(self.lab, now, check).problems, [])

    def test_rules_and_routes_hold_when_others_flush_all_tables(self) -> None:
        self.sally("home", "on")
        self.sally("lockdown", "on")
        self.stop_helper()
        self.shell("nft flush ruleset")
        now = Situation(PLACES["home"], True, LOCKED)
        left = [p for p in self.strays(now) if p.destination_port not in battery.MARKED_PORTS
                and p.destination not in now.place.resolvers]
        self.assertEqual([str(p) for p in left], [])
        self.assertFalse(self.laptop.call(proofs.fetch, WEB4, 0, 80, 0.5).good)
        for check in expect.mesh_checks(now) + expect.lan_checks(now):
            self.assertEqual(prove(self.lab, now, check).problems, [])

    def test_a_flush_after_changes_of_our_own_is_noticed(self) -> None:
        """Whoever listens to nftables hears all that is changed, and loses some if he has no room for it."""
        self.sally("lockdown", "on")
        for words in (("exit", "use", "mullvad-se", "--no-wait"), ("exit", "off")) * 4:
            self.sally(*words)
            self.shell("nft flush ruleset")
            wait_until(lambda: self.shell(TABLE, False) != "", 2 * slowness(), f"the guard after exit {words[1]}")

    def test_it_outlives_exit_off_helper_and_reboot(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        self.sally("lockdown", "on")
        self.sally("exit", "off")
        now = Situation(PLACES["home"], False, LOCKED)
        self.assert_tight(now, "after Exit off")
        self.stop_helper()
        self.assert_tight(now, "without the helper")
        # A reboot: the kernel has forgotten everything, /run is empty, and the early-boot unit loads its file.
        self.shell("nft flush ruleset; rm -rf /run/sallyport/intent; nft -f /var/lib/sallyport/lockdown.nft")
        self.assert_tight(now, "at boot")
        self.restart_helper()
        self.assertEqual(self.status()["guard"]["state"], "lockdown")
        self.assert_tight(now, "with the next helper")
        self.assertFalse(self.laptop.call(proofs.fetch, WEB4, 0, 80, 0.5).good)

    def test_exit_keeps_the_next_boot_closed_too(self) -> None:
        self.assertEqual(self.shell("ls /var/lib/sallyport/lockdown.nft 2>/dev/null", False), "")
        self.sally("exit", "use", "mullvad-se")
        self.stop_helper()
        self.shell("nft flush ruleset; ip link del sally-exit; ip rule flush; ip rule add pref 32766 lookup main; "
                   "nft -f /var/lib/sallyport/lockdown.nft")
        self.assert_tight(Situation(PLACES["home"], False, SE), "at boot")
        self.restart_helper()
        wait_until(lambda: self.status()["exit"]["phase"] == "up", 10, "the exit is up again")
        self.sally("exit", "off")
        self.assertEqual(self.shell("ls /var/lib/sallyport/lockdown.nft 2>/dev/null", False), "")

    def test_unlock_opens_without_a_helper_and_for_good(self) -> None:
        self.sally("lockdown", "on")
        self.keep_dead("sally unlock")
        self.assertNotEqual(self.strays(Situation(PLACES["home"], False, NO_EXIT)), [])
        self.assertTrue(self.laptop.call(proofs.fetch, WEB4).good)
        wait_until(lambda: self.laptop.run(["sh", "-c", "sally status >/dev/null 2>&1"]) == 0, 10 * slowness(), "a helper")
        self.assertEqual(self.status()["guard"]["state"], "open")

    def test_switches_that_cannot_be_read_mean_blocked(self) -> None:
        self.sally("lockdown", "on")
        self.stop_helper()
        self.shell("echo rubbish > /var/lib/sallyport/intent; echo rubbish > /run/sallyport/intent")
        self.restart_helper()
        status = self.status()
        self.assertEqual(status["guard"]["state"], "lockdown")
        self.assertIn("could not be read", str(status["lastError"]))
        self.assert_tight(Situation(PLACES["home"], False, LOCKED))

    def test_a_broken_exit_blocks_and_home_works(self) -> None:
        """The file of the configuration is damaged while Exit is on."""
        self.sally("exit", "use", "mullvad-se")
        self.stop_helper()
        self.shell("cp /var/lib/sallyport/configuration /run/kept; echo rubbish > /var/lib/sallyport/configuration")
        self.restart_helper()
        try:
            self.assertEqual(self.status()["guard"]["state"], "blocked")
            self.assert_tight(Situation(PLACES["home"], False, SE))
        finally:
            self.stop_helper()
            self.shell("cp /run/kept /var/lib/sallyport/configuration")
            self.restart_helper()


class Paused(GuardCase):
    """Exit and lockdown are on, and rest for a while."""

    def test_a_pause_opens_and_its_end_closes(self) -> None:
        self.sally("lockdown", "on")
        self.sally("exit", "use", "mullvad-se")
        self.sally("pause", "5")
        self.assertIn("pausedUntil", str(self.status()["guard"]))
        self.assertEqual(self.shell("nft list tables | grep sallyport", False), "")
        for check in expect.internet_checks(Situation(PLACES["home"], False, NO_EXIT)):
            self.assertEqual(prove(self.lab, Situation(PLACES["home"], False, NO_EXIT), check).problems, [])
        self.assertNotEqual(self.shell("ls /var/lib/sallyport/lockdown.nft", False), "", "the next boot is open")
        self.sally("pause", "off")
        self.assert_tight(Situation(PLACES["home"], False, SE), "after the pause")

    def test_a_helper_that_ends_ends_the_pause(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        self.sally("pause", "60")
        self.restart_helper()
        self.assertNotIn("pausedUntil", str(self.status()["guard"]))
        self.assert_tight(Situation(PLACES["home"], False, SE), "with the next helper")


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
