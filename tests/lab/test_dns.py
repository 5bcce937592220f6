#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who is asked for names: with Exit on whoever the exit or the person says, through the tunnel, and nobody on the wire;
with Exit off /etc/resolv.conf is again what it was, byte for byte, whatever happened to the helper meanwhile."""

from __future__ import annotations

import json
import os
import unittest

from labtest import LaptopCase
from sallylab import proofs
from sallylab.capture import Capture
from sallylab.linux import slowness, wait_until
from sallylab.packets import Packet
from sallylab.topology import DNS4, PROVIDER_CLIENT4, PROVIDER_DNS4, WEB4, WEB_NAME

NAME = "dns"
FILE = "/etc/resolv.conf"
# Everything that a person or program can see of the file.
LOOK = f"stat -c '%F %a %u %g %s' {FILE}; readlink {FILE}; od -c {FILE}; ls -A /etc | grep resolv"
STUB_TARGET = "../run/example/resolv.conf"


def is_question(packet: Packet) -> bool:
    return packet.outgoing and packet.destination_port in (53, 853)


class DnsCase(LaptopCase):
    lab_name = NAME


    def setUp(self) -> None:
        self.lab.move("home")
        self.original = self.shell(LOOK)

    def tearDown(self) -> None:
        self.sally("exit", "off")
        self.sally("home", "off")
        self.policy("provider")

    def policy(self, exit_dns: str, home_dns: tuple[str, ...] = ()) -> None:
        """Applies the laptop's configuration with another `policy.exitDns`."""
        document = json.loads(self.shell("cat /etc/sallyport-lab/laptop.json"))
        document["policy"]["exitDns"] = exit_dns
        if home_dns:
            document["home"]["dns"] = list(home_dns)
        self.shell(f"cat >/run/other.json <<'END'\n{json.dumps(document)}\nEND\nsally apply /run/other.json")

    def ask(self) -> tuple[proofs.Reply, set[tuple[str, str]], list[Packet]]:
        """Looks a name up as any program would: the answer, which servers saw which client, questions on the wire."""
        with Capture(self.lab, "laptop") as wire:
            before = len(self.lab.journal())
            reply = self.laptop.call(proofs.resolve, WEB_NAME)
            packets = [p for p in wire.packets() if is_question(p)]
        seen = {(str(e["server"]), str(e["client"])) for e in self.lab.journal(before) if e["kind"] == "dns"}
        return reply, seen, packets

    def assert_asked(self, server: str, client: str | None = None) -> None:
        reply, seen, packets = self.ask()
        self.assertEqual((reply.good, reply.text), (True, WEB4), self.shell(f"cat {FILE}; ip rule; nft list table inet sallyport_guard"))
        self.assertEqual({s for s, _ in seen}, {server})
        if client:
            self.assertEqual({c for _, c in seen}, {client})
        self.assertEqual([str(p) for p in packets], [])

    def assert_as_before(self, why: str = "") -> None:
        self.assertEqual(self.shell(LOOK), self.original, why)

    def helper(self) -> str:
        return self.shell("pidof sallyport-helper", False).strip()

    def wait_for_the_next(self, old: str) -> None:
        wait_until(lambda: self.helper() not in ("", old) and
                   self.laptop.run(["sh", "-c", "sally status >/dev/null 2>&1"]) == 0, 10 * slowness(), "the next helper")


class Sees(DnsCase):
    def test_a_question_on_the_wire_is_seen(self) -> None:
        reply, seen, packets = self.ask()
        self.assertTrue(reply.good)
        self.assertEqual({s for s, _ in seen}, {"10.41.0.1"})
        self.assertTrue(packets)


