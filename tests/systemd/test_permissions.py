# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may do what, with the real logind, polkitd and bus: by session, not by name."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import subprocess
import termios
import time

from systemdtest import SystemTestCase, main  # isort: skip; it says where the lab is

from sallylab.linux import slowness, wait_until
from sallysystem.container import Session
from sallysystem.product import UNIT

_REFUSED = 3
_NAME, _PATH, _INTERFACE = "org.sallyport.Helper", "/org/sallyport/Helper", "org.sallyport.Helper1"
_PASSWORD = "correct horse"


class PermissionsTest(SystemTestCase):
    @classmethod
    def boot(cls, **_: object) -> None:
        super().boot()
        for user in ("alice", "bob"):
            cls.container.run("useradd", "--create-home", "--shell", "/bin/bash", user, check=False)
        cls.container.run("useradd", "--create-home", "--groups", "sudo", "carol", check=False)
        cls.container.run("chpasswd", text=f"carol:{_PASSWORD}\n")

    def _login(self, user: str, seat: bool) -> Session:
        session = self.container.login(user, seat)
        self.addCleanup(self.container.logout, session)
        return session

    def _switch(self, session: Session, state: str) -> int:
        return self.product.sally("home", state, session=session, check=False).returncode

    def test_activeUser_togglesWithoutAPrompt(self) -> None:
        alice = self._login("alice", seat=True)
        self.assertEqual(self._switch(alice, "on"), 0)
        self.assertEqual(self.product.status()["home"]["enabled"], True)
        self.assertEqual(self._switch(alice, "off"), 0)

    def test_otherSessions_areRefused(self) -> None:
        inactive = self._login("alice", seat=True)
        active = self._login("bob", seat=True)
        remote = self._login("bob", seat=False)  # the same person from elsewhere
        for name, session in (("inactive", inactive), ("remote", remote)):
            with self.subTest(name):
                done = self.product.sally("home", "on", session=session, check=False)
                self.assertEqual(done.returncode, _REFUSED, done.stderr)
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertEqual(self.product.status()["home"]["enabled"], False)
        self.assertEqual(self._switch(active, "on"), 0)

    def test_whoComesToTheFront_maySwitch(self) -> None:
        alice = self._login("alice", seat=True)
        bob = self._login("bob", seat=True)
        for front, behind in ((alice, bob), (bob, alice)):
            self.container.run("loginctl", "activate", front.ident)
            wait_until(lambda who=front: self.container.is_active(who), 5, "the switch to the other session")
            self.assertEqual(self._switch(front, "on"), 0)
            self.assertEqual(self._switch(behind, "off"), _REFUSED)

    def test_configureAndLockdown_needAnAdministrator(self) -> None:
        alice = self._login("alice", seat=True)
        done = self.product.sally("apply", "-", session=alice, check=False, text='{"exits": []}')
        self.assertEqual(done.returncode, _REFUSED, done.stderr)
        self.assertEqual(self.product.sally("lockdown", "on", session=alice, check=False).returncode, 0)
        for weaker in (("lockdown", "off"), ("pause", "5")):
            self.assertEqual(self.product.sally(*weaker, session=alice, check=False).returncode, _REFUSED)
        self.assertEqual(self.product.sally("lockdown", "off", check=False).returncode, 0)

    def test_status_neverAsks(self) -> None:
        for seat in (True, False):
            somebody = self._login("bob", seat)
            done = self.product.sally("status", "--json", session=somebody)
            self.assertIn('"schema"', done.stdout)
        # Nor does it wake polkit.
        self.container.run("systemctl", "stop", "polkit.service")
        self.product.sally("status", "--json", session=self._login("alice", seat=False))
        state = self.container.run("systemctl", "is-active", "polkit.service", check=False).stdout.strip()
        self.assertEqual(state, "inactive")

    def test_administratorsPassword_letsARemoteSessionSwitch(self) -> None:
        remote = self._login("alice", seat=False)
        dialog = _Dialog(self, remote, "home", "on")
        dialog.expect("benötigt")  # in the person's language
        dialog.expect("carol")
        dialog.answer(_PASSWORD)
        self.assertEqual(dialog.result(), 0, dialog.text)
        self.assertEqual(self.product.status()["home"]["enabled"], True)

    def test_wrongPassword_refuses(self) -> None:
        dialog = _Dialog(self, self._login("alice", seat=False), "home", "on")
        dialog.expect("carol")
        dialog.answer("wrong")
        self.assertEqual(dialog.result(), _REFUSED, dialog.text)

    def test_callerThatLeaves_takesItsDialogAlong(self) -> None:
        dialog = _Dialog(self, self._login("alice", seat=False), "home", "on")
        dialog.expect("carol")
        self.container.run("pkill", "-x", "-KILL", "sally")
        dialog.result()
        wait_until(lambda: not self.container.run("pgrep", "-f", "polkit-agent-helper", check=False).stdout, 10,
                   "the end of the dialog")
        self.assertEqual(self.product.status()["home"]["enabled"], False)

    def test_nameOnTheBus_belongsToRoot(self) -> None:
        alice = self._login("alice", seat=True)
        self.container.run("systemctl", "stop", UNIT)
        refused = self._own(alice)
        self.assertIn("Access denied", refused.stderr)
        taken = self._own(None)
        self.assertEqual((taken.returncode, taken.stdout.strip()), (0, "u 1"), taken.stderr)
        # Any user may call, and only what is offered.
        call = ("busctl", "call", _NAME, _PATH)
        self.assertEqual(self.container.run(*call, _INTERFACE, "GetSnapshot", session=alice).returncode, 0)
        other = self.container.run(*call, "org.sallyport.Secret1", "Tell", session=alice, check=False)
        self.assertIn("Access denied", other.stderr)

    def _own(self, session: Session | None) -> subprocess.CompletedProcess[str]:
        return self.container.run("busctl", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                  "org.freedesktop.DBus", "RequestName", "su", _NAME, "4", session=session, check=False)


class _Dialog:
    """`sally` in somebody's session on a terminal of its own, with polkit's agent for terminals beside it."""

    def __init__(self, test: PermissionsTest, session: Session, *arguments: str) -> None:
        self.text = ""
        self._terminal, far = pty.openpty()
        script = 'LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 pkttyagent --notify-fd 3 --process $$ 3> >(:) & sleep 1; exec sally "$@"'
        self._process = test.container.start("setsid", "--ctty", "bash", "-c", script, "sally", *arguments,
                                             session=session, terminal=far)
        os.close(far)
        test.addCleanup(self._close)

    def _close(self) -> None:
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            os.close(self._terminal)

    def expect(self, word: str) -> None:
        deadline = time.monotonic() + 20 * slowness()
        while word not in self.text:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._terminal], [], [], left)[0]:
                raise TimeoutError(f"“{word}” was not shown:\n{self.text}")
            self.text += os.read(self._terminal, 4096).decode(errors="replace")

    def answer(self, line: str) -> None:
        self.expect("Password: ")
        # What is typed before the agent has hidden it is thrown away.
        wait_until(lambda: not termios.tcgetattr(self._terminal)[3] & termios.ECHO, 10, "a hidden password")
        os.write(self._terminal, f"{line}\n".encode())

    def result(self) -> int:
        deadline = time.monotonic() + 30 * slowness()
        while self._process.poll() is None and time.monotonic() < deadline:
            if select.select([self._terminal], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):
                    self.text += os.read(self._terminal, 4096).decode(errors="replace")
        if self._process.poll() is None:
            raise TimeoutError(f"it did not end:\n{self.text}")
        return self._process.returncode


if __name__ == "__main__":
    main()
