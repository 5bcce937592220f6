# SPDX-License-Identifier: GPL-2.0-or-later
"""From power-on: the guard is closed before there is a network, with the helper late, missing or well."""

from __future__ import annotations

from systemdtest import SystemTestCase, main  # isort: skip; it says where the lab is

from sallylab.capture import Wire
from sallylab.linux import wait_until
from sallysystem.internet import CLIENT4, WEB4, WEB6, stray, to_server
from sallysystem.product import EARLY, UNIT, mask, offline, unmask

_FILE = "/var/lib/sallyport/lockdown.nft"
# A program that talks to the internet, from the first moment that any program may.
_CHATTER = f"""[Unit]
DefaultDependencies=no
After=network-pre.target
Wants=network-pre.target
[Service]
ExecStart=/bin/bash -c 'exec 2>/dev/null; while :; do echo x >/dev/udp/{WEB4}/9; echo x >/dev/udp/{WEB6}/9; \
echo x >/dev/udp/192.168.77.1/53; sleep 0.02; done'
[Install]
WantedBy=sysinit.target
"""


class BootTest(SystemTestCase):
    @classmethod
    def prepare(cls) -> None:
        super().prepare()
        cls.container.write("/etc/systemd/system/chatter.service", _CHATTER)
        offline(cls.container, "enable", "chatter.service")

    def setUp(self) -> None:
        unmask(self.container, UNIT)
        super().setUp()

    def _boot_listening(self) -> Wire:
        wires: list[Wire] = []

        def listen() -> None:
            wires.append(self.internet.listen(self.container))
        self.boot(wired=listen)
        self.addCleanup(wires[0].close)
        return wires[0]

    def _reboot(self) -> Wire:
        self.container.stop()
        return self._boot_listening()

    def _moment(self, unit: str, what: str) -> int:
        shown = self.container.run("systemctl", "show", "--value", "-p", f"{what}TimestampMonotonic", unit)
        return int(shown.stdout)

    def _expect_silence(self, wire: Wire) -> None:
        packets = wire.packets()
        self.assertTrue(packets, "nothing at all was heard, not even the request for an address")
        self.assertEqual([str(packet) for packet in packets if stray(packet)], [])

    def test_withoutHelper_guardIsClosedBeforeTheNetwork(self) -> None:
        for switch in ("exit", "lockdown"):
            with self.subTest(switch):
                self.setUp()
                self.product.sally(switch, "on")
                self.container.stop()
                mask(self.container, UNIT)
                wire = self._boot_listening()
                self.assertTrue(self.product.has_guard())
                self.assertLess(self._moment(EARLY, "ActiveEnter"), self._moment("systemd-networkd", "InactiveExit"))
                self.assertLess(self._moment(EARLY, "ActiveEnter"), self._moment("chatter", "InactiveExit"))
                self._expect_silence(wire)
                self.container.stop()

    def test_withoutFile_theSameChatterLeaves(self) -> None:
        """The proof that silence means something."""
        self.product.sally("lockdown", "on")
        self.container.stop()
        mask(self.container, UNIT)
        (self.container.root / _FILE.lstrip("/")).unlink()
        wire = self._boot_listening()
        wait_until(lambda: any(stray(packet) for packet in wire.packets()), 20, "a packet of the chatter")
        self.container.stop()

    def test_withHelper_exitComesBackAndNothingElseLeaves(self) -> None:
        self.product.sally("exit", "on")
        wire = self._reboot()
        self.assertTrue(self.product.has_guard())
        self.assertLess(self._moment(EARLY, "ActiveEnter"), self._moment(UNIT, "InactiveExit"))
        wait_until(lambda: self.product.seen_address(WEB4) == CLIENT4, 20, "a connection through the exit")
        self._expect_silence(wire)
        self.assertTrue(any(to_server(packet) for packet in wire.packets()))

    def test_powerLoss_nothingLeaves(self) -> None:
        self.product.sally("exit", "on")
        self.container.kill()
        wire = self._boot_listening()
        wait_until(lambda: self.product.seen_address(WEB4) == CLIENT4, 20, "a connection through the exit")
        self._expect_silence(wire)

    def test_everythingOff_nothingIsBlocked(self) -> None:
        self.container.stop()
        self.boot()
        self.assertFalse(self.product.has_guard())
        self.assertFalse((self.container.root / _FILE.lstrip("/")).exists())
        self.assertEqual(self.product.seen_address(WEB4), "192.168.77.10")
        self.assertEqual(self.container.failed_units(), [])


if __name__ == "__main__":
    main()
