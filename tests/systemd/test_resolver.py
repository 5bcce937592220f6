# SPDX-License-Identifier: GPL-2.0-or-later
"""Who is asked for names, under the real systemd-resolved and the real NetworkManager: with Exit on the exit's server
alone, whatever those two do meanwhile; with Exit off as before."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable

from systemdtest import SystemTestCase, main  # isort: skip; it says where the lab is

from sallylab.linux import die_with_parent, slowness, wait_until
from sallysystem import product
from sallysystem.internet import INNER4, NAME, ROUTER4, WEB4

_INSIDE = "only.inside.example"  # a name that only the exit's server knows
_STUB = "/run/systemd/resolve/stub-resolv.conf"


class ResolverTestCase(SystemTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        server = subprocess.Popen(
            ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--no-resolv", "--no-hosts",
             "--user=root", "--bind-interfaces", f"--listen-address={INNER4}", "--except-interface=lo",
             f"--host-record={NAME},{WEB4}", f"--host-record={_INSIDE},192.0.2.77"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)
        cls.addClassCleanup(lambda: (server.kill(), server.wait()))

    def tearDown(self) -> None:
        super().tearDown()
        self._apply("provider")

    def _apply(self, exit_dns: str, home_dns: list[str] | None = None) -> None:
        document = self.internet.configuration()
        document["policy"] = {"allowLan": True, "exitDns": exit_dns}
        if home_dns:
            assert isinstance(document["home"], dict)
            document["home"]["dns"] = home_dns
        self.product.sally("apply", "-", text=json.dumps(document))

    def _read(self, *command: str) -> str:
        return self.container.run(*command, check=False).stdout.strip()

    def _address(self, name: str) -> str:
        """As any program asks for it."""
        return self._read("bash", "-c", f"timeout 10 getent ahostsv4 {name} | head -n1 | cut -d' ' -f1")

    def _soon(self, holds: Callable[[], bool], what: str, seconds: float = 5) -> None:
        wait_until(holds, seconds * slowness(), what)

    def _silently(self, ask: Callable[[], object]) -> None:
        """Asks, and finds not one question on the wire."""
        wire = self.internet.listen(self.container)
        try:
            ask()
            asked = [str(p) for p in wire.packets() if p.outgoing and p.destination_port in (53, 853)]
        finally:
            wire.close()
        self.assertEqual(asked, [])

    def _conflicts(self) -> str:
        conflicts = self.product.status()["conflicts"]
        assert isinstance(conflicts, list)
        return " ".join(f"{each['who']}: {each['what']}" for each in conflicts)

    def _sentence(self) -> str:
        guard = self.product.status()["guard"]
        assert isinstance(guard, dict)
        return str(guard["sentence"])


class ResolvedTest(ResolverTestCase):
    def _of_link(self, what: str, link: str = "sally-exit") -> str:
        """What `resolvectl WHAT LINK` says behind the colon."""
        return self._read("resolvectl", what, link).partition(":")[2].strip()

    def _is_ours(self) -> bool:
        return (self._of_link("dns"), self._of_link("domain"), self._of_link("default-route")) == (INNER4, "~.", "yes")

    def _connect(self) -> None:
        self.product.sally("exit", "on")
        self.assertTrue(self._is_ours(), self._read("resolvectl", "status"))

    def test_exitOn_itsServerIsAskedForEverything(self) -> None:
        before = self._read("readlink", "-f", "/etc/resolv.conf")
        self.assertEqual(before, _STUB)
        self.assertEqual(self._address(_INSIDE), "")
        self._connect()
        for setting in ("llmnr", "mdns", "dnssec", "dnsovertls"):
            self.assertEqual(self._of_link(setting), "no", setting)
        self._silently(lambda: self.assertEqual(self._address(_INSIDE), "192.0.2.77"))
        self._silently(lambda: self.assertEqual(self._address(NAME), WEB4))
        self.assertIn(f"Names are asked of {INNER4}.", self._sentence())
        self.product.sally("exit", "off")
        self._soon(lambda: self._address(_INSIDE) == "", "the network's resolver again")
        self.assertEqual(self._address(NAME), WEB4)
        self.assertEqual(self._read("readlink", "-f", "/etc/resolv.conf"), before)

    def test_resolvedStartsAnew_isSetAgain(self) -> None:
        self._connect()
        begin = time.monotonic()
        self.container.run("systemctl", "restart", "systemd-resolved")
        self._soon(self._is_ours, "our server again")
        print(f"set again {time.monotonic() - begin:.2f} s after the restart was asked for")
        self._silently(lambda: self.assertEqual(self._address(_INSIDE), "192.0.2.77"))

    def test_revertedByAnother_isSetAgain(self) -> None:
        self._connect()
        # Else it may be ours again before anybody has looked.
        self.container.run("systemctl", "kill", "--kill-who=main", "-s", "STOP", "sallyport-helper.service")
        self.container.run("resolvectl", "revert", "sally-exit")
        self.assertFalse(self._is_ours())
        self.container.run("systemctl", "kill", "--kill-who=main", "-s", "CONT", "sallyport-helper.service")
        self._soon(lambda: bool(self.product.status()) and self._is_ours(), "our server again", 10)

    def test_oneSettingChangedByAnother_isSetAgain(self) -> None:
        self._connect()
        self.container.run("resolvectl", "dnssec", "sally-exit", "yes")
        self._soon(lambda: bool(self.product.status()) and self._of_link("dnssec") == "no", "DNSSEC off", 10)
        self.assertTrue(self._is_ours())

    def test_linkIsMadeAnew_isSetAgain(self) -> None:
        self._connect()
        self.container.run("ip", "link", "delete", "sally-exit")
        self._soon(self._is_ours, "our server on the new link", 10)

    def test_homesDomainIsAskedAtHome(self) -> None:
        self._apply("provider", ["10.42.1.4"])
        self.product.sally("home", "on")
        self.assertEqual((self._of_link("dns", "sally-home"), self._of_link("domain", "sally-home"),
                          self._of_link("default-route", "sally-home")), ("10.42.1.4", "~wgnet", "no"))
        self._connect()
        owners = [line for line in self._read("resolvectl", "domain").splitlines() if "~." in line]
        self.assertEqual(len(owners), 1, owners)
        self.product.sally("home", "off")
        self.assertTrue(self._is_ours())

    def test_atHome_oneLinkOwnsEverything(self) -> None:
        self._apply("home", ["10.42.1.4"])
        self.product.sally("home", "on")
        self.product.sally("exit", "on")
        self.assertEqual((self._of_link("dns", "sally-home"), self._of_link("domain", "sally-home")), ("10.42.1.4", "~."))
        self.assertEqual(self._of_link("domain"), "")

    def test_serverWithTls(self) -> None:
        self._apply("tls://abc123.dns.nextdns.io@45.90.28.0")
        self.product.sally("exit", "on")
        self.assertEqual(self._of_link("dns"), "45.90.28.0#abc123.dns.nextdns.io")
        self.assertEqual((self._of_link("domain"), self._of_link("dnsovertls")), ("~.", "yes"))
        self._silently(lambda: self._read("timeout", "3", "resolvectl", "query", NAME))

    def test_anotherLinkThatIsAskedForEverything_isAConflict(self) -> None:
        self.container.run("ip", "link", "add", "rival0", "type", "bridge")
        self.addCleanup(self.container.run, "ip", "link", "delete", "rival0", check=False)
        self.container.run("resolvectl", "domain", "rival0", "~.")
        self._connect()
        self.assertIn("rival0: The servers of this link are asked for every name as well.", self._conflicts())

    def test_resolvedIsNotThere_exitWorksAndTells(self) -> None:
        self.container.run("systemctl", "mask", "--now", "--runtime", "systemd-resolved")
        try:
            self.product.sally("exit", "on")
            self.assertIn("systemd-resolved", self._conflicts())
            self.assertIn("Names cannot be looked up", self._sentence())
            self._silently(lambda: self._address(NAME))
        finally:
            self.container.run("systemctl", "unmask", "--runtime", "systemd-resolved")
            self.container.run("systemctl", "start", "systemd-resolved")
        self._soon(self._is_ours, "our server")


class BesideNetworkManagerTest(ResolverTestCase):
    """It hands over to systemd-resolved, and makes its settings anew whenever it likes."""

    network_daemon = "NetworkManager"

    def test_reloads_changeNothing(self) -> None:
        self.product.sally("exit", "on")
        for command in (("nmcli", "general", "reload", "dns-full"), ("nmcli", "device", "reapply", "eth0"),
                        ("systemctl", "restart", "NetworkManager")):
            with self.subTest(" ".join(command)):
                self.container.run(*command)
                self._soon(lambda: self._address(_INSIDE) == "192.0.2.77", "the exit's server", 15)
                self._silently(lambda: self.assertEqual(self._address(_INSIDE), "192.0.2.77"))


class PlainFileTest(ResolverTestCase):
    """NetworkManager writes /etc/resolv.conf itself; there is no systemd-resolved."""

    network_daemon = "NetworkManager"

    @classmethod
    def prepare(cls) -> None:
        super().prepare()
        product.mask(cls.container, "systemd-resolved.service")
        (cls.container.root / "etc/resolv.conf").unlink()
        (cls.container.root / "usr/lib/tmpfiles.d/systemd-resolve.conf").unlink(missing_ok=True)
        cls.container.write("/etc/NetworkManager/conf.d/plain.conf", "[main]\ndns=default\nrc-manager=file\n")
        cls.container.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")

    def _file(self) -> str:
        return self._read("cat", "/etc/resolv.conf")

    def _is_ours(self) -> bool:
        return f"nameserver {INNER4}" in self._file()

    def test_itsFileIsOursWhileExitIsOn(self) -> None:
        self._soon(lambda: ROUTER4 in self._file(), "NetworkManager's file", 20)
        before = self._file()
        self.assertIn("Generated by NetworkManager", before)
        self.product.sally("exit", "on")
        self._silently(lambda: self.assertEqual(self._address(_INSIDE), "192.0.2.77"))
        for command in (("nmcli", "general", "reload", "dns-full"), ("nmcli", "device", "reapply", "eth0"),
                        ("systemctl", "restart", "NetworkManager")):
            with self.subTest(" ".join(command)):
                self.container.run(*command)
                self._soon(self._is_ours, "our file", 15)
                self._soon(lambda: self._address(_INSIDE) == "192.0.2.77", "an answer", 15)
        self.product.sally("exit", "off")
        self.assertEqual(self._file(), before)


if __name__ == "__main__":
    main()
