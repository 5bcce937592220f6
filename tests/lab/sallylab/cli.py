# SPDX-License-Identifier: GPL-2.0-or-later
"""The command `lab`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from pathlib import Path

from . import leakwalk, tour
from .capture import Capture
from .keeper import LabOrder
from .lab import Lab, take_down
from .state import LabError, LabFolder, rootless, running_labs
from .topology import NODES, PLACES

SOURCE = Path(__file__).resolve().parents[3]


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="lab", description="A small internet on this one machine, in namespaces.")
    top.add_argument("--name", default="lab", help="which lab, when there are several")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    up = verbs.add_parser("up", help="raise the lab")
    _add_up_options(up)
    verbs.add_parser("down", help="take it down; nothing stays")
    status = verbs.add_parser("status", help="what stands")
    status.add_argument("--json", action="store_true")
    enter = verbs.add_parser("exec", help="run a program in a node")
    enter.add_argument("node", metavar="NODE")
    enter.add_argument("command", nargs=argparse.REMAINDER, metavar="CMD …")
    move = verbs.add_parser("move", help="carry the laptop to another network")
    move.add_argument("place", choices=list(PLACES), metavar="PLACE", help=", ".join(PLACES))
    capture = verbs.add_parser("capture", help="print what passes a node's wire while a program runs, or until Ctrl-C")
    capture.add_argument("--json", action="store_true")
    capture.add_argument("--all", action="store_true", help="address resolution and the like, too")
    capture.add_argument("node", choices=list(NODES), metavar="NODE")
    capture.add_argument("command", nargs=argparse.REMAINDER, metavar="[CMD …]")
    guided = verbs.add_parser("tour", help="switch, move and prove every step with packets")
    guided.add_argument("--bin", default=str(SOURCE / "build/dev/bin"), help="where our programs are")
    leaks = verbs.add_parser("leaks", help="random steps under a stream of packets, every wire listened to")
    leaks.add_argument("--bin", default=str(SOURCE / "build/dev/bin"), help="where our programs are")
    leaks.add_argument("--steps", type=int, default=100, help="how many (nightly: 1000)")
    leaks.add_argument("--seed", type=int, help="repeats a walk")
    for verb in verbs.choices.values():
        verb.add_argument("--name", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return top


def _add_up_options(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--bin", default=str(SOURCE / "build/dev/bin"), help="where our programs are")
    verb.add_argument("--bare", action="store_true", help="networks and servers only: no bus, no helper")
    verb.add_argument("--plain-nas", action="store_true", help="the NAS is a WireGuard peer without Sallyport")


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        return _dispatch(options)
    except (LabError, OSError, TimeoutError) as problem:
        print(f"lab: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _dispatch(options: argparse.Namespace) -> int:
    verbs = {"up": _up, "down": _down, "status": _status, "exec": _exec, "move": _move, "capture": _capture,
             "tour": _tour, "leaks": _leaks}
    return verbs[options.verb](options)


def order_of(options: argparse.Namespace) -> LabOrder:
    return LabOrder(LabFolder.of(options.name), Path(options.bin).resolve(), SOURCE,
                    getattr(options, "bare", False), getattr(options, "plain_nas", False))


def _demand_root() -> None:
    if os.geteuid() != 0:
        raise LabError("Namespaces need root. Try: sudo, or without any rights: unshare -rn (polkit is missing there).")


def _up(options: argparse.Namespace) -> int:
    _demand_root()
    order = order_of(options)
    if order.folder.keeper():
        Lab.up(order)
        print(f"The lab “{options.name}” is up already.")
        return 0
    begin = time.monotonic()
    lab = Lab.up(order)
    for note in lab.notes:
        print(f"note: {note}")
    if rootless():
        print("note: without real root polkitd cannot run; a stand-in that allows everything answers for it.")
    print(f"The lab “{options.name}” is up: {len(NODES)} nodes in {time.monotonic() - begin:.1f} s.")
    return 0


def _down(options: argparse.Namespace) -> int:
    print(f"The lab “{options.name}” is down." if take_down(options.name) else f"There is no lab “{options.name}”.")
    return 0


def _status(options: argparse.Namespace) -> int:
    labs = running_labs()
    if options.name not in labs:
        print(json.dumps({"schema": 1, "up": False, "labs": labs}) if options.json else
              f"The lab “{options.name}” is not up." + (f" Others: {', '.join(labs)}" if labs else ""))
        return 0 if options.json else 1
    facts = Lab.find(options.name).ask(do="status")
    if options.json:
        print(json.dumps({"schema": 1, "up": True, "name": options.name, "labs": labs, **facts}, indent=2))
        return 0
    print(f"The lab “{options.name}” is up; the laptop is at: {facts['place']}.")
    print(f"Machines: {', '.join(facts['machines'])}. Other nodes: "
          f"{', '.join(n for n in facts['nodes'] if n not in facts['machines'])}.")
    print(f"Programs from {facts['bin']}" + (" (bare: none run)." if facts["bare"] else "."))
    return 0


def _exec(options: argparse.Namespace) -> int:
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    return Lab.find(options.name).node(options.node).run(command or [os.environ.get("SHELL", "/bin/sh")])


def _move(options: argparse.Namespace) -> int:
    Lab.find(options.name).move(options.place)
    print(f"The laptop is at: {options.place}.")
    return 0


def _capture(options: argparse.Namespace) -> int:
    lab = Lab.find(options.name)
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    with Capture(lab, options.node) as wire:
        code = lab.node(options.node).run(command, stdout=2) if command else 0
        with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
            for packet in wire.packets() if command else wire.follow():
                if options.all or not packet.housekeeping:
                    print(json.dumps(packet.as_json()) if options.json else packet, flush=True)
    return code


def _tour(options: argparse.Namespace) -> int:
    _demand_root()
    if options.name in running_labs():
        raise LabError(f"The lab “{options.name}” is up and is left alone. Take it down, or tour with --name another.")
    return tour.guided(order_of(options))


def _leaks(options: argparse.Namespace) -> int:
    _demand_root()
    if options.name in running_labs():
        raise LabError(f"The lab “{options.name}” is up and is left alone. Take it down, or use --name another.")
    return leakwalk.by_command(order_of(options), options.steps, options.seed)
