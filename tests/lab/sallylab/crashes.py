# SPDX-License-Identifier: GPL-2.0-or-later
"""Ends the helper after each system call by which it changes something. strace stops it there, as if time stood still; then
the wire is listened to, what is on the disk is set aside, and the helper is killed without another instruction of its own."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import steps
from .expect import EXITS, NO_EXIT
from .leaks import Walk, Wanted
from .linux import slowness, wait_until

# Writing to a file is not among them: what opened the file before and what keeps it after are.
CHANGING = ("sendmsg,sendto,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,link,linkat,mkdir,ftruncate,fchmod,"
            "fchown,symlink,clone,clone3,vfork")
_TRACE, _COPY, _CONFIGURATION = "/run/strace.out", "/run/copy", "/etc/sallyport-lab/laptop.json"
_ASKS = re.compile(r"nlmsg_type=(RTM_GET|NFNL_SUBSYS_\w+<<8\|\w+_GET|0xa10 )|\"get=1|^--- |^clone.*CLONE_VM")


@dataclass(frozen=True)
class Case:
    """One request, and the switches before it."""

    name: str
    before: Wanted
    words: str
    what: dict[str, object]


SE, DE, VPS = EXITS["mullvad-se"], EXITS["mullvad-de"], EXITS["vps"]
OTHER_LAN_POLICY = "apply /run/other.json"
CASES = (
    Case("Exit on", Wanted(), "exit use mullvad-se --no-wait", {"exit": SE}),
    Case("Exit on under lockdown", Wanted(lockdown=True), "exit use mullvad-se --no-wait", {"exit": SE}),
    Case("Exit off", Wanted(exit=SE), "exit off", {"exit": NO_EXIT}),
    Case("Exit off under lockdown", Wanted(exit=SE, lockdown=True), "exit off", {"exit": NO_EXIT}),
    Case("another server", Wanted(exit=SE), "exit use mullvad-de --no-wait", {"exit": DE}),
    Case("a device instead", Wanted(exit=SE), "exit use vps --no-wait", {"exit": VPS}),
    Case("Home on", Wanted(exit=SE), "home on --no-wait", {"home": True}),
    Case("Home off", Wanted(home=True, exit=SE), "home off", {"home": False}),
    Case("lockdown on", Wanted(exit=SE), "lockdown on", {"lockdown": True}),
    Case("lockdown off", Wanted(exit=SE, lockdown=True), "lockdown off", {"lockdown": False}),
    Case("lockdown on, alone", Wanted(home=True), "lockdown on", {"lockdown": True}),
    Case("configuration", Wanted(home=True, exit=SE), OTHER_LAN_POLICY, {}),
)


@dataclass
class CrashReport:
    points: int = 0
    boots: int = 0
    found: list[str] = field(default_factory=list)
    lengths: dict[str, int] = field(default_factory=dict)
    kept_old: int = 0
    seconds: float = 0.0


class Crashes:
    """Works on a walk, whose wires and stream it uses."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.report = CrashReport()
        walk.shell("sed 's/\"allowLan\": true/\"allowLan\": false/; s/mullvad.key/\\/etc\\/sallyport-lab\\/mullvad.key/; "
                   f"s/wgnet.priv.key/\\/etc\\/sallyport-lab\\/wgnet.priv.key/' {_CONFIGURATION} "
                   "| sed 's,/etc/sallyport-lab//etc/sallyport-lab/,/etc/sallyport-lab/,' >/run/other.json", True)

    # --- one case

    def play(self, case: Case, every: int, offset: int) -> None:
        """Points offset, offset + every, …, at least one: the helper ends after that changing call."""
        calls = self._calls(case)
        self.report.lengths[case.name] = len(calls)
        for place in range(offset % min(every, len(calls)), len(calls), every):
            self.report.points += 1
            why = f"{case.name}, after changing call {place + 1} of {len(calls)}"
            self._crash_at(case, calls[place], why, boot=self.report.points % 3 == 0)

    def _reset(self, case: Case) -> None:
        wanted, walk = case.before, self.walk
        words = [f"apply {_CONFIGURATION}"] if walk.variant or case.words == OTHER_LAN_POLICY else []
        words += [f"lockdown {'on' if wanted.lockdown else 'off'}",
                  f"exit use {wanted.exit.name} --no-wait" if wanted.exit.name else "exit off",
                  f"home {'on' if wanted.home else 'off'} --no-wait"]
        walk.shell(" && ".join(f"sally {each} >/dev/null" for each in words), True)
        walk.now, walk.variant = wanted, ""
        walk.settle(f"before {case.name}")
        walk.take()

    def _calls(self, case: Case) -> list[int]:
        """The numbers, among all calls of these kinds, of those that change something, in a run without a crash."""
        self._reset(case)
        with_tracer = self._trace("")
        self.walk.shell(f"sally {case.words} >/dev/null", True)
        self.walk.change(**case.what)
        self.walk.variant = case.words if case.words == OTHER_LAN_POLICY else ""
        self.walk.settle(case.name)
        with_tracer()
        lines = self.walk.shell(f"cut -c1-200 {_TRACE}").splitlines()
        calls = [line for line in lines if not line.startswith("---")]
        return [number for number, line in enumerate(calls, 1) if not _ASKS.search(line)]

    def _trace(self, injection: str) -> Callable[[], None]:
        """Attaches strace to the helper's first thread, which does all the work but deleting links; the result takes it off."""
        helper = self._helper()
        child = self.walk.laptop.start(["strace", "-qq", "-o", _TRACE, "-e", f"trace={CHANGING}", *(
            ["-e", f"inject={CHANGING}:{injection}"] if injection else []), "-p", helper], "/")
        wait_until(lambda: bool(re.search(r"TracerPid:\s*[1-9]", self.walk.shell(f"cat /proc/{helper}/status"))), 5, "strace")

        def end() -> None:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
        return end

    def _helper(self) -> str:
        return self.walk.shell("pidof sallyport-helper").split()[0]

    # --- one point

    def _crash_at(self, case: Case, call: int, why: str, boot: bool) -> None:
        walk = self.walk
        self._reset(case)
        old, new = case.before, Wanted(**{**vars(case.before), **case.what})  # type: ignore[arg-type]
        before = steps.helpers(walk)
        end = self._trace(f"signal=STOP:when={call}")
        request = walk.laptop.start(["sally", *case.words.split()], "/", stdout=_nowhere(), stderr=_nowhere())
        stopped = self._await_stop(request)
        walk.shell(f"rm -rf {_COPY}; cp -a /var/lib/sallyport {_COPY}")
        if stopped:
            walk.stream.wait_for_rounds(2)
        self._judge([old, new], f"{why}: dead")
        walk.shell("killall -q -KILL sallyport-helper")
        end()
        _reap(request)
        steps.await_helper(walk, before)
        self._verify(case, old, new, why)
        if boot:
            self._boot(case, old, new, why)

    def _await_stop(self, request: int) -> bool:
        """False: the request was answered before that call came."""
        deadline = time.monotonic() + 15 * slowness()
        while time.monotonic() < deadline:
            if "stopped by SIGSTOP" in self.walk.shell(f"tail -n 3 {_TRACE}"):
                return True
            if os.waitpid(request, os.WNOHANG)[0]:
                return False
        raise TimeoutError("neither an answer nor the call came")

    def _verify(self, case: Case, old: Wanted, new: Wanted, why: str) -> None:
        walk = self.walk
        walk.now = steps.which(walk, old, new)
        self.report.kept_old += walk.now == old
        self._judge([old, new], f"{why}: while the next helper starts")
        if case.words == OTHER_LAN_POLICY:
            walk.variant = "" if "throw 10.41.0.0/16" in walk.shell("ip route show table 2592") else case.words
        walk.settle(why)
        walk.stream.wait_for_rounds(1)
        self._judge([walk.now], f"{why}: with the next helper")
        self._expect_readable(why)

    def _judge(self, wanted: list[Wanted], why: str) -> None:
        """With what stands in the kernel at that moment, should anything have strayed."""
        strays = self.walk.report.strays
        before = len(strays)
        self.walk.judge(wanted, why)
        if len(strays) > before:
            state = self.walk.shell(f"tail -n 4 {_TRACE} | cut -c1-300; ip rule; ip -6 rule; ip -6 route show table 2592; "
                                    "ip -br link; nft list ruleset")
            self.report.found.append(f"{why}: {len(strays) - before} strays while the kernel had\n{state}")

    def _expect_readable(self, why: str) -> None:
        status = self.walk.status()
        if status["lastError"]:
            self.report.found.append(f"{why}: {status['lastError']}")
        if not status["home"].get("configured") or len(status["exit"].get("available", [])) != 5:  # type: ignore[attr-defined]
            self.report.found.append(f"{why}: the configuration is lost")

    def _boot(self, case: Case, old: Wanted, new: Wanted, why: str) -> None:
        """The power failed at that moment: the kernel has forgotten everything, /run is empty, the disk is as it was."""
        walk = self.walk
        self.report.boots += 1
        before = steps.helpers(walk)
        walk.shell("killall -STOP sallyport-helper")
        walk.take()
        # The guard of the next boot comes before the network.
        walk.shell(f"""exec 2>/dev/null; ip link set eth0 down
            find /var/lib/sallyport -mindepth 1 -delete; cp -a {_COPY}/. /var/lib/sallyport/; rm -rf /run/sallyport
            ip link del sally-exit; ip link del sally-home; {steps.FLUSH_RULES}
            for t in 2576 2592 2608; do ip route flush table $t; ip -6 route flush table $t; done
            nft flush ruleset; [ ! -e /var/lib/sallyport/lockdown.nft ] || nft -f /var/lib/sallyport/lockdown.nft""")
        walk.lab.move(walk.now.place.name)
        walk.stream.wait_for_rounds(2)
        self._judge([old, new], f"{why}: at the next boot")
        walk.shell("killall -KILL sallyport-helper")
        steps.await_helper(walk, before)
        self._verify(case, old, new, f"{why}, power loss")


def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)


def _reap(child: int) -> None:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if os.waitpid(child, os.WNOHANG)[0]:
                return
        except ChildProcessError:
            return
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def outcome(crashes: Crashes) -> tuple[str, list[str]]:
    """A line of figures, and what is wrong."""
    report, walked = crashes.report, crashes.walk.report
    figures = (f"{report.points} crashes and {report.boots} power losses in {report.seconds:.0f} s; after {report.kept_old} of "
               f"them the switches were as before the request; {walked.judged} packets heard while protected, "
               f"{len(walked.strays)} strays; changing calls: "
               + ", ".join(f"{name} {count}" for name, count in report.lengths.items()))
    return figures, report.found + walked.faults + walked.strays
