#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our policy rules while others remove or overtake them: back soon, never a fight without end. And marks: ours survive
the others' rules, theirs survive ours."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
import unittest

from labtest import LaptopCase
from sallylab import expect, neighbours
from sallylab.capture import Capture
from sallylab.expect import EXITS, Situation
from sallylab.linux import slowness, wait_until
from sallylab.prove import prove
from sallylab.topology import PLACES, PROVIDER4, VPS4

NAME = "reseating"
OUT = EXITS["mullvad-se"]
SOON = 0.25  # seconds
RULES = 24  # of both families together, Home and Exit on
SO_MARK = 36


def rules_of_ours() -> int:
    done = subprocess.run(["sh", "-c", "ip rule; ip -6 rule"], capture_output=True, text=True, check=True)
    return done.stdout.count("proto 142")


def seconds_until_back(damage: list[str]) -> tuple[float, int]:
    """Does the damage in this node and watches for our rules. Also how many there were right after it."""
    before = rules_of_ours()
    # Else they may be back before anybody has counted.
    subprocess.run(["killall", "-STOP", "sallyport-helper"], check=True)
    subprocess.run(["sh", "-c", "; ".join(damage)], check=True)
    left = rules_of_ours()
    begin = time.monotonic()
    subprocess.run(["killall", "-CONT", "sallyport-helper"], check=True)
    while rules_of_ours() < before:
        if time.monotonic() - begin > 5 * slowness():
            break
    return time.monotonic() - begin, left


def seconds_until_captured_no_more(damage: list[str]) -> float:
    subprocess.run(["sh", "-ec", "\n".join(damage)], check=True)
    begin = time.monotonic()
    while time.monotonic() - begin < 5 * slowness():
        done = subprocess.run(["ip", "-o", "route", "get", "192.0.2.1", "mark", "0xa2000000"], capture_output=True,
                              text=True, check=False)
        if " dev eth0 " in done.stdout:
            break
    return time.monotonic() - begin


def deletions_in(seconds: float, preference: int) -> int:
    """Fights: deletes our rule whenever it is there. Returns how often it was."""
    count = 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done = subprocess.run(["ip", "rule", "del", "pref", str(preference)], capture_output=True, check=False)
        count += done.returncode == 0
    return count


def send_marked(mark: int, address: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_SOCKET, SO_MARK, mark)
        sender.sendto(b"x", (address, 9))


class Reseating(LaptopCase):
    lab_name = NAME

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        neighbours.write_wg_quick_file(cls.lab)

    def setUp(self) -> None:
        self.sally("home", "on", "--no-wait")
        self.sally("exit", "use", OUT.name)
        self.addCleanup(self.sally, "home", "off")
        self.addCleanup(self.sally, "exit", "off")

    def rules(self) -> str:
        return self.laptop.output(["sh", "-c", "ip rule; ip -6 rule"])

    def conflicts(self) -> list[str]:
        return [c["who"] for c in self.status()["conflicts"]]

    def assert_works(self) -> None:
        now = Situation(PLACES["home"], True, OUT)
        for check in expect.internet_checks(now) + expect.mesh_checks(now)[:2]:
            self.assertEqual(prove(self.lab, now, check).problems, [], self.rules())


class Removed(Reseating):
    def test_rules_are_back_soon(self) -> None:
        again = ["ip rule add pref 32766 lookup main", "ip rule add pref 32767 lookup default"]
        damages = {"flushed": ["ip rule flush", *again],
                   "flushed, IPv6": ["ip -6 rule flush", "ip -6 rule add pref 32766 lookup main"],
                   "one deleted": ["ip rule del pref 5101"],
                   "one deleted, IPv6": ["ip -6 rule del pref 5400"]}
        for name, damage in damages.items():
            with self.subTest(name):
                before = self.rules()
                seconds, left = self.laptop.call(seconds_until_back, damage)
                print(f"rules {name}: {left} left, back after {seconds * 1000:.0f} ms")
                self.assertEqual(sorted(self.rules().splitlines()), sorted(before.splitlines()))
                self.assertLess(seconds, SOON * slowness())
                self.assertLess(left, RULES)
                self.sally("exit", "use", OUT.name)  # a person's request: what came before no longer counts
        self.assert_works()

    def test_flushed_kernel_rules_are_told(self) -> None:
        self.laptop.output(["ip", "rule", "flush"])
        neighbours.wait_for_conflict(self.lab, "kernel rules")
        self.laptop.output(["sh", "-c", "ip rule add pref 32766 lookup main; ip rule add pref 32767 lookup default"])
        wait_until(lambda: "kernel rules" not in self.conflicts(), 5, "the end of the conflict", 0.3)


