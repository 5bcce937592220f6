# SPDX-License-Identifier: GPL-2.0-or-later
"""Beside systemd-networkd, which deletes the routing rules of others when it sets up a
network. With the drop-in that we install, and without."""

from __future__ import annotations

import json

from systemdtest import SystemTestCase, main  # isort: skip; it says where the lab is

from sallylab.linux import wait_until
from sallysystem.internet import CLIENT4, WEB4

_DROP_IN = "/usr/lib/systemd/networkd.conf.d/80-sallyport.conf"


class BesideNetworkdTest(SystemTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.product.sally("home", "on")
        self.product.sally("exit", "on")
        self.assertEqual(self.product.seen_address(WEB4), CLIENT4)

    def _rules(self) -> list[str]:
        text = self.container.run("bash", "-c", "ip rule; ip -6 rule").stdout
        return [line for line in text.splitlines() if "proto 142" in line]

    def _routes(self) -> list[str]:
        text = self.container.run("bash", "-c", "ip route show table all; ip -6 route show table all").stdout
        return sorted(line for line in text.splitlines() if "proto 142" in line)

    def _conflicts(self) -> list[str]:
        conflicts = self.product.status()["conflicts"]
        assert isinstance(conflicts, list)
        return [conflict["who"] for conflict in conflicts]

    def _restart_networkd(self) -> bool:
        """Whether it deleted a rule of somebody who has no helper to put it back."""
        self.container.run("ip", "rule", "add", "pref", "3000", "to", "192.0.2.0/24", "lookup", "77",
                           "protocol", "static")
        self.container.run("systemctl", "restart", "systemd-networkd")
        wait_until(lambda: self.container.run("networkctl", "status", "eth0", check=False).returncode == 0, 10,
                   "networkd")
        # Version 252 deletes when it sets up a network, other versions when they start (systemd#19106).
        self.container.run("networkctl", "reconfigure", "eth0")
        self.container.run("bash", "-c", "until networkctl status eth0 | grep -q '(configured)'; do sleep 0.1; done",
                           timeout=30)
        left = "3000:" in self.container.run("ip", "rule").stdout
        self.container.run("ip", "rule", "del", "pref", "3000", check=False)
        return not left

    def test_ourRulesAndRoutesAreLeftAlone(self) -> None:
        rules, routes = self._rules(), self._routes()
        self.assertNotIn("systemd-networkd", self._conflicts())
        watch = self.container.start("bash", "-c", "exec timeout 60 ip monitor rule >/run/changes")
        self.addCleanup(lambda: (watch.kill(), watch.communicate()))
        wait_until(lambda: self.container.run("pgrep", "-x", "ip", check=False).returncode == 0, 5, "the watch")
        self.assertFalse(self._restart_networkd())
        heard = self.container.run("cat", "/run/changes").stdout
        self.assertIn("3000:", heard)
        self.assertNotIn("142", heard)
        self.assertEqual((self._rules(), self._routes()), (rules, routes))
        self.assertEqual(self.product.seen_address(WEB4), CLIENT4)

    def test_withoutTheDropIn_ourRulesComeBackAndAPersonIsTold(self) -> None:
        kept = self.container.run("cat", _DROP_IN).stdout
        self.container.run("rm", _DROP_IN)
        self.addCleanup(self.container.write, _DROP_IN, kept)
        rules = self._rules()
        self.assertTrue(self._restart_networkd(), "networkd deleted nothing: then this test shows nothing")
        wait_until(lambda: self._rules() == rules, 1, "our rules again")
        wait_until(lambda: self.product.seen_address(WEB4) == CLIENT4, 5, "the exit again")
        wait_until(lambda: "systemd-networkd" in self._conflicts(), 3, "the conflict", 0.3)
        advice = json.dumps(self.product.status()["conflicts"])
        self.assertIn("ManageForeignRoutingPolicyRules=no", advice)


if __name__ == "__main__":
    main()
