# SPDX-License-Identifier: GPL-2.0-or-later
"""meshd played by a test: attaches itself to a node's helper and speaks core/meshlink by hand."""

from __future__ import annotations

import base64
import ipaddress
import select
import socket
import struct
import time
from dataclasses import dataclass

from .lab import NodeDoor
from .linux import slowness

VERSION = 1
HOME_SETUP, PEER_SETUP, HOME_GONE, PROBE_ARRIVED, STATS, MOVED, TRIED, ACTIVITY_SEEN = range(1, 9)
SEND_PROBE, READ_STATS, MOVE_ENDPOINT, TRY_ENDPOINT, ON_LINK, WATCH_ACTIVITY = range(0x81, 0x87)
_LARGEST = 160 * 1024


def _address(text: str) -> bytes:
    packed = ipaddress.ip_address(text).packed
    return bytes([4 if len(packed) == 4 else 6]) + packed.ljust(16, b"\0")


def _endpoint(address: str, port: int, scope: int = 0) -> bytes:
    return _address(address) + struct.pack("<HI", port, scope)


@dataclass(frozen=True)
class Arrived:
    """A probe, and the path it took."""

    source: str
    port: int
    destination: str
    interface: int
    payload: bytes


class FakeMeshd:
    def __init__(self, node: NodeDoor) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            node.call(_attach, theirs.fileno())
            _, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
        self._link = socket.socket(fileno=descriptors[0])
        self._link.setblocking(False)

    def close(self) -> None:
        self._link.close()

    def __enter__(self) -> FakeMeshd:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _say(self, kind: int, body: bytes = b"") -> None:
        self._link.send(bytes([VERSION, kind]) + body)

    def probe(self, address: str, port: int, payload: bytes, interface: int = 0) -> None:
        self._say(SEND_PROBE, _endpoint(address, port) + struct.pack("<IH", interface, len(payload)) + payload)

    def on_link(self, *peers: tuple[str, int]) -> None:
        """Public keys in base64, and indexes of interfaces."""
        body = b"".join(base64.b64decode(key) + struct.pack("<I", index) for key, index in peers)
        self._say(ON_LINK, struct.pack("<H", len(peers)) + body)

    def watch_activity(self) -> None:
        self._say(WATCH_ACTIVITY)

    def next(self, kind: int, seconds: float = 5) -> bytes | None:
        """The body of the next message of that kind; those before it are forgotten."""
        deadline = time.monotonic() + seconds * slowness()
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._link], [], [], left)[0]:
                return None
            message = self._link.recv(_LARGEST)
            if not message:
                raise ConnectionError("the helper has let go of us")
            if message[:2] == bytes([VERSION, kind]):
                return message[2:]
        return None

    def arrived(self, seconds: float = 5) -> Arrived | None:
        body = self.next(PROBE_ARRIVED, seconds)
        if body is None:
            return None
        source, (port,) = _text(body), struct.unpack_from("<H", body, 17)
        interface, length = struct.unpack_from("<IH", body, 23 + 17)
        return Arrived(source, port, _text(body[23:]), interface, body[46:46 + length])


def _text(address: bytes) -> str:
    return str(ipaddress.ip_address(address[1:5] if address[0] == 4 else address[1:17]))


def _attach(passed: int) -> None:
    """In the node: asks its helper and passes the descriptor on."""
    import dbus  # of Debian's own python3; only who has this module can play meshd

    helper = dbus.SystemBus().get_object("org.sallyport.Helper", "/org/sallyport/Helper", introspect=False)
    end = helper.AttachMesh(dbus_interface="org.sallyport.HelperMesh1").take()
    with socket.socket(fileno=passed) as out:
        socket.send_fds(out, [b"x"], [end])
