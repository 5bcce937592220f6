#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab comes, is what it says, and goes without a trace, however it ends."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import tempfile
import unittest
import uuid
from dataclasses import replace
from pathlib import Path

import labtest
from sallylab import bus, proofs
from sallylab.lab import Lab, take_down
from sallylab.linux import slowness, start_time, wait_until
from sallylab.state import LabError, rootless, running_labs
from sallylab.topology import HOME_PUBLIC4, PLACES, VPS4, WEB4, WEB6

NAME = "life"
HERE = Path(__file__).resolve().parent


class Machines(unittest.TestCase):
    """Each machine has a system bus of its own with the real polkit, which knows our actions."""

    @classmethod
    def setUpClass(cls) -> None:
        labtest.need_root()
        if rootless():
            raise unittest.SkipTest("polkitd needs a user of its own, and a user namespace has only one")
        take_down(NAME)
        cls.lab = Lab.up(replace(labtest.order(NAME), bin=Path("/nonexistent")))

    @classmethod
    def tearDownClass(cls) -> None:
        cls.lab.down()

    def test_a_missing_helper_is_noted(self) -> None:
        self.assertEqual(sorted(self.lab.notes), [f"{name}: no sallyport-helper in /nonexistent"
                                                  for name in ("desktop", "laptop", "nas", "vps")])

    def test_polkit_is_on_each_bus_and_our_helper_on_none(self) -> None:
        for name in ("desktop", "laptop", "nas", "vps"):
            self.assertTrue(self.lab.node(name).call(_on_the_bus, "org.freedesktop.PolicyKit1"), name)
            self.assertFalse(self.lab.node(name).call(_on_the_bus, "org.sallyport.Helper"), name)

    def test_polkit_decides_about_our_actions(self) -> None:
        ask = "exec pkcheck --action-id org.sallyport.configure --process $$"
        self.assertEqual(self.lab.node("laptop").run(["sh", "-c", ask]), 0)
        stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", ask]
        self.assertNotEqual(self.lab.node("laptop").run(stranger), 0)


def _on_the_bus(name: str) -> bool:
    with bus.Bus() as connection:
        return connection.has(name)


