# SPDX-License-Identifier: GPL-2.0-or-later
"""Numbered datagrams from the lab's laptop to its web server, which notes when each arrived and from which address."""

from __future__ import annotations

import os
import pickle
import select
import socket
import struct
import time
from dataclasses import dataclass, field

from sallylab.lab import Lab
from sallylab.linux import die_with_parent, inside, slowness
from sallylab.topology import WEB4

PORT = 7007
SO_TIMESTAMPNS = 35
GRACE = 0.3  # seconds for what is still on its way
NUMBER = struct.Struct("!I")


@dataclass
class Record:
    """Times are seconds of the wall clock, of which one machine has only one."""

    sent: dict[int, float] = field(default_factory=dict)
    arrived: list[tuple[float, int, str]] = field(default_factory=list)  # time, number, from

    def first_from(self, address: str) -> float:
        return next(time for time, _, source in self.arrived if source == address)

    def gap(self, old: str, new: str) -> float:
        """Seconds without a way out."""
        back = self.first_from(new)
        return back - max(time for time, _, source in self.arrived if source == old and time < back)

    def lost(self, begin: float, end: float) -> int:
        present = {number for _, number, _ in self.arrived}
        return sum(begin <= time <= end and number not in present for number, time in self.sent.items())

    def past(self, exits: tuple[str, ...]) -> int:
        """How many went past every exit."""
        return sum(source not in exits for _, _, source in self.arrived)


class Stream:
    """with Stream(lab, pause) as stream: ...; stream.await_from(address); then stream.record"""

    def __init__(self, lab: Lab, pause: float) -> None:
        self._pause = pause
        self.record = Record()
        with inside(lab.network("laptop")):
            self._sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        with inside(lab.network("www")):
            self._receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._receiver.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._receiver.bind((WEB4, PORT))

    def __enter__(self) -> Stream:
        self._news, news = os.pipe()
        stop, self._stop = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            die_with_parent()
            os.close(self._stop)
            self._run(stop, news)
            os._exit(0)
        os.close(news)
        os.close(stop)
        self._receiver.close()
        self._sender.close()
        return self

    def await_from(self, address: str) -> None:
        """Returns when the last datagram came from this address."""
        deadline = time.monotonic() + 20 * slowness()
        seen = ""
        while seen != address:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._news], [], [], left)[0]:
                raise TimeoutError(f"nothing arrived from {address}, the last came from {seen or 'nowhere'}")
            seen = os.read(self._news, 64).decode().split()[-1]

    def __exit__(self, *_: object) -> None:
        os.close(self._stop)
        with os.fdopen(self._news, "rb") as news:
            data = news.read()
        os.waitpid(self._child, 0)
        self.record = pickle.loads(data[data.index(b"\n\0") + 2:])

    def _run(self, stop: int, news: int) -> None:
        """Each change of address is told at once; the record follows after the end."""
        last, number, due, end = "", 0, time.monotonic(), float("inf")
        while time.monotonic() < end:
            if time.monotonic() >= due and end == float("inf"):
                number += 1
                self._send(number)
                due = max(due + self._pause, time.monotonic())
            waited = [self._receiver] + ([stop] if end == float("inf") else [])
            ready = select.select(waited, [], [], max(0.0, min(due if end == float("inf") else end,
                                                               due + GRACE) - time.monotonic()))[0]
            if stop in ready:
                end = time.monotonic() + GRACE
            if self._receiver in ready:
                source = self._receive()
                if source != last:
                    os.write(news, f"{source} ".encode())
                    last = source
        with os.fdopen(news, "wb") as answer:
            answer.write(b"\n\0" + pickle.dumps(self.record))

    def _send(self, number: int) -> None:
        self.record.sent[number] = time.time()
        try:
            self._sender.sendto(NUMBER.pack(number), (WEB4, PORT))
        except OSError:  # refused by a guard or a route: it is lost, and counted so
            pass

    def _receive(self) -> str:
        data, ancillary, _, address = self._receiver.recvmsg(64, 256)
        stamp = next(value for _, kind, value in ancillary if kind == SO_TIMESTAMPNS)
        seconds, nanoseconds = struct.unpack("qq", stamp)
        self.record.arrived.append((seconds + nanoseconds / 1e9, NUMBER.unpack(data)[0], address[0]))
        return str(address[0])
