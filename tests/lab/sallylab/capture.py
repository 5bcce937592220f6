# SPDX-License-Identifier: GPL-2.0-or-later
"""Listening to a node's physical wire, at its far end: what is not heard here has not left the node.

The kernel keeps the frames until they are read. To know that nothing is still on its way, `packets` sends a marked
frame through the same wire from every processor (each has a queue of its own) and reads until all have arrived; frames
that the kernel had no room for make the capture fail instead of being missing silently."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import socket
import struct
import time
import uuid
from collections.abc import Iterator

from .lab import Lab
from .linux import inside, slowness
from .packets import Packet, decode
from .topology import LAN_BRIDGES, NODES

_EVERYTHING = 0x0003
_MARKER = 0x88B5  # IEEE 802 local experimental ethertype
_BUFFER = 64 << 20
_SO_RCVBUFFORCE = 33
_SIOCGIFFLAGS, _IFF_RUNNING = 0x8913, 0x40
_SOL_PACKET, _PACKET_STATISTICS = 263, 6


def far_side(node: str, link: str = "eth0") -> tuple[str, str]:
    """The node and interface at the other end of a cable."""
    segment = next((card.segment for card in NODES[node].links if card.name == link), None)
    if segment is None:
        raise ValueError(f"{node} has no card “{link}”")
    if segment in LAN_BRIDGES or node == "laptop":
        return "switch", node
    return next((other.name, card.name) for other in NODES.values() for card in other.links
                if card.segment == segment and other.name != node)


def _carries(inside_node: socket.socket, link: str) -> bool:
    answer = fcntl.ioctl(inside_node, _SIOCGIFFLAGS, struct.pack("16sH14x", link.encode(), 0))
    return bool(struct.unpack_from("16sH", answer)[1] & _IFF_RUNNING)


class Wire:
    """One wire, from `__init__` on: `link` is the near end, `port` the far end where is listened. Takes both networks."""

    def __init__(self, near: int, link: str, far: int, port: str) -> None:
        self._link = link
        self._near = near
        with inside(far):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        os.close(far)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
        except PermissionError:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._socket.bind((port, _EVERYTHING))
        self._packets: list[Packet] = []

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()
        os.close(self._near)

    def packets(self) -> list[Packet]:
        """Everything up to now, in order."""
        rounds = [self._mark()]
        deadline = time.monotonic() + 30 * slowness()
        while all(rounds):
            if select.select([self._socket], [], [], 1)[0]:
                self._read(rounds)
            else:  # a card that comes up or goes down may swallow a marker
                rounds.append(self._mark())
            if time.monotonic() > deadline:
                raise TimeoutError(f"the capture's own marker did not arrive by {self._link}")
        self._drain()
        self._refuse_loss()
        return list(self._packets)

    def take(self) -> list[Packet]:
        """Everything since the last `take`."""
        taken = self.packets()
        self._packets.clear()
        return taken

    def follow(self) -> Iterator[Packet]:
        """Packet by packet, as they come, without end."""
        while True:
            self._read([])
            yield from self._packets
            self._packets.clear()

    def _mark(self) -> set[bytes]:
        """Sends one marker from each processor; none if the card is down or its cable is pulled at the other end, for then
        nothing can be on its way."""
        markers: set[bytes] = set()
        with inside(self._near):
            sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        processors = os.sched_getaffinity(0)
        try:
            for processor in processors:
                os.sched_setaffinity(0, {processor})
                marker = uuid.uuid4().bytes
                with contextlib.suppress(OSError):
                    sender.bind((self._link, 0))
                    if not _carries(sender, self._link):
                        continue
                    sender.send(b"\x02" + b"\0" * 4 + b"\1" + b"\x02" + b"\0" * 4 + b"\2" +
                                struct.pack("!H", _MARKER) + marker + b"\0" * 30)
                    markers.add(marker)
        finally:
            os.sched_setaffinity(0, processors)
            sender.close()
        return markers

    def _drain(self) -> None:
        while select.select([self._socket], [], [], 0)[0]:
            self._read([])

    def _read(self, rounds: list[set[bytes]]) -> None:
        """One frame; markers are crossed off in their rounds."""
        try:
            frame, address = self._socket.recvfrom(65536)
        except OSError:  # ENETDOWN is reported once when the cable is pulled; the socket lives on
            return
        kind, = struct.unpack_from("!H", frame, 12)
        if kind == _MARKER:
            for missing in rounds:
                missing.discard(frame[14:30])
            return
        packet = decode(frame, outgoing=address[2] != socket.PACKET_OUTGOING)
        if packet:
            self._packets.append(packet)

    def _refuse_loss(self) -> None:
        statistics = self._socket.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8)
        lost = struct.unpack("II", statistics)[1]
        if lost:
            raise BufferError(f"{lost} packets passed faster than they could be kept")


class Capture(Wire):
    """The wire of a node of the lab."""

    def __init__(self, lab: Lab, node: str, link: str = "eth0") -> None:
        far, port = far_side(node, link)
        super().__init__(lab.network(node), link, lab.network(far), port)