class Lifetime(unittest.TestCase):
    def setUp(self) -> None:
        labtest.need_root()
        self.marked = {**os.environ, "SALLYPORT_TEST_MARK": str(uuid.uuid4())}
        for name in ("one", "two"):
            take_down(name)
            self.addCleanup(take_down, name)

    def test_two_labs_side_by_side(self) -> None:
        one, two = (labtest.raise_lab(name, bare=True) for name in ("one", "two"))
        self.assertLessEqual({"one", "two"}, set(running_labs()))
        two.move("hotel")
        self.assertEqual(one.node("laptop").call(proofs.fetch, WEB4).text, HOME_PUBLIC4)
        self.assertEqual(two.node("laptop").call(proofs.fetch, WEB4).text, "192.0.2.60")
        one.down()
        self.assertEqual(two.node("laptop").call(proofs.fetch, WEB6).text, PLACES["hotel"].seen6)

    def test_up_is_idempotent(self) -> None:
        lab = labtest.raise_lab("one", bare=True)
        keeper = lab.folder.keeper()
        self.assertEqual(Lab.up(labtest.order("one", bare=True)).folder.keeper(), keeper)

    def test_down_leaves_nothing(self) -> None:
        self._lab("up", "--bare")
        with subprocess.Popen([HERE / "lab", "--name", "one", "exec", "laptop", "sh", "-c", "echo in; sleep 1000"],
                              stdout=subprocess.PIPE, text=True, env=self.marked) as shell:
            assert shell.stdout
            self.assertEqual(shell.stdout.readline(), "in\n")
            self.assertGreater(len(self._traces()), 8)
            self._lab("down")
            self.assertEqual(shell.wait(5 * slowness()), 128 + 9)
        self.assertEqual(self._traces(), set())
        self.assertFalse(labtest.LabFolder.of("one").path.exists())

    def test_a_failed_up_leaves_nothing_and_says_why(self) -> None:
        done = self._lab("up", "--bare", PATH=str(self._programs_with_broken_wg()))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^lab: The lab could not be raised\. .*wg setconf .*\n$")
        self.assertEqual(self._traces(), set())
        self.assertFalse(labtest.LabFolder.of("one").path.exists())

    def test_a_killed_keeper_takes_everything_along(self) -> None:
        self._lab("up", "--bare")
        keeper = Lab.find("one").folder.keeper()
        assert keeper
        os.kill(keeper, 9)
        wait_until(lambda: not start_time(keeper), 5, "the end of the keeper")
        self.assertEqual(self._traces(), set())
        with self.assertRaises(LabError):
            Lab.find("one")
        self.assertEqual(self._lab("up", "--bare").returncode, 0)

    def test_exec_passes_streams_and_the_exit_status(self) -> None:
        labtest.raise_lab("one", bare=True)
        done = subprocess.run([HERE / "lab", "--name", "one", "exec", "nas", "sh", "-c", "hostname; cat; exit 7"],
                              input="from outside", text=True, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (7, "nas\nfrom outside"))
        done = subprocess.run([HERE / "lab", "--name", "one", "exec", "nowhere", "true"], text=True,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("There is no node “nowhere”", done.stderr)

    def test_exec_hands_over_the_cookies_of_the_display(self) -> None:
        def entry(family: int, *texts: bytes) -> bytes:
            return struct.pack(">H", family) + b"".join(struct.pack(">H", len(text)) + text for text in texts)

        cookie = (b"7", b"MIT-MAGIC-COOKIE-1", bytes(range(16)))
        folder = Path(tempfile.mkdtemp(prefix="sallylab-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "cookies").write_bytes(entry(256, b"outside", *cookie) + entry(0, b"\1\2\3\4", *cookie) + b"\1\0\0")
        self._lab("up", "--bare")
        done = subprocess.run([HERE / "lab", "--name", "one", "exec", "laptop", "sh", "-c", 'cat "$XAUTHORITY"'],
                              capture_output=True, check=False,
                              env={**self.marked, "DISPLAY": ":7", "XAUTHORITY": str(folder / "cookies")})
        self.assertEqual(done.stdout, entry(65535, b"outside", *cookie) + entry(0, b"\1\2\3\4", *cookie), done.stderr)

    def test_status_and_move_and_capture_by_command(self) -> None:
        self.assertFalse(json.loads(self._lab("status", "--json").stdout)["up"])
        self._lab("up", "--bare")
        self.assertEqual(self._lab("move", "hotel").stdout, "The laptop is at: hotel.\n")
        status = json.loads(self._lab("status", "--json").stdout)
        self.assertEqual((status["schema"], status["up"], status["place"]), (1, True, "hotel"))
        self.assertEqual(self._lab("move", "mars").returncode, 2)
        heard = self._lab("capture", "--json", "laptop", "ping", "-c1", "-W2", VPS4)
        self.assertEqual(heard.returncode, 0, heard.stderr)
        packets = [json.loads(line) for line in heard.stdout.splitlines()]
        self.assertEqual([(p["protocol"], p["outgoing"], p["kind"]) for p in packets],
                         [("icmp", True, 8), ("icmp", False, 0)])

    def test_machines_have_files_and_processes_of_their_own(self) -> None:
        lab = labtest.raise_lab("one", bare=True)
        lab.node("nas").output(["sh", "-c", "echo changed > /etc/motd; mv /etc/hosts /etc/hosts.old; "
                                            "touch /var/lib/sallyport/x /run/x"])
        seen = lab.node("vps").output(["sh", "-c", "ls /etc/hosts /etc/hosts.old /var/lib/sallyport/x /run/x 2>&1"],
                                      check=False)
        self.assertEqual(len([line for line in seen.splitlines() if "No such file" in line]), 3, seen)
        self.assertNotEqual(Path("/etc/motd").read_text("utf-8") if Path("/etc/motd").exists() else "", "changed\n")
        self.assertLessEqual(len(lab.node("vps").output(["sh", "-c", "ls -d /proc/[0-9]*"]).split()), 3)

    def _lab(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([HERE / "lab", "--name", "one", *arguments], text=True, capture_output=True,
                              check=False, env={**self.marked, **changes})

    def _programs_with_broken_wg(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="sallylab-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "wg").write_text("#!/bin/sh\nexit 9\n", "ascii")
        (folder / "wg").chmod(0o755)
        for program in ("ip", "nft", "wireguard-go", "sh"):
            (folder / program).symlink_to(shutil.which(program) or "/nonexistent")
        return folder

    def _traces(self) -> set[str]:
        """Every process that carries this test's mark, with its namespaces, and every mount of a lab."""
        found = {line for line in Path("/proc/self/mountinfo").read_text("utf-8").splitlines() if "sallyport-lab" in line}
        mark = f"SALLYPORT_TEST_MARK={self.marked['SALLYPORT_TEST_MARK']}".encode()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes() and start_time(int(process.name)):
                    found.add(f"process {process.name}: {(process / 'comm').read_text('utf-8').strip()}")
                    found |= {os.readlink(process / "ns" / kind) for kind in ("net", "mnt", "pid")}
            except OSError:
                continue
        return found


if __name__ == "__main__":
    unittest.main(verbosity=2)
