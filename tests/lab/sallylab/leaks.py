# SPDX-License-Identifier: GPL-2.0-or-later
"""The leak lab: a stream of every kind of packet on the laptop, a listener on every physical wire of it, and random steps
of people, networks, crashes and other programs meanwhile. While Exit or lockdown is wanted, from the answer to the command
that wants it until the command that ends it is given, nothing may be heard that has no right to be there."""

from __future__ import annotations

import difflib
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from . import judge, kernelstate
from .build import ip_batch
from .capture import Capture, Wire
from .expect import NO_EXIT, Exit, Situation
from .lab import Lab
from .linux import inside, slowness
from .neighbours import Neighbour
from .packets import Packet
from .stream import Counters, Stream
from .topology import PLACES, Place

PHONE = "usb0"
_PHONE_PORT = "laptop-usb"


@dataclass(frozen=True)
class Wanted:
    """What the last commands asked for, and where the laptop is."""

    place: Place = PLACES["home"]
    home: bool = False
    exit: Exit = NO_EXIT
    lockdown: bool = False

    @property
    def protected(self) -> bool:
        return bool(self.exit.name) or self.lockdown

    @property
    def situation(self) -> Situation:
        return Situation(self.place, self.home, self.exit)

    def __str__(self) -> str:
        return f"{self.situation}{', lockdown' if self.lockdown else ''}"


@dataclass
class Report:
    """What a walk found and how much it looked at."""

    seed: int
    steps: Counter[str] = field(default_factory=Counter)
    walked: int = 0
    strays: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    judged: int = 0  # packets heard while protected
    unjudged: int = 0
    window: int = 0  # packets that only the guard holds, heard while somebody else had removed it
    windows: list[float] = field(default_factory=list)  # milliseconds until the guard was back
    settling: list[float] = field(default_factory=list)  # milliseconds until rules, routes and tables were as demanded
    refused: Counter[str] = field(default_factory=Counter)
    states: set[str] = field(default_factory=set)
    counters: Counters = Counters(0, 0, 0, 0)
    seconds: float = 0.0

    def __str__(self) -> str:
        def times(values: list[float]) -> str:
            ordered = sorted(values) or [0.0]
            return f"median {ordered[len(ordered) // 2]:.0f} ms, longest {ordered[-1]:.0f} ms"

        shown = self.counters
        lines = [f"leak lab: seed {self.seed}, {self.walked} steps in {self.seconds:.0f} s, "
                 f"{len(self.states)} situations",
                 "  " + ", ".join(f"{count} × {name}" for name, count in self.steps.most_common()),
                 f"  fired: {shown.rounds} batteries, {shown.sent} packets taken and {shown.refused} refused by the kernel; "
                 f"{shown.answered} answers to payload",
                 f"  heard: {self.judged} packets while protected, {len(self.strays)} strays; {self.unjudged} while not",
                 f"  guard removed by others {len(self.windows)} times: back after {times(self.windows)}, looking included; "
                 f"{self.window} packets meanwhile that only the guard holds",
                 f"  rules, routes and tables as demanded after {times(self.settling)}, looking included"]
        lines += [f"  refused: {count} × {words}" for words, count in self.refused.most_common()]
        return "\n".join(lines)


