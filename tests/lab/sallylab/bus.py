# SPDX-License-Identifier: GPL-2.0-or-later
"""Waiting until a name is on a system bus: the handful of D-Bus messages that it takes."""

from __future__ import annotations

import os
import re
import select
import socket
import struct
import time
from pathlib import Path

from .linux import slowness

SOCKET = "/run/dbus/system_bus_socket"
_BUS = "org.freedesktop.DBus"
_STAND_IN_FOR_POLKITD = '<policy user="root"><allow own="org.freedesktop.PolicyKit1"/></policy>\n'
_STANDARD = Path("/usr/share/dbus-1/system.conf")


def configuration(keep_user: bool) -> str:
    """The distribution's own bus configuration, in the foreground and without activation; in a user namespace there
    is no other user to run it."""
    text = _STANDARD.read_text(encoding="utf-8")
    for element in ("fork", "syslog", "keep_umask", "standard_system_servicedirs"):
        text = re.sub(rf"<{element}\s*/>", "", text)
    for element in ("pidfile", "servicehelper", *(() if keep_user else ("user",))):
        text = re.sub(rf"<{element}>[^<]*</{element}>", "", text)
    if not keep_user:
        text = text.replace("</busconfig>", _STAND_IN_FOR_POLKITD + "</busconfig>")
    return text.replace("<includedir>system.d</includedir>",
                        "<includedir>/usr/share/dbus-1/system.d</includedir>")


def answers() -> bool:
    """The socket is there a moment before anybody listens on it."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(SOCKET)
        except OSError:
            return False
    return True


class Bus:
    """A connection that can do two things: ask whether a name has an owner, and wait for a change."""

    def __init__(self, path: str = SOCKET) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._serial, self._buffer = 0, b""
        self._socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        if not self._socket.recv(512).startswith(b"OK"):
            raise ConnectionError("the bus does not know us")
        self._socket.sendall(b"BEGIN\r\n")
        self._call("Hello")
        self._call("AddMatch", f"type='signal',sender='{_BUS}',member='NameOwnerChanged'")

    def __enter__(self) -> Bus:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def has(self, name: str) -> bool:
        return self._call("NameHasOwner", name)[-4:] == b"\1\0\0\0"

    def wait_for(self, name: str, seconds: float) -> bool:
        deadline = time.monotonic() + seconds * slowness()
        while not self.has(name):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if not self._buffer and not select.select([self._socket], [], [], left)[0]:
                return False
            self._message()
        return True

    def _call(self, member: str, argument: str | None = None) -> bytes:
        self._serial += 1
        fields = [(1, "o", "/org/freedesktop/DBus"), (2, "s", _BUS), (3, "s", member), (6, "s", _BUS)]
        body = b"" if argument is None else _string(argument)
        if argument is not None:
            fields.append((8, "g", "s"))
        self._socket.sendall(_header(self._serial, fields, len(body)) + body)
        while True:
            kind, serial, content = self._message()
            if serial == self._serial and kind == 2:
                return content
            if serial == self._serial and kind == 3:
                raise ConnectionError(f"the bus refused {member}")

    def _message(self) -> tuple[int, int, bytes]:
        """One message: its type, the serial it replies to, its body."""
        fixed = self._take(16)
        kind, (body, _serial, fields) = fixed[1], struct.unpack_from("<3I", fixed, 4)
        head = self._take(fields + (-fields) % 8)
        return kind, _reply_serial(head[:fields]), self._take(body)

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionError("the bus is gone")
            self._buffer += data
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<I", len(data)) + data + b"\0"


def _header(serial: int, fields: list[tuple[int, str, str]], body: int) -> bytes:
    array = b""
    for code, kind, value in fields:
        array += b"\0" * (-len(array) % 8) + bytes([code, 1, ord(kind), 0])
        array += bytes([len(value)]) + value.encode() + b"\0" if kind == "g" else _string(value)
    head = struct.pack("<4B3I", ord("l"), 1, 0, 1, body, serial, len(array)) + array
    return head + b"\0" * (-len(head) % 8)


def _reply_serial(fields: bytes) -> int:
    """Walks the header fields of the types that the bus itself sends: strings, signatures and the reply serial."""
    at = 0
    while at < len(fields):
        at += -at % 8
        code, kind = fields[at], chr(fields[at + 2])
        at += 4
        if kind == "u":
            if code == 5:
                return int(struct.unpack_from("<I", fields, at)[0])
            at += 4
        else:
            at += fields[at] + 2 if kind == "g" else struct.unpack_from("<I", fields, at)[0] + 5
    return 0
