#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The helper ends where it hurts: after each call that changes something, with a full disk, with the bus, for an upgrade.
Nothing leaks meanwhile, nothing that was configured is lost, and the next helper reaches what is wanted: for a request
that was interrupted, the state before it or the one after it, never a third.

By default every fifth call of each request, from another one on each time; SALLYPORT_CRASH_EVERY=1 takes them all (nightly),
SALLYPORT_CRASH_CASES takes that many kinds of requests, SALLYPORT_CRASH_SEED repeats a choice."""

from __future__ import annotations

import os
import random
import shutil
import time
import unittest

from labtest import LaptopCase
from sallylab import crashes, proofs, steps
from sallylab.crashes import SE, Crashes
from sallylab.leaks import Walk
from sallylab.linux import wait_until
from sallylab.topology import WEB4

NAME = "crashes"
EVERY = int(os.environ.get("SALLYPORT_CRASH_EVERY", "") or 5)
CASES = int(os.environ.get("SALLYPORT_CRASH_CASES", "") or len(crashes.CASES))
SEED = int(os.environ.get("SALLYPORT_CRASH_SEED", "") or random.SystemRandom().randrange(1 << 31))


class CrashCase(LaptopCase):
    lab_name = NAME
    maxDiff = None

    @classmethod
    def setUpClass(cls) -> None:
        if not shutil.which("strace"):
            raise unittest.SkipTest("strace is not installed")
        super().setUpClass()

    def setUp(self) -> None:
        self.walk = Walk(self.lab, SEED)
        self.addCleanup(self.walk.close)
        self.addCleanup(self.walk.shell, "sally exit off; sally lockdown off; sally home off")

    def finish(self) -> None:
        report = self.walk.report
        self.assertEqual(report.strays[:20] + report.faults[:5], [])

    def protect(self) -> None:
        steps.request(self.walk, f"exit use {SE.name}", exit=SE)
        steps.request(self.walk, "home on --no-wait", home=True)
        self.walk.take()


class EveryCall(CrashCase):
    def test_any_call_may_be_the_last(self) -> None:
        print(f"SALLYPORT_CRASH_SEED={SEED}", flush=True)
        chosen = random.Random(SEED)
        tried = Crashes(self.walk)
        begin = time.monotonic()
        for case in chosen.sample(crashes.CASES, CASES):
            tried.play(case, EVERY, chosen.randrange(EVERY))
        tried.report.seconds = time.monotonic() - begin
        figures, found = crashes.outcome(tried)
        print(figures)
        self.assertEqual([each[:9000] for each in found[:20]], [])
        self.assertGreaterEqual(tried.report.points, CASES)


class OtherEnds(CrashCase):
    def fill(self, folder: str) -> None:
        """A small disk of its own, and then not a page more."""
        self.walk.shell(f"rm -rf /run/kept; cp -a {folder} /run/kept; mount -t tmpfs -o mode=0700,size=128k full {folder}; "
                        f"cp -a /run/kept/. {folder}/", True)
        self.addCleanup(self.walk.shell, f"umount -l {folder}")
        self.walk.shell(f"head -c 1000000 /dev/zero >{folder}/filler")

    def test_a_full_disk_refuses_and_changes_nothing(self) -> None:
        self.protect()
        for folder in ("/var/lib/sallyport", "/run/sallyport"):
            with self.subTest(folder):
                self.fill(folder)
                free = int(self.walk.shell(f"stat -f -c %a {folder}", True))
                self.assertEqual(free, 0)
                for words, what in (("exit use mullvad-de --no-wait", {"exit": crashes.DE}), ("lockdown on", {"lockdown": True}),
                                    ("home off", {"home": False})):
                    answer = self.walk.shell(f"sally {words} 2>&1; echo code $?")
                    self.assertRegex(answer, "No space left|full", words)
                    self.assertNotIn("code 0", answer, words)
                    self.walk.settle(f"{words}, with {folder} full")
                    self.walk.stream.wait_for_rounds(2)
                    self.walk.judge([self.walk.now], f"{words}, with {folder} full")
                before = steps.helpers(self.walk)
                self.walk.shell("killall -KILL sallyport-helper")
                steps.await_helper(self.walk, before)
                self.walk.settle(f"a crash with {folder} full")
                self.walk.judge([self.walk.now], f"a crash with {folder} full")
                self.walk.shell(f"rm {folder}/filler")
                steps.request(self.walk, "exit use mullvad-de --no-wait", exit=crashes.DE)
                steps.request(self.walk, "exit use mullvad-se --no-wait", exit=SE)
        self.assertEqual(dict(self.walk.report.refused), {})
        self.finish()

    def test_an_upgrade_does_not_interrupt(self) -> None:
        """The program is replaced and the helper restarted, as a package does."""
        self.protect()
        program = self.walk.shell("readlink /proc/$(pidof sallyport-helper)/exe").strip()
        links = self.walk.shell("ip -o link show sally-exit; ip -o link show sally-home | cut -d: -f1")
        before = steps.helpers(self.walk)
        self.walk.shell(f"cp {program} /run/upgraded; mount --bind /run/upgraded {program}; killall -TERM sallyport-helper", True)
        self.addCleanup(self.walk.shell, f"umount -l {program}")
        while not steps.helpers(self.walk) - before:
            reply = self.walk.laptop.call(proofs.fetch, WEB4, 0, 80, 1.0)
            self.assertEqual((reply.good, reply.text), (True, SE.seen4))
        steps.await_helper(self.walk, before)
        self.walk.settle("upgrade")
        self.walk.judge([self.walk.now], "upgrade")
        self.assertEqual(self.walk.shell("ip -o link show sally-exit; ip -o link show sally-home | cut -d: -f1"), links)
        self.finish()

    def test_a_bus_that_restarts_takes_no_tunnel_along(self) -> None:
        self.protect()
        links = self.walk.shell("ip -o link show sally-exit; ip -o link show sally-home | cut -d: -f1")
        before = steps.helpers(self.walk)
        self.walk.shell("killall -TERM dbus-daemon", True)
        reply = self.walk.laptop.call(proofs.fetch, WEB4, 0, 80, 1.0)
        self.assertEqual((reply.good, reply.text), (True, SE.seen4))
        steps.await_helper(self.walk, before)
        self.walk.settle("another bus")
        self.walk.stream.wait_for_rounds(2)
        self.walk.judge([self.walk.now], "another bus")
        self.assertEqual(self.walk.shell("ip -o link show sally-exit; ip -o link show sally-home | cut -d: -f1"), links)
        wait_until(lambda: "code 0" in self.walk.shell("sally home off >/dev/null 2>&1; echo code $?"), 10, "permission to switch")
        self.walk.change(home=False)
        self.walk.settle("a request by the new bus")
        self.finish()


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=bool(os.environ.get("SALLYPORT_FAILFAST")))