class Walk:
    """A lab, its stream, its wires, and what is wanted."""

    def __init__(self, lab: Lab, seed: int) -> None:
        self.lab = lab
        self.laptop = lab.node("laptop")
        self.random = random.Random(seed)
        self.report = Report(seed)
        self.now = Wanted()
        self.neighbour: Neighbour | None = None
        self.outage = False
        self.phone = False
        self.variant = ""  # of the configuration
        self.history: list[str] = []
        self._references: dict[str, tuple[str, int]] = {}
        self._lay_phone_cable()
        self._wires: list[Wire] = [Capture(lab, "laptop"),
                                   Wire(lab.network("laptop"), PHONE, lab.network("switch"), _PHONE_PORT)]
        self.stream = Stream(lab)

    def close(self) -> None:
        self.report.counters = self.stream.end()
        for wire in self._wires:
            wire.close()
        switch = self.lab.network("switch")
        with inside(switch):
            ip_batch([f"link del {_PHONE_PORT}"])
        os.close(switch)

    def _lay_phone_cable(self) -> None:
        """A second card, as of a phone by USB, that is plugged in and out later."""
        switch, laptop = self.lab.network("switch"), self.lab.network("laptop")
        there = f"/proc/{os.getpid()}/fd/{laptop}"
        with inside(switch):
            ip_batch([f"link add {_PHONE_PORT} type veth peer name {PHONE}",
                      f"link set {_PHONE_PORT} master br-carrier up", f"link set {PHONE} netns {there}"])
        os.close(switch)
        os.close(laptop)

    # --- commands

    def shell(self, script: str, check: bool = False) -> str:
        return self.laptop.output(["sh", "-c", script], check)

    def status(self) -> dict[str, object]:
        return dict(json.loads(self.laptop.output(["sally", "status", "--json"])))

    def step(self, name: str) -> None:
        self.report.steps[name] += 1
        self.history.append(name)

    # --- the wires

    def take(self) -> list[Packet]:
        return [packet for wire in self._wires for packet in wire.take()]

    def judge(self, situations: Iterable[Wanted], why: str, window: bool = False) -> None:
        """Everything that was heard since the last time. `window`: the guard was away."""
        wanted = list(situations)
        packets = self.take()
        if not all(each.protected for each in wanted):
            self.report.unjudged += len(packets)
            return
        self.report.judged += len(packets)
        tailscale = self.neighbour is not None and "tailscale0" in self.neighbour.links
        for packet in packets:
            if judge.is_allowed(packet, (each.situation for each in wanted), tailscale):
                continue
            if window and self._only_the_guard_holds(packet):
                self.report.window += 1
            else:
                self.report.strays.append(f"step {len(self.history)}, {why}: {packet} [{' | '.join(map(str, wanted))}]")

    def _only_the_guard_holds(self, packet: Packet) -> bool:
        """Everything if another program has routed past us; else what carries our marks, and what is meant for the local
        network's resolver."""
        routed_by_others = self.neighbour is not None and self.neighbour.is_exit
        return routed_by_others or judge.is_marked(packet) or 53 in (packet.destination_port, packet.source_port)

    # --- the kernel

    def settle(self, why: str, seconds: float = 8) -> None:
        """Until rules, routes and tables are as the switches demand, and as they were the last time in this situation."""
        begin = time.monotonic()
        key = self._key()
        problems: list[str] = []
        before = ""
        while time.monotonic() - begin < seconds * slowness():
            state = kernelstate.read(self.lab)
            problems = kernelstate.faults(state, self.now.situation, self.now.lockdown)
            print_ = state.fingerprint()
            if not problems and key and key not in self._references and print_ == before:
                self._references[key] = (print_, len(self.history))
            known = self._references.get(key)
            if not problems and (not key or (known and known[0] == print_)):
                self.report.settling.append((time.monotonic() - begin) * 1000)
                self.report.states.add(str(self.now))
                return
            before = print_
        if not problems:
            known = self._references[key] if key in self._references else ("", 0)
            problems = [f"the same situation looked otherwise at step {known[1]}:\n{_difference(known[0], before)}"]
            self._references.pop(key, None)
        self.report.faults.append(f"step {len(self.history)}, {why} [{self.now}]: " + "; ".join(problems))

    def _key(self) -> str:
        """Empty if another program may have moved our rules."""
        if self.neighbour:
            return ""
        return f"{self.now}, {'phone' if self.phone else ''}, {self.variant}"

    def change(self, **what: object) -> Wanted:
        self.now = replace(self.now, **what)  # type: ignore[arg-type]
        return self.now


def _difference(old: str, new: str) -> str:
    return "\n".join(difflib.unified_diff(old.splitlines(), new.splitlines(), "then", "now", lineterm="", n=0))
