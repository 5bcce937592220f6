# SPDX-License-Identifier: GPL-2.0-or-later
"""A machine that never stops talking: the whole battery again and again, and beside it payload that should arrive. Runs as
a program of its own in a node; the counters are the file that is its standard output."""

from __future__ import annotations

import contextlib
import os
import signal
import struct
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from . import battery, proofs
from .lab import Lab
from .linux import slowness
from .topology import MESH, PLACES, PRINTER4, PRINTER6, WEB4, WEB6

# Seconds between two rounds of the battery, and between two requests of the payload; a slow machine has other things to do.
PAUSE, PAYLOAD_PAUSE = 0.015 * slowness(), 0.15 * slowness()
_COUNTERS = struct.Struct("4Q")
RESOLVERS = tuple(sorted({r for place in PLACES.values() for r in place.resolvers}))
# One thread each, so that nobody waits for somebody else's answer.
PAYLOAD = (WEB4, WEB6, MESH["nas"].mesh4, MESH["desktop"].mesh6, PRINTER4, PRINTER6)


@dataclass(frozen=True)
class Counters:
    rounds: int
    sent: int  # taken by the kernel
    refused: int  # the sender was told at once
    answered: int  # payload that came back


class Stream:
    """The stream as its starter sees it."""

    def __init__(self, lab: Lab, node: str = "laptop") -> None:
        self._file = os.memfd_create("stream")
        os.ftruncate(self._file, _COUNTERS.size)
        self._process = lab.node(node).start(["/usr/bin/python3", "-B", "-m", "sallylab.stream"],
                                             str(Path(__file__).resolve().parents[1]), stdout=self._file)

    def counters(self) -> Counters:
        return Counters(*_COUNTERS.unpack(os.pread(self._file, _COUNTERS.size, 0)))

    def wait_for_rounds(self, count: int, seconds: float = 20) -> None:
        """Until that many whole rounds have been fired from now on."""
        due = self.counters().rounds + count + 1
        deadline = time.monotonic() + seconds * slowness()
        while self.counters().rounds < due:
            if time.monotonic() > deadline or os.waitpid(self._process, os.WNOHANG)[0]:
                raise TimeoutError("the stream of packets has stopped")
            time.sleep(0.005)

    def end(self) -> Counters:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._process, 0)
        counters = self.counters()
        os.close(self._file)
        return counters


def _talk(address: str, answered: list[int]) -> None:
    while True:
        begin = time.monotonic()
        if proofs.fetch(address, 0, 80, 0.5):
            answered[0] += 1
        time.sleep(max(0.0, PAYLOAD_PAUSE - (time.monotonic() - begin)))


def main() -> None:
    answered = [0]
    for address in PAYLOAD:
        threading.Thread(target=_talk, args=(address, answered), daemon=True).start()
    rounds = sent = refused = 0
    while True:
        told = battery.fire(RESOLVERS)
        rounds += 1
        refused += sum(1 for words in told.values() if words)
        sent += sum(1 for words in told.values() if not words)
        os.pwrite(sys.stdout.fileno(), _COUNTERS.pack(rounds, sent, refused, answered[0]), 0)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
