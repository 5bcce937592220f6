# SPDX-License-Identifier: GPL-2.0-or-later
"""What happens to a helper in its life while both switches are on and programs talk to the internet without a pause:
not one packet goes the wrong way, and the tunnel never ends."""

from __future__ import annotations

import os
import select
import time

from systemdtest import SystemTestCase, main  # isort: skip; it says where the lab is

from sallylab.capture import Wire
from sallylab.linux import slowness, wait_until
from sallysystem.internet import CLIENT4, WEB4, WEB6, stray, to_server
from sallysystem.product import EARLY, UNIT

_DROP_IN = f"/etc/systemd/system/{UNIT}.d/test.conf"
_SETTING = "/proc/sys/net/ipv4/conf/all/src_valid_mark"
_CHATTER = (f"exec 2>/dev/null; while :; do echo x >/dev/udp/{WEB4}/9; echo x >/dev/udp/{WEB6}/9; "
            "echo x >/dev/udp/192.168.77.1/53; sleep 0.02; done")


class LifecycleTest(SystemTestCase):
    @classmethod
    def prepare(cls) -> None:
        super().prepare()
        # The machine of the test must not really sleep.
        cls.container.write("/etc/systemd/system/systemd-suspend.service.d/test.conf",
                            "[Service]\nExecStart=\nExecStart=/bin/true\n")

    def setUp(self) -> None:
        super().setUp()
        self.wire: Wire | None = None
        self.clean = self.product.system()

    def _connect(self) -> None:
        """Both on, the first packets through; from now on every packet is looked at."""
        self.product.sally("home", "on")
        self.product.sally("exit", "on")
        self.assertEqual(self.product.seen_address(WEB4), CLIENT4)
        self.wire = self.internet.listen(self.container)
        self.addCleanup(self.wire.close)
        chatter = self.container.start("bash", "-c", _CHATTER)
        self.addCleanup(lambda: (chatter.kill(), chatter.wait()))
        self.session = self.internet.handshake()
        self.carrier = self._carrier()
        self.link = self._link()

    def _carrier(self) -> str:
        return self.container.run("pgrep", "-x", "wireguard-go", check=False).stdout

    def _link(self) -> str:
        return self.container.run("cat", "/sys/class/net/sally-exit/ifindex").stdout

    def _expect_kept(self) -> None:
        """The same tunnel as before, still carrying, and nothing beside it."""
        self.assertEqual(self.product.seen_address(WEB4), CLIENT4)
        self.assertEqual((self._link(), self._carrier()), (self.link, self.carrier))
        self.assertEqual(self.internet.handshake(), self.session)
        self._expect_tight()

    def _expect_tight(self) -> None:
        assert self.wire
        packets = self.wire.packets()
        self.assertGreater(sum(to_server(packet) for packet in packets), 2, "the chatter was not heard")
        self.assertEqual([str(packet) for packet in packets if stray(packet)], [])

    def _expect_adopted(self, before: int, within: float) -> None:
        begin = time.monotonic()
        self.product.await_other(before)
        took = time.monotonic() - begin
        print(f"back after {took:.1f} s")
        self.assertLess(took, within * slowness())
        self._expect_kept()
        self.assertEqual(self.product.status()["exit"]["phase"], "up")

    def test_restart_keepsTheSession(self) -> None:
        self._connect()
        before = self.product.process()
        self.container.run("systemctl", "restart", UNIT)
        self._expect_adopted(before, 5)

    def test_kill_isBackInASecond(self) -> None:
        self._connect()
        for _ in range(3):
            before = self.product.process()
            self.container.run("systemctl", "kill", "--kill-whom=main", "-s", "KILL", UNIT)
            self._expect_adopted(before, 3)

    def test_killOfAllProcesses_buildsTheTunnelAnew(self) -> None:
        """In user space the tunnel dies with the rest; what it carried gets an error until it is there again."""
        self._connect()
        before = self.product.process()
        self.container.run("systemctl", "kill", "-s", "KILL", UNIT)
        self.product.await_other(before)
        wait_until(lambda: self.product.seen_address(WEB4) == CLIENT4, 10, "a connection through the exit")
        self.assertNotEqual(self._carrier(), self.carrier)
        self._expect_tight()

    def _hurry(self) -> None:
        """A manager that waits for seconds only. Not while something else is tested: a busy machine takes seconds."""
        def restart() -> None:
            before = self.product.process()
            self.container.run("systemctl", "daemon-reload")
            self.container.run("systemctl", "restart", UNIT)
            self.product.await_other(before)

        def forget() -> None:
            self.container.run("rm", "-f", _DROP_IN)
            restart()
        self.addCleanup(forget)
        self.container.write(_DROP_IN, f"[Service]\nWatchdogSec={3 * slowness():.0f}\n")
        restart()

    def test_stoppedHelper_isReplacedByTheWatchdog(self) -> None:
        self._connect()
        self._hurry()
        before = self.product.process()
        self.container.run("kill", "-STOP", str(before))
        self._expect_adopted(before, 12)
        self.assertIn("Watchdog timeout", self.container.journal(UNIT))

    def test_beats_onlyWhileSomethingIsOn(self) -> None:
        shipped = self.container.run("systemctl", "cat", UNIT).stdout
        self.assertIn("WatchdogSec=60", shipped)
        self.product.sally("home", "on")
        self._hurry()
        first = self._beat()
        wait_until(lambda: self._beat() > first, 6, "a sign of life")
        self.product.sally("home", "off")
        helper = self.product.process()
        self.container.run("kill", "-STOP", str(helper))
        # Three times as long as the watchdog would wait: nobody needs to wake up while everything is off.
        ended = self._ends_within(helper, 9 * slowness())
        self.container.run("kill", "-CONT", str(helper), check=False)
        self.assertFalse(ended)
        self.assertEqual(self.product.status()["home"]["phase"], "off")

    def test_hangWhileWorking_isEndedAlsoWhereAllWasOff(self) -> None:
        """Reading a pipe that nobody writes to takes for ever."""
        file = "/run/sallyport/settings.journal"
        # Whoever has opened it reads its end; nobody opens it any more.
        unblock = f"exec 9<>{file}; rm -f {file}; exec 9>&-"
        self.addCleanup(self.container.run, "bash", "-c", f"[ ! -p {file} ] || {{ {unblock}; }}")
        self._hurry()
        before = self.product.process()
        self.container.run("bash", "-c", f"rm -f {file}; mkfifo {file}")
        begin = time.monotonic()
        caller = self.container.start("sally", "home", "on")
        self.addCleanup(lambda: (caller.kill(), caller.wait()))
        wait_until(lambda: self.product.process() not in (0, before), 20, "the end of the helper that hangs")
        self.assertLess(time.monotonic() - begin, 12 * slowness())
        self.container.run("bash", "-c", unblock)
        self.product.await_other(before)

    def _beat(self) -> int:
        return int(self.container.run("systemctl", "show", "--value", "-p", "WatchdogTimestampMonotonic", UNIT).stdout)

    def test_resume_repairsWhatNobodyAnnounced(self) -> None:
        self._connect()
        self._disturb()
        self.container.run("busctl", "call", "org.freedesktop.login1", "/org/freedesktop/login1",
                           "org.freedesktop.login1.Manager", "Suspend", "b", "false")
        wait_until(lambda: self.container.run("cat", _SETTING).stdout.strip() == "1", 10, "the setting's return")
        wait_until(lambda: "10.42.1.4" in self.container.run("cat", "/etc/hosts").stdout, 5, "the names' return")
        self._expect_kept()

    def test_aFalseLogind_isNotBelieved(self) -> None:
        self._connect()
        # Who believes it repairs every time; now and then the helper looks by itself in just that second.
        self.assertTrue(any(self._survives_a_false_signal() for _ in range(5)))

    def _survives_a_false_signal(self) -> bool:
        self._disturb()
        self.container.run("busctl", "emit", "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
                           "PrepareForSleep", "b", "false")
        return self._stays_disturbed()

    def _disturb(self) -> None:
        """Changes what the kernel announces to nobody, after the last of the events that connecting brings."""
        def disturb() -> bool:
            self.container.run("bash", "-c", f"echo 0 >{_SETTING}; sed -i /10.42.1.4/d /etc/hosts")
            return self._stays_disturbed()
        wait_until(disturb, 20, "a quiet moment")

    def _stays_disturbed(self) -> bool:
        """For a second, in which the helper would have seen to it three times."""
        end = time.monotonic() + slowness()
        while time.monotonic() < end:
            if self.container.run("cat", _SETTING).stdout.strip() != "0":
                return False
        return True

    def test_otherDaemonsRestart_rulesStay(self) -> None:
        self._connect()
        for daemon in (self.network_daemon, "systemd-resolved"):
            with self.subTest(daemon):
                rules = self._rules()
                self.container.run("systemctl", "restart", daemon)
                wait_until(lambda: self._rules() == rules, 10, "the return of the rules")
                self._expect_kept()

    def _rules(self) -> str:
        return self.container.run("bash", "-c", "ip -4 rule; ip -6 rule").stdout

    def test_bus_restarts_helperComesBack(self) -> None:
        self._connect()
        before = self.product.process()
        self.container.run("systemctl", "restart", "dbus.service")
        # Before another test looks at the clock: systemd-resolved does not come back to a bus by itself.
        self.addCleanup(self.container.run, "systemctl", "restart", "systemd-resolved")
        self._expect_adopted(before, 20)

    def test_callStartsIt(self) -> None:
        self.product.sally("home", "on")
        self.container.run("systemctl", "stop", UNIT)
        self.assertEqual(self.product.process(), 0)
        self.assertEqual(self.product.status()["home"]["enabled"], True)
        self.product.expect_running()

    def test_upgrade_whileConnected(self) -> None:
        self._connect()
        before = self.product.process()
        path = "/usr/libexec/sallyport/sallyport-helper"
        # As dpkg does it: the new file takes the name of the old one, which runs on until it is told to end.
        self.container.run("bash", "-c", f"cp {path} {path}.new && mv {path}.new {path} && systemctl daemon-reload")
        self.assertIn("(deleted)", self.container.run("readlink", f"/proc/{before}/exe").stdout)
        self.assertEqual(self.product.process(), before)
        self.container.run("systemctl", "restart", UNIT)
        self._expect_adopted(before, 5)

    def test_stopWhileOn_keepsTheGuard(self) -> None:
        self._connect()
        self.container.run("systemctl", "stop", UNIT)
        self.assertTrue(self.product.has_guard())
        self._expect_kept()
        # Even without the tunnel.
        self.container.run("ip", "link", "delete", "sally-exit")
        self.assertEqual(self.product.seen_address(WEB4), "")
        self._expect_tight()

    def test_removal_leavesNothing(self) -> None:
        self._connect()
        self.product.sally("exit", "off")
        self.product.sally("home", "off")
        self.container.run("systemctl", "disable", "--now", UNIT, EARLY)
        self.addCleanup(lambda: self.container.run("systemctl", "enable", "--now", UNIT, EARLY))
        self.assertEqual(self.product.system(), self.clean)
        self.assertEqual(self._carrier(), "")
        self.assertNotIn("lockdown.nft", self.container.run("ls", "/var/lib/sallyport").stdout)
        self.assertEqual(self.container.failed_units(), [])

    def _outside(self, process: int) -> int:
        """The number that this process has for the test."""
        for number in (name for name in os.listdir("/proc") if name.isdigit()):
            try:
                with open(f"/proc/{number}/status", encoding="ascii", errors="replace") as status:
                    numbers = next(line for line in status if line.startswith("NSpid")).split()[1:]
            except (OSError, StopIteration):
                continue
            if len(numbers) > 1 and numbers[-1] == str(process):
                return int(number)
        raise LookupError(f"no process {process}")

    def _ends_within(self, process: int, seconds: float) -> bool:
        handle = os.pidfd_open(self._outside(process))
        try:
            return bool(select.select([handle], [], [], seconds)[0])
        finally:
            os.close(handle)


class WithNetworkManagerTest(LifecycleTest):
    """The same beside NetworkManager."""

    network_daemon = "NetworkManager"


if __name__ == "__main__":
    main()
