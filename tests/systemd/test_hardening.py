# SPDX-License-Identifier: GPL-2.0-or-later
"""What the units allow, judged by systemd itself, with everything still working under it."""

from __future__ import annotations

import json
import re

from systemdtest import SystemTestCase, main  # isort: skip; it says where the lab is

from sallylab.linux import wait_until
from sallysystem.internet import CLIENT4, CLIENT6, WEB4, WEB6
from sallysystem.product import EARLY, MESH_UNIT, UNIT

_HIGHEST = {UNIT: 2.0, MESH_UNIT: 1.5}


class HardeningTest(SystemTestCase):
    def test_exposure_is_low(self) -> None:
        for unit, highest in _HIGHEST.items():
            report = self.container.run("systemd-analyze", "security", "--no-pager", unit).stdout
            found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", report)
            assert found, report
            print(f"exposure of {unit}: {found[1]}")
            self.assertLessEqual(float(found[1]), highest, report)

    def test_units_are_free_of_mistakes(self) -> None:
        for unit in (UNIT, EARLY, MESH_UNIT):
            done = self.container.run("systemd-analyze", "verify", "--man=no", unit, check=False)
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_nothing_failed_at_boot(self) -> None:
        self.assertEqual(self.container.failed_units(), [])

    def test_everything_works_in_it(self) -> None:
        self.product.sally("home", "on")
        self.product.sally("exit", "on")
        self.assertEqual(self.product.seen_address(WEB4), CLIENT4)
        self.assertEqual(self.product.seen_address(WEB6), CLIENT6)
        self.assertEqual(self._setting(), "1")
        self.assertRegex(self.container.run("cat", "/etc/hosts").stdout, r"10\.42\.1\.4\s+nas")
        self.product.sally("exit", "off")
        self.product.sally("home", "off")
        self.assertEqual(self._setting(), "0")
        self.assertNotIn("10.42.1.4", self.container.run("cat", "/etc/hosts").stdout)
        # The link itself goes after the answer: its peers were cleared before.
        wait_until(lambda: "sally" not in self.container.run("ip", "-o", "link").stdout, 10, "the end of the links")
        journal = self.container.journal(UNIT)
        self.assertNotRegex(journal, r"(?i)not permitted|denied|read-only|cannot", journal)

    def test_the_mesh_service_works_without_any_right(self) -> None:
        """It is let in by the helper, owns its name and tells its ledger, as a user that may do nothing."""
        self.container.run("systemctl", "start", MESH_UNIT)
        self.product.sally("home", "on")
        wait_until(lambda: '"publicKey"' in self._ledger(), 10, "a peer in the ledger")
        process = self.container.run("systemctl", "show", "--value", "-p", "MainPID", MESH_UNIT).stdout.strip()
        status = self.container.run("cat", f"/proc/{process}/status").stdout
        user = self.container.run("id", "-u", "sallyport-mesh").stdout.strip()
        self.assertRegex(status, rf"(?m)^Uid:\t{user}\t{user}\t{user}\t{user}$")
        for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb"):
            self.assertRegex(status, rf"(?m)^Cap{kind}:\t0+$")
        journal = self.container.journal(MESH_UNIT)
        self.assertNotRegex(journal, r"(?i)not permitted|denied|cannot|no socket", journal)

    def test_the_mesh_service_is_restarted(self) -> None:
        def process() -> str:
            return self.container.run("systemctl", "show", "--value", "-p", "MainPID", MESH_UNIT).stdout.strip()
        self.container.run("systemctl", "start", MESH_UNIT)
        self.product.sally("home", "on")
        before = process()
        self.container.run("systemctl", "kill", "-s", "KILL", MESH_UNIT)
        wait_until(lambda: process() not in ("0", before), 20, "another meshd")
        wait_until(lambda: '"publicKey"' in self._ledger(), 10, "the ledger again")

    def _ledger(self) -> str:
        return self.container.run("busctl", "--json=short", "call", "org.sallyport.Mesh", "/org/sallyport/Mesh",
                                  "org.sallyport.Mesh1", "GetLedger", check=False).stdout

    def test_hosts_is_replaced_not_rewritten(self) -> None:
        before = self.container.run("stat", "-c", "%i", "/etc/hosts").stdout
        self.product.sally("home", "on")
        self.assertNotEqual(self.container.run("stat", "-c", "%i", "/etc/hosts").stdout, before)

    def test_lowPort_canBeListenedTo(self) -> None:
        document = self.internet.configuration()
        home = document["home"]
        assert isinstance(home, dict)
        home["listenPort"] = 443
        self.addCleanup(self.product.configure, self.internet)
        self.product.sally("apply", "-", text=json.dumps(document))
        self.product.sally("home", "on")
        self.assertIn(":443 ", self.container.run("ss", "-Hlun", "sport = :443").stdout)

    def _setting(self) -> str:
        return self.container.run("cat", "/proc/sys/net/ipv4/conf/all/src_valid_mark").stdout.strip()


if __name__ == "__main__":
    main()
