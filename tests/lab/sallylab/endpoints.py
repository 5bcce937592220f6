# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads which endpoint WireGuard has for its only peer, often and without starting a program each time."""

from __future__ import annotations

import errno
import os
import socket
import struct
from pathlib import Path

from .linux import inside

NETLINK_GENERIC, GENL_ID_CTRL = 16, 16
NLMSG_ERROR, NLMSG_DONE = 2, 3
REQUEST, REQUEST_DUMP = 1, 0x301
GET_FAMILY, FAMILY_ID, FAMILY_NAME = 3, 1, 2
GET_DEVICE, DEVICE_NAME, DEVICE_PEERS, PEER_ENDPOINT = 0, 2, 8, 4


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def _attributes(data: bytes) -> dict[int, bytes]:
    found, at = {}, 0
    while at + 4 <= len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        found[kind & 0x3FFF] = data[at + 4:at + size]
        at += max(4, (size + 3) & ~3)
    return found


def _text(address: bytes) -> str:
    family, = struct.unpack_from("=H", address)
    port, = struct.unpack_from("!H", address, 2)
    if family == socket.AF_INET:
        return f"{socket.inet_ntop(family, address[4:8])}:{port}"
    scope, = struct.unpack_from("=I", address, 24)
    return f"[{socket.inet_ntop(family, address[8:24])}{f'%{scope}' if scope else ''}]:{port}"


class KernelDevice:
    """Over generic netlink."""

    def __init__(self, network: int, link: str) -> None:
        with inside(network):
            self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self._link = link
        self._family = GENL_ID_CTRL
        answer = self._ask(REQUEST, GET_FAMILY, _attribute(FAMILY_NAME, b"wireguard\0"))
        self._family, = struct.unpack("=H", _attributes(answer)[FAMILY_ID])

    def endpoint(self) -> str:
        answer = self._ask(REQUEST_DUMP, GET_DEVICE, _attribute(DEVICE_NAME, self._link.encode() + b"\0"))
        peers = list(_attributes(_attributes(answer)[DEVICE_PEERS]).values())
        return _text(_attributes(peers[0])[PEER_ENDPOINT])

    def close(self) -> None:
        self._socket.close()

    def _ask(self, flags: int, command: int, attributes: bytes) -> bytes:
        body = struct.pack("=BBH", command, 1, 0) + attributes
        self._socket.send(struct.pack("=IHHII", 16 + len(body), self._family, flags, 1, 0) + body)
        answer = b""
        while True:
            data = self._socket.recv(1 << 16)
            while data:
                size, kind = struct.unpack_from("=IH", data)
                if kind == NLMSG_ERROR:
                    raise OSError(-struct.unpack_from("=i", data, 16)[0], "WireGuard refused")
                if kind == NLMSG_DONE:
                    return answer
                answer = data[20:size]
                data = data[(size + 3) & ~3:]
            if flags == REQUEST:
                return answer


class UserspaceDevice:
    """Over the socket of wireguard-go."""

    def __init__(self, link: str) -> None:
        self._path = f"/var/run/wireguard/{link}.sock"

    def endpoint(self) -> str:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self._path)
            connection.sendall(b"get=1\n\n")
            answer = connection.makefile("rb")
            for line in answer:
                if line.startswith(b"endpoint="):
                    return line.decode().strip().removeprefix("endpoint=")
        raise OSError(errno.ENOENT, f"{self._path}: no endpoint")

    def close(self) -> None:
        pass


def device(network: int, link: str) -> KernelDevice | UserspaceDevice:
    """Whichever serves the link."""
    if Path(f"/var/run/wireguard/{link}.sock").exists():
        return UserspaceDevice(link)
    return KernelDevice(network, link)


def network_of(name: str) -> int:
    return os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)