class Overtaken(Reseating):
    def test_the_block_moves_above_whoever_captures_it(self) -> None:
        damage = ["ip tuntap add corp0 mode tun", "ip link set corp0 up", "ip route add default dev corp0 table 999",
                  "ip rule add not fwmark 0x999 table 999"]
        seconds = self.laptop.call(seconds_until_captured_no_more, damage)
        print(f"overtaken: underlay on the card again after {seconds * 1000:.0f} ms")
        self.assertLess(seconds, SOON * slowness())
        self.assertIn("5079:\tfrom all fwmark 0xa1000000/0xff000000 lookup main", self.rules())
        self.assertNotIn("5100:", self.rules())
        neighbours.wait_for_conflict(self.lab, "Another program (corp0)")
        self.laptop.output(["sh", "-c", "ip rule del table 999; ip link del corp0"])
        wait_until(lambda: "5100:" in self.rules() and "5079:" not in self.rules(), 2, "the usual seats")
        self.assert_works()
        self.assertEqual(self.conflicts(), [])

    def test_what_no_seat_helps_against_is_told(self) -> None:
        """OpenVPN's two halves in the main table itself: where our packets are looked up, too."""
        self.laptop.output(["sh", "-ec", "ip tuntap add tun7 mode tun; ip link set tun7 up; "
                                         "ip route add 0.0.0.0/1 dev tun7; ip route add 128.0.0.0/1 dev tun7"])
        try:
            conflict = neighbours.wait_for_conflict(self.lab, "OpenVPN or another tunnel (tun7)")
            self.assertIn("encrypted packets into tun7", conflict["what"])
            self.assertIn("5100:", self.rules())
            now = Situation(PLACES["home"], True, OUT)
            with Capture(self.lab, "laptop") as wire:
                for check in expect.internet_checks(now):
                    self.laptop.call(check.ask, *check.arguments)
                strays = [p for p in wire.packets() if p.outgoing and not p.housekeeping
                          and not expect.is_underlay(p, now) and not expect.is_refusal(p)]
            self.assertEqual(strays, [])
        finally:
            self.laptop.output(["ip", "link", "del", "tun7"])
        wait_until(lambda: self.conflicts() == [], 5, "the end of the conflict", 0.3)

    def test_no_fight_without_end(self) -> None:
        deleted = self.laptop.call(deletions_in, 4.0, 5150)
        print(f"a fighter deleted our rule {deleted} times in 4 s")
        self.assertGreaterEqual(deleted, 3)
        self.assertLessEqual(deleted, 6)  # the first, and five that were put back
        self.assertNotIn("5150:", self.laptop.output(["ip", "rule"]))
        conflict = neighbours.wait_for_conflict(self.lab, "Another program")
        self.assertIn("again and again", conflict["what"])
        self.assertIn("sallyport_guard", self.laptop.output(["nft", "list", "tables"]))
        self.sally("home", "on")
        self.assertIn("5150:", self.laptop.output(["ip", "rule"]))
        self.assertNotIn("Another program", self.conflicts())
        self.assert_works()


class Marks(Reseating):
    """Counted by rules of the test's own, behind everybody else's."""

    PROBE = f"""
table inet probe {{
  counter ours_kept {{}}
  counter ours_lost {{}}
  counter theirs_kept {{}}
  counter theirs_lost {{}}
  chain in {{ type filter hook input priority 300; policy accept;
    ip saddr {PROVIDER4} udp sport 51820 ct mark & 0xff000000 == 0xa2000000 meta mark & 0xff000000 == 0xa2000000 \\
      counter name ours_kept
    ip saddr {PROVIDER4} udp sport 51820 ct mark & 0xff000000 != 0xa2000000 counter name ours_lost
  }}
  chain out {{ type filter hook postrouting priority 300; policy accept;
    ip daddr {VPS4} udp dport 9 meta mark THEIRS ct mark THEIRCT counter name theirs_kept
    ip daddr {VPS4} udp dport 9 counter name theirs_lost
  }}
}}
"""

    def counted(self, name: str) -> int:
        text = self.laptop.output(["nft", "list", "counter", "inet", "probe", name])
        return int(re.search(r"packets (\d+)", text).group(1))  # type: ignore[union-attr]

    def judge(self, neighbour: neighbours.Neighbour, mark: int, saved: int) -> None:
        text = self.PROBE.replace("THEIRS", hex(mark)).replace("THEIRCT", hex(saved))
        neighbour.begin(self.lab)
        self.laptop.output(["sh", "-ec", f"nft -f - <<'END'\n{text}END\n"])
        try:
            self.sally("exit", "off")
            self.sally("exit", "use", OUT.name, "--no-wait")
            wait_until(lambda: self.counted("ours_kept") > 0, 5, f"our mark beside {neighbour.name}", 0.1)
            self.assertEqual(self.counted("ours_lost"), 0)
            self.sally("exit", "off")  # the guard would stop a packet that is not ours
            self.laptop.call(send_marked, mark, VPS4)
            self.assertEqual((self.counted("theirs_kept"), self.counted("theirs_lost")), (1, 1))
        finally:
            self.laptop.output(["nft", "delete", "table", "inet", "probe"])
            neighbour.end(self.lab)

    def test_tailscale_saves_its_mark_and_not_ours(self) -> None:
        tailscale = next(n for n in neighbours.ALL if n.name == "tailscale")
        self.judge(tailscale, 0x80000, 0x80000)

    def test_mullvad_keeps_its_mark_in_another_field(self) -> None:
        """Its excluded programs have ct mark 0xf41 beside another packet mark: the one must not follow the other."""
        mullvad = neighbours.Neighbour("mullvad's exclusion", """nft -f - <<'END'
table inet mullvad_marks {
  chain out { type route hook output priority -160; policy accept; meta mark 0x6d6f6c65 ct mark set 0xf41; }
  chain in { type filter hook prerouting priority -199; policy accept; ct mark 0xf41 meta mark set 0x6d6f6c65; }
}
END
""", "nft delete table inet mullvad_marks")
        self.judge(mullvad, 0x6d6f6c65, 0xf41)

    def test_wg_quick_restores_its_mark_and_not_ours(self) -> None:
        self.judge(neighbours.WG_QUICK, 0xca6c, 0xca6c)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
