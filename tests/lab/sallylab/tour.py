# SPDX-License-Identifier: GPL-2.0-or-later
"""A guided tour through the lab in the terminal: switch, move, and after every step prove with packets what is on."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass

from . import expect
from .expect import EXITS, NO_EXIT, Check, Exit, Situation
from .keeper import LabOrder
from .lab import Lab
from .linux import slowness
from .prove import Proof, prove
from .state import LabError
from .topology import NODES, PLACES

SETTLING = 6.0  # seconds in which tunnels must have followed the laptop to another network


@dataclass(frozen=True)
class Step:
    title: str
    commands: tuple[str, ...]  # of sally, on the laptop
    home: bool
    exit: Exit
    place: str
    move: bool = False


STEPS = (
    Step("At home, both switches off", (), False, NO_EXIT, "home"),
    Step("Home on", ("home on",), True, NO_EXIT, "home"),
    Step("Exit on as well: a provider", ("exit use mullvad-se",), True, EXITS["mullvad-se"], "home"),
    Step("Home off, Exit stays", ("home off",), False, EXITS["mullvad-se"], "home"),
    Step("Home on again, under the Exit", ("home on",), True, EXITS["mullvad-se"], "home"),
    Step("Exit through a device of mine instead", ("exit use vps",), True, EXITS["vps"], "home"),
    Step("Back to the provider", ("exit use mullvad-se",), True, EXITS["mullvad-se"], "home"),
    Step("The laptop is carried to a hotel, everything on", (), True, EXITS["mullvad-se"], "hotel", True),
    Step("… and into a train: a carrier that translates twice", (), True, EXITS["mullvad-se"], "carrier", True),
    Step("Exit off in the train", ("exit off",), True, NO_EXIT, "carrier"),
    Step("Home again, Home off", ("home off",), False, NO_EXIT, "home", True),
)


class Paper:
    """Plain text; colours only where somebody looks at it."""

    def __init__(self) -> None:
        self._colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        encoding = (sys.stdout.encoding or "").lower()
        self.good, self.bad, self.none = ("✓", "✗", "·") if "utf" in encoding else ("ok", "!!", "--")

    def line(self, text: str = "") -> None:
        try:
            print(text, flush=True)
        except UnicodeEncodeError:
            print(text.encode("ascii", "replace").decode(), flush=True)

    def paint(self, text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colour else text


def guided(order: LabOrder) -> int:
    paper = Paper()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the lab goes down with us
    begin = time.monotonic()
    lab = Lab.up(order)
    try:
        _introduce(paper, lab, time.monotonic() - begin)
        problems = [p for number, step in enumerate(STEPS, 1) for p in _walk(paper, lab, number, step)]
    finally:
        lab.down()
    return _conclude(paper, problems, time.monotonic() - begin)


def _introduce(paper: Paper, lab: Lab, seconds: float) -> None:
    if lab.notes:
        raise LabError("The tour needs the real programs: " + "; ".join(lab.notes))
    paper.line(paper.paint("Sallyport, a guided tour", "1"))
    paper.line(f"{len(NODES)} machines, routers and servers stand inside this computer after {seconds:.1f} s. Nothing of it "
               "touches your network.")
    paper.line("Each line below is a packet that was sent: who answered, from where it seemed to come, the")
    paper.line("interface by which it left, and how long it took. The wire of the laptop is listened to all along.")


def _walk(paper: Paper, lab: Lab, number: int, step: Step) -> list[str]:
    paper.line()
    paper.line(paper.paint(f"{number:2}. {step.title}", "1") + paper.paint(
        (f"   $ lab move {step.place}" if step.move else "") + "".join(f"   $ sally {c}" for c in step.commands), "2"))
    try:
        took = _act(lab, step)
    except LabError as problem:
        paper.line(f"    {paper.paint(paper.bad, '31')} {problem}")
        return [f"{step.title}: {problem}"]
    now = Situation(PLACES[step.place], step.home, step.exit)
    if step.move:
        took += _settle(lab, now)
    results = [prove(lab, now, check) for check in _checks(now)]
    for proof in results:
        _print(paper, proof)
    _print_wire(paper, results, now)
    if step.commands or step.move:
        paper.line(paper.paint(f"       took {took * 1000:.0f} ms", "2"))
    return [f"{step.title}: {p}" for proof in results for p in proof.problems]


def _checks(now: Situation) -> list[Check]:
    return [c for c in expect.all_checks(now) if c.kind != "mesh name, IPv4"]


def _act(lab: Lab, step: Step) -> float:
    begin = time.monotonic()
    if step.move:
        lab.move(step.place)
    for command in step.commands:
        lab.node("laptop").output(["sally", *command.split()])
    return time.monotonic() - begin


def _settle(lab: Lab, now: Situation) -> float:
    """After a move nobody promises the very next packet: waits until all answers are the right ones."""
    begin = time.monotonic()
    while any(prove(lab, now, check).problems for check in _checks(now) if check.answer):
        if time.monotonic() - begin > SETTLING * slowness():
            break
    return time.monotonic() - begin


def _print(paper: Paper, proof: Proof) -> None:
    check, reply = proof.check, proof.reply
    sign = paper.paint(paper.bad, "31") if proof.problems else paper.paint(paper.good, "32")
    if not proof.problems and check.answer is None:
        sign = paper.paint(paper.none, "2")
    where = str(check.arguments[0])
    answer = reply.text if reply.good else ("nobody, as it should be" if check.answer is None else reply.text)
    way = f"by {reply.interface}" if reply.good and reply.interface else ""
    paper.line(f"    {sign} {check.kind:20} {where:18} {answer:26} {way:14} {reply.milliseconds:6.1f} ms")
    for problem in proof.problems:
        paper.line(f"      {paper.paint(problem.partition(': ')[2], '31')}")


def _print_wire(paper: Paper, results: list[Proof], now: Situation) -> None:
    tunnels = sorted(set().union(*(proof.underlay(now) for proof in results)))
    if tunnels:
        paper.line(f"      on the wire: encrypted UDP to {', '.join(tunnels)}")


def _conclude(paper: Paper, problems: list[str], seconds: float) -> int:
    paper.line()
    if problems:
        paper.line(paper.paint(f"{len(problems)} of the proofs failed:", "31"))
        for problem in problems:
            paper.line(f"  {problem}")
        return 1
    paper.line(paper.paint("Every proof held.", "32") + f" The lab is gone again; the tour took {seconds:.0f} s.")
    return 0
