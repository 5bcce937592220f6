#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The checks must fail on what they forbid: each test breaks a small tree in one way."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
VIOLATIONS = {
    "core/a.cpp": ["#include <QDBusConnection>", "#include <QtDBus/QDBusMessage>", "#include <linux/rtnetlink.h>",
                   "#include <netlink/socket.h>", "#include <nftables/libnftables.h>", "#include <sys/socket.h>",
                   "#include <QUdpSocket>", "#include <QHostAddress>", "#include <QWidget>", "#include <QMenu>",
                   '#include "helper/a.h"', '#include "app/a.h"', '#include "mesh/a.h"', "#  include <QtWidgets/QMenu>"],
    "app/a.h": ['#include "helper/a.h"', '#include "mesh/a.h"'],
    "helper/a.cpp": ['#include "app/a.h"', 'system("ip link");', 'FILE *f = popen("nft", "r");', "QProcess process;",
                     'execl("/bin/sh", "sh", nullptr);'],
    "core/ipc/a.cpp": ["#include <QWidget>", "#include <sys/ioctl.h>", "#include <linux/rtnetlink.h>", '#include "helper/a.h"'],
    "mesh/a.cpp": ['#include "app/a.h"', '#include "helper/a.h"'],
}
ALLOWED = {
    "core/a.cpp": ["#include <QString>", "#include <sodium.h>", '#include "core/net/endpoint.h"', "// no QDBus here"],
    "core/ipc/a.cpp": ["#include <QDBusArgument>", "#include <sys/socket.h>"],
    "helper/a.cpp": ["#include <QDBusConnection>", "#include <linux/wireguard.h>", "// system() is never called"],
    "app/a.cpp": ["#include <QWidget>", '#include "core/model/snapshot.h"'],
}


def verdict(check: str, path: str, text: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        target = pathlib.Path(folder) / path
        target.parent.mkdir(parents=True)
        target.write_text(text, encoding="utf-8")
        return subprocess.run([sys.executable, HERE / check, folder], capture_output=True, check=False).returncode


class Layers(unittest.TestCase):
    def test_everyForbiddenLineIsRefused(self) -> None:
        for path, lines in VIOLATIONS.items():
            for line in lines:
                with self.subTest(line, path=path):
                    self.assertEqual(verdict("layers.py", path, line + "\n"), 1)

    def test_everyAllowedLinePasses(self) -> None:
        for path, lines in ALLOWED.items():
            for line in lines:
                with self.subTest(line, path=path):
                    self.assertEqual(verdict("layers.py", path, line + "\n"), 0)


class Budgets(unittest.TestCase):
    def test_aFunctionMayHaveSixtyLines(self) -> None:
        for lines, expected in ((60, 0), (61, 1)):
            body = "int f()\n{\n" + "    g();\n" * (lines - 3) + "}\n"
            self.assertEqual(verdict("budgets.py", "core/a.cpp", body), expected, lines)

    def test_aFileMayHaveFiveHundredLines(self) -> None:
        self.assertEqual(verdict("budgets.py", "core/a.h", "int a;\n" * 500), 0)
        self.assertEqual(verdict("budgets.py", "core/a.h", "int a;\n" * 501), 1)


class Linked(unittest.TestCase):
    def test_aProgramWithAForeignLibraryIsRefused(self) -> None:
        for program in (sys.executable, "/bin/sh"):  # python links more than a helper may; sh does not
            refused = subprocess.run([sys.executable, HERE / "linked.py", program], capture_output=True, check=False)
            self.assertEqual(refused.returncode, 0 if program == "/bin/sh" else 1, refused.stdout)

    def test_aFrontEndWithNftablesIsRefused(self) -> None:
        for library, expected in (("nftables", 1), ("zip", 0)):
            with tempfile.TemporaryDirectory() as folder:
                program = f"{folder}/program"
                subprocess.run(["cc", "-xc", "-", "-o", program, "-Wl,--no-as-needed", f"-l{library}"], check=True,
                               input="int main(void) { return 0; }\n", text=True)
                checked = subprocess.run([sys.executable, HERE / "linked.py", "/bin/sh", program], check=False,
                                         capture_output=True)
                self.assertEqual(checked.returncode, expected, checked.stdout)


if __name__ == "__main__":
    unittest.main()
