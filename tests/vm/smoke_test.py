# SPDX-License-Identifier: GPL-2.0-or-later
"""What the rest of the virtual machine lane stands on: the guest's kernel can do all that the product asks of one."""
import os
import subprocess
import unittest
from pathlib import Path

NODES = {"smoke-a": 1, "smoke-b": 2}
PORT = 51820


def output(*command: str, text: str | None = None) -> str:
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {result.stderr.strip() or result.stdout.strip()}")
    return result.stdout.strip()


def inside(node: str, *command: str, text: str | None = None) -> str:
    return output("ip", "netns", "exec", node, *command, text=text)


class KernelTest(unittest.TestCase):
    def test_the_module_is_debians_own(self) -> None:
        path = output("modinfo", "-F", "filename", "wireguard")
        self.assertTrue(path.startswith(f"/lib/modules/{os.uname().release}/"), path)

    def test_a_link_of_kind_wireguard_is_the_kernels(self) -> None:
        output("ip", "link", "add", "smoke0", "type", "wireguard")
        self.addCleanup(output, "ip", "link", "delete", "smoke0")
        self.assertIn("wireguard", output("ip", "-d", "link", "show", "smoke0"))
        self.assertFalse(Path("/var/run/wireguard/smoke0.sock").exists())

    def test_user_space_tunnels_are_possible(self) -> None:
        output("ip", "tuntap", "add", "mode", "tun", "name", "smoke1")
        output("ip", "link", "delete", "smoke1")

    def test_nftables_has_what_the_tables_use(self) -> None:
        table = """table inet smoke {
 set names { type ifname; elements = { "lo" } }
 chain spoof { type filter hook prerouting priority -310; ip daddr 10.1.1.1 fib saddr type != local counter drop
 }
 chain save { type route hook output priority -145
  meta mark & 0xff000000 == 0xa1000000 ct mark set ct mark & 0x00ffffff | 0xa1000000
 }
 chain mss { type filter hook forward priority -145; tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu
 }
 chain nat { type nat hook postrouting priority 110; oifname != @names masquerade
 }
 chain out { type filter hook output priority 10; meta skuid 0 counter reject with icmpx type admin-prohibited
 }
}
"""
        output("ip", "netns", "add", "smoke-nft")
        self.addCleanup(output, "ip", "netns", "delete", "smoke-nft")
        inside("smoke-nft", "nft", "-f", "-", text=table)
        listed = inside("smoke-nft", "nft", "list", "table", "inet", "smoke")
        for part in ("fib saddr type", "type route hook output", "ct mark set", "maxseg size set rt mtu", "masquerade"):
            self.assertIn(part, listed)

    def test_both_families_have_rules_and_unreachable_routes(self) -> None:
        output("ip", "netns", "add", "smoke-rule")
        self.addCleanup(output, "ip", "netns", "delete", "smoke-rule")
        for family in ("-4", "-6"):
            inside("smoke-rule", "ip", family, "rule", "add", "pref", "5110", "fwmark", "0xa1000000/0xff000000",
                   "protocol", "142", "unreachable")
            inside("smoke-rule", "ip", family, "route", "add", "unreachable", "default", "table", "2592",
                   "metric", "4278198272", "protocol", "142")
            self.assertIn("0xa1000000/0xff000000", inside("smoke-rule", "ip", family, "rule"))


class TunnelTest(unittest.TestCase):
    """Two nodes, one wire, one kernel WireGuard link in each."""

    keys: dict[str, tuple[str, str]] = {}

    @classmethod
    def setUpClass(cls) -> None:
        for node in NODES:
            output("ip", "netns", "add", node)
            cls.addClassCleanup(output, "ip", "netns", "delete", node)
            private = output("wg", "genkey")
            cls.keys[node] = (private, output("wg", "pubkey", text=private))
        output("ip", "link", "add", "wire0", "netns", "smoke-a", "type", "veth", "peer", "name", "wire0",
               "netns", "smoke-b")
        for node, number in NODES.items():
            cls.raise_node(node, number)

    @classmethod
    def raise_node(cls, node: str, number: int) -> None:
        other, far = next((name, place) for name, place in NODES.items() if name != node)
        inside(node, "ip", "address", "add", f"192.0.2.{number}/24", "dev", "wire0")
        inside(node, "ip", "link", "set", "wire0", "up")
        inside(node, "ip", "link", "add", "tunnel0", "type", "wireguard")
        inside(node, "wg", "set", "tunnel0", "listen-port", str(PORT), "private-key", "/dev/stdin",
               "peer", cls.keys[other][1], "endpoint", f"192.0.2.{far}:{PORT}",
               "allowed-ips", f"10.42.0.{far}/32,fd42::{far}/128", text=cls.keys[node][0])
        inside(node, "ip", "address", "add", f"10.42.0.{number}/24", "dev", "tunnel0")
        inside(node, "ip", "address", "add", f"fd42::{number}/64", "dev", "tunnel0", "nodad")
        inside(node, "ip", "link", "set", "tunnel0", "up")

    def received(self, node: str) -> int:
        return int(inside(node, "wg", "show", "tunnel0", "transfer").split()[1])

    def ping(self, address: str) -> None:
        before = self.received("smoke-b")
        inside("smoke-a", "ping", "-c", "3", "-i", "0.2", "-W", "5", address)
        self.assertGreaterEqual(self.received("smoke-b") - before, 3 * 96)

    def test_ipv4_payload_goes_through_the_tunnel(self) -> None:
        self.ping("10.42.0.2")

    def test_ipv6_payload_goes_through_the_tunnel(self) -> None:
        self.ping("fd42::2")

    def test_an_address_that_no_peer_may_use_is_refused(self) -> None:
        with self.assertRaises(AssertionError):
            inside("smoke-a", "ping", "-c", "1", "-W", "1", "10.42.0.77")


if __name__ == "__main__":
    unittest.main(verbosity=2)
