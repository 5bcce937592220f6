# SPDX-License-Identifier: GPL-2.0-or-later
"""Random steps under the stream of packets, repeatable by their seed."""

from __future__ import annotations

import os
import random
import signal
import sys
import time

from . import neighbours
from .expect import EXITS
from .keeper import LabOrder
from .lab import Lab
from .leaks import Report, Walk
from .steps import STEPS, request

SEED, STEP_COUNT = "SALLYPORT_LEAK_SEED", "SALLYPORT_LEAK_STEPS"
FIRST = EXITS["mullvad-se"]


def chosen_seed() -> int:
    return int(os.environ.get(SEED, "") or random.SystemRandom().randrange(1 << 31))


def walk(lab: Lab, seed: int, count: int, until_first_stray: bool = False, say: bool = False) -> Report:
    """`count` random steps; ends early after a stray if asked to, for what follows may follow from it."""
    neighbours.write_wg_quick_file(lab)
    begin = time.monotonic()
    told: set[str] = set()
    walked = Walk(lab, seed)
    try:
        walked.stream.wait_for_rounds(2)
        _begin_protected(walked)
        kinds, weights = list(STEPS), list(STEPS.values())
        for number in range(1, count + 1):
            step = walked.random.choices(kinds, weights)[0]
            step(walked)
            walked.report.walked = number
            walked.stream.wait_for_rounds(walked.random.randint(1, 4))
            if say:
                _say(walked, number, count, told)
            if walked.report.strays and until_first_stray:
                break
        walked.judge([walked.now], "the end")
    except KeyboardInterrupt:
        print("interrupted; what was found so far:", flush=True)
    finally:
        walked.close()
        walked.report.seconds = time.monotonic() - begin
    return walked.report


def _begin_protected(walked: Walk) -> None:
    """So that the shortest walk has something to judge: chance alone may never ask for an exit that can be reached."""
    request(walked, f"exit use {FIRST.name}", exit=FIRST)
    walked.stream.wait_for_rounds(2)


def _say(walked: Walk, number: int, count: int, told: set[str]) -> None:
    report = walked.report
    print(f"{number}/{count} {walked.history[-1]} → {walked.now}; {len(report.strays)} strays, {len(report.faults)} faults",
          flush=True)
    for found in report.strays + report.faults:
        if found not in told:
            print(found, flush=True)
            told.add(found)


def by_command(order: LabOrder, count: int, seed: int | None) -> int:
    """`lab leaks`: a lab of its own, and 1 if anything was found."""
    seed = chosen_seed() if seed is None else seed
    print(f"{SEED}={seed}", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the lab goes down with us
    lab = Lab.up(order)
    try:
        report = walk(lab, seed, count, say=sys.stdout.isatty() or bool(os.environ.get("SALLYPORT_LEAK_VERBOSE")))
    finally:
        lab.down()
    print(report)
    for found in report.strays[:50] + report.faults[:50]:
        print(found)
    return 1 if report.strays or report.faults else 0