class WithAnExit(DnsCase):
    def test_names_are_asked_of_the_provider_through_the_tunnel(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
        self.assertIn(f"Names are asked of {PROVIDER_DNS4}.", self.status()["guard"]["sentence"])
        self.sally("home", "on")
        self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
        self.sally("exit", "use", "mullvad-de")
        self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
        self.sally("exit", "off")
        self.assert_as_before()
        self.assertEqual({s for s, _ in self.ask()[1]}, {"10.41.0.1"})

    def test_a_server_of_ones_own_choice(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        self.policy(DNS4)
        self.assert_asked(DNS4)
        self.policy("provider")
        self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)

    def test_the_networks_resolver_if_that_is_wanted(self) -> None:
        self.policy("network")
        self.sally("exit", "use", "mullvad-se")
        self.assert_as_before()
        reply, seen, packets = self.ask()
        self.assertTrue(reply.good, reply.text)
        self.assertEqual({s for s, _ in seen}, {"10.41.0.1"})
        self.assertTrue(packets)
        self.assertIn("this network's resolver", self.status()["guard"]["sentence"])

    def test_what_needs_tls_is_never_asked_without(self) -> None:
        self.policy(f"tls://dns.example.org@{DNS4}")
        self.sally("exit", "use", "mullvad-se")
        reply, seen, packets = self.ask()
        self.assertFalse(reply.good)
        self.assertEqual((seen, packets), (set(), []))
        status = self.status()
        self.assertIn("Names cannot be looked up", status["guard"]["sentence"])
        self.assertIn("systemd-resolved", " ".join(c["what"] for c in status["conflicts"]))

    def test_an_exit_without_a_resolver_says_so(self) -> None:
        self.sally("exit", "use", "vps")
        _, seen, packets = self.ask()
        self.assertEqual((seen, packets), (set(), []))
        self.assertIn("this network's is blocked", self.status()["guard"]["sentence"])

    def test_the_resolver_follows_to_other_networks(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        for place in ("hotel", "carrier", "home"):
            self.lab.move(place)
            wait_until(lambda: PROVIDER_DNS4 in self.shell(f"cat {FILE}"), 5 * slowness(), "our resolver")
            wait_until(lambda: self.laptop.call(proofs.resolve, WEB_NAME).good, 10 * slowness(), "an answer")
            self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
        self.sally("exit", "off")
        self.assert_as_before()

    def test_a_network_with_the_same_addresses_changes_nothing(self) -> None:
        self.shell("ip address add 10.64.9.9/16 dev eth0")
        try:
            self.sally("exit", "use", "mullvad-se")
            self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
        finally:
            self.shell("ip address del 10.64.9.9/16 dev eth0")

    def test_doctor_tells_who_answers(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        told = self.shell("sally doctor", False)
        self.assertIn(PROVIDER_DNS4, told)


class Shapes(DnsCase):
    """What /etc/resolv.conf can be besides a file."""

    def round_trip(self, make: str, unmake: str) -> None:
        self.shell(make)
        try:
            before = self.shell(LOOK)
            self.sally("exit", "use", "mullvad-se")
            self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
            self.sally("exit", "off")
            self.assertEqual(self.shell(LOOK), before)
        finally:
            self.shell(unmake)
        self.assert_as_before()

    def test_a_symbolic_link(self) -> None:
        self.round_trip(f"mkdir -p /run/example; mv {FILE} /run/example/; ln -s {STUB_TARGET} {FILE}",
                        f"rm {FILE}; mv /run/example/resolv.conf {FILE}")

    def test_a_link_that_leads_nowhere(self) -> None:
        self.round_trip(f"mv {FILE} /run/kept; ln -s {STUB_TARGET} {FILE}; rm -rf /run/example",
                        f"rm {FILE}; mv /run/kept {FILE}")

    def test_a_mounted_file(self) -> None:
        self.round_trip(f"cp {FILE} /run/mounted; mount --bind /run/mounted {FILE}", f"umount {FILE}; rm /run/mounted")

    def test_no_file(self) -> None:
        self.shell(f"mv {FILE} /run/kept")
        self.sally("exit", "use", "mullvad-se")
        self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
        self.sally("exit", "off")
        self.assertEqual(self.shell(f"ls {FILE} 2>/dev/null", False), "")
        self.shell(f"mv /run/kept {FILE}")


class Killed(DnsCase):
    def test_the_file_comes_back_whenever_the_helper_is_killed(self) -> None:
        for number in range(24):
            with self.subTest(number):
                old = self.helper()
                switch = "sally exit off" if number % 2 else "sally exit use mullvad-se"
                self.sally("exit", *(("use", "mullvad-se") if number % 2 else ("off",)))
                self.shell(f"{switch} --no-wait >/dev/null 2>&1 & sleep 0.0{number // 2:02}; kill -9 {old}; wait; true")
                self.wait_for_the_next(old)
                self.sally("exit", "off")
                self.assert_as_before(f"killed after {number // 2} ms of {switch}")

    def test_a_dead_helper_asks_nobody_on_the_wire(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        self.shell("killall -STOP sallyport-helper")
        try:
            self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
            self.shell(f"cp {FILE} /run/ours; echo nameserver 10.41.0.1 >{FILE}")
            _, seen, packets = self.ask()
            self.assertEqual((seen, packets), (set(), []))
            self.shell(f"cat /run/ours >{FILE}; rm /run/ours")
        finally:
            self.shell("killall -CONT sallyport-helper")


class Tramplers(DnsCase):
    def test_a_file_that_is_rewritten_becomes_ours_again(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        self.shell(f"printf 'nameserver 10.41.0.1\\nsearch lan\\n' >/etc/resolv.conf.dhcp; mv /etc/resolv.conf.dhcp {FILE}")
        wait_until(lambda: PROVIDER_DNS4 in self.shell(f"cat {FILE}"), 5 * slowness(), "our resolver")
        self.assert_asked(PROVIDER_DNS4, PROVIDER_CLIENT4)
        self.sally("exit", "off")
        self.assertEqual(self.shell(f"cat {FILE}"), "nameserver 10.41.0.1\nsearch lan\n")
        self.shell(f"echo nameserver 10.41.0.1 >{FILE}")

    def test_a_fight_ends_and_is_told(self) -> None:
        self.sally("exit", "use", "mullvad-se")
        self.shell(f"""for i in $(seq 400); do
            grep -q 10.64 {FILE} && echo nameserver 10.41.0.1 >{FILE} && echo $i >>/run/fight
            sleep 0.02
            done; true""")
        rewrites = int(self.shell("wc -l </run/fight"))
        self.assertLessEqual(rewrites, 22)
        self.assertGreaterEqual(rewrites, 10)
        self.assertEqual(self.shell(f"cat {FILE}"), "nameserver 10.41.0.1\n")
        self.assertIn("keeps rewriting", " ".join(c["what"] for c in self.status()["conflicts"]))
        _, seen, packets = self.ask()
        self.assertEqual((seen, packets), (set(), []))


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
