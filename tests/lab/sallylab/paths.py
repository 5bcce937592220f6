# SPDX-License-Identifier: GPL-2.0-or-later
"""Watching how a device is reached: a stream of echo requests, the kernel's endpoint, meshd's ledger, a second card."""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from .build import ip_batch
from .lab import Lab, NodeDoor
from .linux import inside
from .topology import MESH


@dataclass(frozen=True)
class Echoes:
    """What came of a stream of echo requests; times in seconds since its begin."""

    sent: list[float]
    answered: dict[int, float]  # by number, how long the answer took

    @property
    def lost(self) -> list[int]:
        return [number for number in range(len(self.sent)) if number not in self.answered]

    def gap(self) -> float:
        """The longest time in which nothing that was sent was answered."""
        times = [self.sent[n] for n in sorted(self.answered)]
        return max((b - a for a, b in zip(times, times[1:])), default=0.0)


class EchoStream:
    """ICMP echo requests from a node, every few milliseconds, until the end of the `with`."""

    def __init__(self, lab: Lab, node: str, address: str, every: float = 0.01) -> None:
        six = ":" in address
        network = lab.network(node)
        with inside(network):
            self._socket = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM,
                                         socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP)
        os.close(network)
        self._socket.setblocking(False)
        self._kind, self._address, self._every = (128 if six else 8), address, every
        self._sent: list[float] = []
        self._answered: dict[int, float] = {}
        self._begin = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> EchoStream:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()

    def now(self) -> Echoes:
        """So far; the newest ones may still be answered."""
        return Echoes(list(self._sent), dict(self._answered))

    def end(self, patience: float = 1.0) -> Echoes:
        """Stops asking and waits for late answers."""
        self._over.set()
        self._thread.join()
        deadline = time.monotonic() + patience
        while len(self._answered) < len(self._sent) and (left := deadline - time.monotonic()) > 0:
            self._listen(left)
        return self.now()

    def answered_since(self, moment: float) -> bool:
        """Whether a request that was sent after `moment` (time.monotonic) has been answered."""
        return any(self._begin + self._sent[n] > moment for n in list(self._answered))

    def _run(self) -> None:
        due = time.monotonic()
        while not self._over.is_set():
            number = len(self._sent)
            self._sent.append(time.monotonic() - self._begin)
            try:
                self._socket.sendto(struct.pack("!BBHHHI", self._kind, 0, 0, 0, number & 0xffff, number), (self._address, 0))
            except OSError:
                pass  # no way there at the moment: counts as lost
            due += self._every
            while (left := due - time.monotonic()) > 0:
                self._listen(left)

    def _listen(self, patience: float) -> None:
        if not select.select([self._socket], [], [], patience)[0]:
            return
        try:
            data = self._socket.recv(2048)
        except OSError:
            return
        if len(data) >= 12:
            number, = struct.unpack_from("!I", data, 8)
            if number < len(self._sent):
                self._answered.setdefault(number, time.monotonic() - self._begin - self._sent[number])


class SecondCard:
    """Another card of the laptop, in a network of the lab, beside the first: make before break."""

    NAME, _PORT = "wlan0", "laptop-wlan"

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def plug_in(self, lan: str, addresses: tuple[str, ...], routes: tuple[str, ...] = ()) -> None:
        switch, laptop = self._lab.network("switch"), self._lab.network("laptop")
        with inside(switch):
            ip_batch([f"link add {self._PORT} type veth peer name {self.NAME}",
                      f"link set {self._PORT} master br-{lan} up",
                      f"link set {self.NAME} netns /proc/{os.getpid()}/fd/{laptop}"])
        with inside(laptop):
            ip_batch([f"link set {self.NAME} up",
                      *(f"addr add {a} dev {self.NAME}" + (" nodad" if ":" in a else "") for a in addresses),
                      *(f"route add {route} dev {self.NAME}" for route in routes)])
        os.close(switch)
        os.close(laptop)

    def unplug(self) -> None:
        switch = self._lab.network("switch")
        with inside(switch):
            ip_batch([f"link del {self._PORT}"])
        os.close(switch)


def public_key(door: NodeDoor, peer: str) -> str:
    return _tunnel(door).get(peer, ("", ""))[0]


def endpoint(door: NodeDoor, peer: str) -> str:
    """The kernel's own word: where WireGuard sends what is for that device."""
    return _tunnel(door).get(peer, ("", ""))[1]


def _tunnel(door: NodeDoor) -> dict[str, tuple[str, str]]:
    """Public key and endpoint of each device. Asked anew each time: another lab has other keys."""
    found: dict[str, tuple[str, str]] = {}
    for line in door.output(["wg", "show", "sally-home", "dump"], False).splitlines()[1:]:
        key, _, place, allowed, *_ = line.split("\t")
        for name, member in MESH.items():
            if f"{member.mesh4}/32" in allowed.split(","):
                found[name] = key, "" if place == "(none)" else place
    return found


def ledger(door: NodeDoor, peer: str) -> dict[str, dict[str, object]]:
    """What meshd says of that device's candidates, by address. Empty if it knows none."""
    text = door.output(["busctl", "--system", "--json=short", "call", "org.sallyport.Mesh", "/org/sallyport/Mesh",
                        "org.sallyport.Mesh1", "GetLedger"], False)
    if not text.strip():
        return {}
    key = public_key(door, peer)
    for entry in _plain(json.loads(text)["data"][0]).get("peers", []):
        if entry["publicKey"] == key:
            return {str(candidate["address"]): candidate for candidate in entry["candidates"]}
    return {}


def _plain(value: Any) -> Any:
    """busctl tells the type of every variant."""
    if isinstance(value, dict):
        return _plain(value["data"]) if set(value) == {"type", "data"} else {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def mesh4(peer: str) -> str:
    return MESH[peer].mesh4
