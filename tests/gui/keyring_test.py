#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""keyring_test.py PROGRAM: the person's keyring against a real gnome-keyring on a session bus of its own."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
BUS = """<busconfig><type>session</type><listen>unix:dir={folder}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>"""


class Session:
    """A bus that starts nothing by itself, a home of its own, and whatever the test adds."""

    def __init__(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="keyring"))
        config = self.folder / "bus.conf"
        config.write_text(BUS.format(folder=self.folder))
        self.bus = subprocess.Popen(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
                                    stdout=subprocess.PIPE, text=True)
        assert self.bus.stdout
        address = self.bus.stdout.readline().strip()
        self.environment = os.environ | {
            "DBUS_SESSION_BUS_ADDRESS": address, "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / "data"), "XDG_CURRENT_DESKTOP": "GNOME", "QT_QPA_PLATFORM": "offscreen"}
        self.daemon: subprocess.Popen[bytes] | None = None

    def start_keyring(self, *arguments: str, password: str = "") -> None:
        self.daemon = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--components=secrets", *arguments],
                                       stdin=subprocess.PIPE, env=self.environment, stdout=subprocess.DEVNULL)
        assert self.daemon.stdin
        self.daemon.stdin.write((password + "\n").encode() if arguments else b"")
        self.daemon.stdin.close()
        subprocess.run(["gdbus", "wait", "--session", "--timeout", "10", "org.freedesktop.secrets"], check=True,
                       env=self.environment)

    def stop_keyring(self) -> None:
        if self.daemon:
            self.daemon.terminate()
            self.daemon.wait()
            self.daemon = None

    def runs(self, what: str) -> bool:
        return subprocess.run([PROGRAM, what], env=self.environment, timeout=60, check=False).returncode == 0

    def close(self) -> None:
        self.stop_keyring()
        self.bus.terminate()
        self.bus.wait()
        if self.bus.stdout:
            self.bus.stdout.close()
        shutil.rmtree(self.folder)


class KeyringTest(unittest.TestCase):
    def setUp(self) -> None:
        self.session = Session()
        self.addCleanup(self.session.close)

    def test_unlocked_keyring_keeps_gives_back_and_forgets(self) -> None:
        self.session.start_keyring("--unlock", password="secret")
        self.assertTrue(self.session.runs("unlocked"))

    def test_session_without_a_keyring_is_told(self) -> None:
        self.assertTrue(self.session.runs("none"))

    def test_locked_keyring_is_told(self) -> None:
        self.session.start_keyring("--unlock", password="secret")  # makes the keyring
        self.assertTrue(self.session.runs("unlocked"))
        self.session.stop_keyring()
        self.session.start_keyring()
        self.assertTrue(self.session.runs("locked"))


if __name__ == "__main__":
    missing = [name for name in ("gnome-keyring-daemon", "dbus-daemon", "gdbus") if not shutil.which(name)]
    if missing:
        print(f"not here: {', '.join(missing)}")
        sys.exit(77)
    unittest.main()
