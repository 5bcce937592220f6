#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The real program in a real panel: xfce4-panel and openbox under Xvfb, on a private bus, against the fake helper.

usage: panel_test.py FOLDER-OF-PROGRAMS FOLDER-FOR-SCREENSHOTS
"""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Callable

PROGRAMS = Path(sys.argv[1])
SHOTS = Path(sys.argv[2])
NEEDED = ("xfce4-panel", "openbox", "Xvfb", "xdotool", "import", "convert", "dbus-daemon", "dbus-send")
PATIENCE = 60.0
WIDTH, HEIGHT, PANEL_HEIGHT = 1024, 640, 26
ON_GREEN = (0x2A, 0x9A, 0x60)
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth><standard_session_servicedirs/>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


def wait_for(what: str, condition: Callable[[], object]) -> object:
    """Returns the first truthy answer; fails after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"never: {what}")


class Desktop:
    """An X display with a window manager and a panel, and a bus that is session and system bus at once."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="sallyport-panel-")
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "QT_", "DBUS_"))},
            "HOME": self.folder, "XDG_RUNTIME_DIR": self.folder, "XDG_CURRENT_DESKTOP": "XFCE",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.folder}/bus",
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder}/bus",
            "NO_AT_BRIDGE": "1", "GIO_USE_VFS": "local", "XFCE_PANEL_MIGRATE_DEFAULT": "1", "LC_ALL": "C.UTF-8",
        }
        try:
            self._raise()
        except BaseException:
            self.close()
            raise

    def _raise(self) -> None:
        config = Path(self.folder, "bus.conf")
        config.write_text(BUS.format(folder=self.folder), encoding="utf-8")
        self.start("dbus-daemon", "--nofork", "--nopidfile", f"--config-file={config}")
        reading, writing = os.pipe()
        self.start("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp",
                   pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            self.environment["DISPLAY"] = f":{pipe.readline().strip()}"
        wait_for("the bus", lambda: Path(self.folder, "bus").exists())
        self.start("openbox")
        self.start("xfce4-panel", "--disable-wm-check")
        wait_for("a StatusNotifier host", self.has_host)

    def start(self, program: str, *arguments: str, pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        with open(Path(self.folder, f"{Path(program).name}.log"), "ab") as log:
            process = subprocess.Popen([program, *arguments], env=self.environment, stdout=log, stderr=log,
                                       pass_fds=pass_fds)
        self.processes.append(process)
        return process

    def close(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *command: str) -> str:
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False,
                              timeout=PATIENCE).stdout

    def bus(self, destination: str, path: str, member: str, *arguments: str) -> str:
        return self.run("dbus-send", "--session", "--print-reply", f"--dest={destination}", path, member, *arguments)

    def has_host(self) -> bool:
        name = "org.kde.StatusNotifierWatcher"
        return "boolean true" in self.bus(name, "/StatusNotifierWatcher", "org.freedesktop.DBus.Properties.Get",
                                          f"string:{name}", "string:IsStatusNotifierHostRegistered")

    def helper(self, method: str, *arguments: str) -> str:
        return self.bus("org.sallyport.Helper", "/org/sallyport/FakeHelper", f"org.sallyport.FakeHelper.{method}",
                        *arguments)

    def shot(self, name: str) -> Path:
        path = SHOTS / f"panel-{name}.png"
        self.run("import", "-window", "root", str(path))
        return path

    def pixels(self, shot: Path) -> bytes:
        """Three bytes for each pixel, row by row."""
        return subprocess.run(["convert", str(shot), "-depth", "8", "rgb:-"], capture_output=True, check=True,
                              timeout=PATIENCE).stdout

    def columns_of(self, colour: tuple[int, int, int]) -> list[int]:
        """Where along the panel at the top edge that colour is, one entry for each pixel."""
        strip = self.pixels(self.shot("search"))[:PANEL_HEIGHT * WIDTH * 3]
        return [at // 3 % WIDTH for at in range(0, len(strip), 3) if tuple(strip[at:at + 3]) == colour]

    def place_of(self, colour: tuple[int, int, int]) -> tuple[int, int] | None:
        columns = self.columns_of(colour)
        return (sum(columns) // len(columns), PANEL_HEIGHT // 2) if len(columns) >= 20 else None

    def changed_place(self, before: Path, after: Path) -> tuple[int, int] | None:
        """The middle of what is different between two screenshots."""
        old, new = self.pixels(before), self.pixels(after)
        rows = [y for y in range(HEIGHT) if old[y * WIDTH * 3:(y + 1) * WIDTH * 3] != new[y * WIDTH * 3:(y + 1) * WIDTH * 3]]
        if len(rows) < 10 or len(old) != len(new):
            return None
        middle = (rows[0] + rows[-1]) // 2
        line = range(middle * WIDTH * 3, (middle + 1) * WIDTH * 3, 3)
        columns = [at // 3 % WIDTH for at in line if old[at:at + 3] != new[at:at + 3]]
        return ((columns[0] + columns[-1]) // 2, middle) if columns else None

    def click(self, place: tuple[int, int], button: int) -> None:
        self.run("xdotool", "mousemove", str(place[0]), str(place[1]))
        self.run("xdotool", "click", str(button))


class PanelTest(unittest.TestCase):
    desktop: Desktop

    def setUp(self) -> None:
        self.desktop = Desktop()
        self.addCleanup(self.desktop.close)
        bus = self.desktop.environment["DBUS_SESSION_BUS_ADDRESS"]
        self.desktop.start(str(PROGRAMS / "fake_helper"), "--bus", bus, "--play", "exit-on")
        self.program = self.desktop.start(str(PROGRAMS / "sallyport"), "--hidden")

    def log(self) -> str:
        return self.desktop.helper("Log")

    def icon(self) -> tuple[int, int]:
        place = wait_for("our icon in the panel", lambda: self.desktop.place_of(ON_GREEN))
        assert isinstance(place, tuple)
        return place

    def windows(self) -> str:
        return self.desktop.run("xdotool", "search", "--onlyvisible", "--name", "^Sallyport$").strip()

    def close_window(self) -> bool:
        """As a person does, who looks which window has the focus first: a window manager may keep it from a new one."""
        if self.windows():
            self.desktop.run("xdotool", "search", "--onlyvisible", "--name", "^Sallyport$", "windowactivate", "--sync",
                             "key", "alt+F4")
        return "Watch off" in self.log() or self.program.poll() is not None

    def open_menu(self, icon: tuple[int, int]) -> Path:
        closed = self.desktop.shot("icon")
        self.desktop.click(icon, 3)
        wait_for("the menu", lambda: self.desktop.changed_place(closed, self.desktop.shot("menu")))
        wait_for("the menu is drawn", lambda: self.still("menu"))
        return SHOTS / "panel-menu.png"

    def still(self, name: str) -> bool:
        before = self.desktop.pixels(self.desktop.shot(name))
        time.sleep(0.3)
        return before == self.desktop.pixels(self.desktop.shot(name))

    def test_icon_appears_and_the_menu_toggles_home(self) -> None:
        icon = self.icon()
        self.assertEqual(self.windows(), "", "hidden means no window where there is a panel")
        menu = self.open_menu(icon)
        self.desktop.run("xdotool", "key", "Down")  # the first row that can be chosen is Home
        row = wait_for("a row is marked", lambda: self.desktop.changed_place(menu, self.desktop.shot("row")))
        assert isinstance(row, tuple)
        self.desktop.click(row, 1)
        wait_for("Home reaches the helper", lambda: '{"home":true}' in self.log())
        wait_for("both halves are green", lambda: self.halves() == 2)
        self.desktop.shot("both")
        self.assertEqual(self.log().count("SetIntent"), 1)

    def halves(self) -> int:
        columns = self.desktop.columns_of(ON_GREEN)
        if not columns:
            return 0
        return 2 if max(columns) - min(columns) > 12 else 1

    def test_middle_click_toggles_the_exit(self) -> None:
        self.desktop.click(self.icon(), 2)
        wait_for("Exit goes off", lambda: '{"exit":false}' in self.log())
        wait_for("the icon says so", lambda: self.halves() == 0)
        self.assertEqual(self.windows(), "", "a middle click opens nothing")

    def test_click_opens_the_window_and_closing_it_leaves_the_icon(self) -> None:
        self.desktop.click(self.icon(), 1)
        wait_for("the window", self.windows)
        wait_for("the window is drawn", lambda: self.still("window"))
        wait_for("Watch ends with the window", self.close_window)
        self.assertIsNone(self.program.poll(), "closing the window must not end the program in the panel")


if __name__ == "__main__":
    missing = [program for program in NEEDED if not shutil.which(program)]
    if missing:
        print(f"skipped: needs {', '.join(missing)}")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
