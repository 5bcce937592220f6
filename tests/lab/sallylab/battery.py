# SPDX-License-Identifier: GPL-2.0-or-later
"""One packet of every kind that must not leave past a closed guard, sent as fast as the kernel takes them. Nobody waits
for an answer: the wire says what left."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable, Iterator

from .topology import MESH_PORT, PROVIDER4, PROVIDER_PORT, WEB4, WEB6

SO_MARK = 36
DNS4, DNS6 = "9.9.9.9", "2001:db8:9::9"
HOME_MARK, EXIT_MARK, TAILSCALE_MARK = 0xA1000000, 0xA2000000, 0x80000
MARKED_PORTS = (4441, 4442, 4443, 4444)
TAILSCALE_PORT = 41641


def _echo(family: int) -> bytes:
    return bytes([8, 0, 0xF7, 0xFF, 0, 0, 0, 0]) if family == socket.AF_INET else bytes([128, 0, 0, 0, 0, 1, 0, 1])


@contextlib.contextmanager
def _open(family: int, kind: int, protocol: int, mark: int) -> Iterator[socket.socket]:
    with socket.socket(family, kind | socket.SOCK_NONBLOCK, protocol) as opened:
        if mark:
            opened.setsockopt(socket.SOL_SOCKET, SO_MARK, struct.pack("I", mark))
        yield opened


def _udp(address: str, port: int, mark: int = 0, source_port: int = 0) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with _open(family, socket.SOCK_DGRAM, 0, mark) as sender:
        if source_port:
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sender.bind(("", source_port))
        sender.sendto(b"stray", (address, port))


def _tcp(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with _open(family, socket.SOCK_STREAM, 0, 0) as caller:
        caller.connect_ex((address, port))


def _ping(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    protocol = socket.IPPROTO_ICMPV6 if ":" in address else socket.IPPROTO_ICMP
    with _open(family, socket.SOCK_RAW, protocol, 0) as sender:
        sender.sendto(_echo(family), (address, 0))


def shots(resolvers: tuple[str, ...]) -> dict[str, Callable[[], None]]:
    """By kind. What carries a mark goes to a port of its own, so that the wire tells it from the others: only root can
    set marks, so such packets do not come from programs that know nothing of ours."""
    found = {
        "TCP 443, IPv4": lambda: _tcp(WEB4, 443), "TCP 80, IPv6": lambda: _tcp(WEB6, 80),
        "UDP 443, IPv4": lambda: _udp(WEB4, 443), "UDP 443, IPv6": lambda: _udp(WEB6, 443),
        "ping, IPv4": lambda: _ping(WEB4), "ping, IPv6": lambda: _ping(WEB6),
        "DNS, IPv4": lambda: _udp(DNS4, 53), "DNS, IPv6": lambda: _udp(DNS6, 53),
        "DNS by TCP": lambda: _tcp(DNS4, 53), "DNS over TLS": lambda: _tcp(DNS4, 853),
        "the exit's server, unmarked": lambda: _udp(PROVIDER4, PROVIDER_PORT),
        "the exit's server, another port": lambda: _udp(PROVIDER4, 443),
        "the exit's mark to another port": lambda: _udp(PROVIDER4, MARKED_PORTS[0], EXIT_MARK),
        "the exit's mark to another server": lambda: _udp(WEB4, MARKED_PORTS[1], EXIT_MARK),
        "home's mark from another port": lambda: _udp(WEB4, MARKED_PORTS[2], HOME_MARK),
        "a mark of ours that nobody uses": lambda: _udp(WEB4, MARKED_PORTS[3], 0xA4000000),
        "Tailscale's mark without Tailscale": lambda: _udp(WEB4, TAILSCALE_PORT, TAILSCALE_MARK),
        "home's port without its mark": lambda: _udp(WEB4, 443, 0, MESH_PORT + 1),
    }
    for resolver in resolvers:
        found[f"DNS to {resolver}"] = lambda to=resolver: _udp(to, 53)
        found[f"DNS by TCP to {resolver}"] = lambda to=resolver: _tcp(to, 53)
    return found


def fire(resolvers: tuple[str, ...]) -> dict[str, str]:
    """What the sender was told, by kind: empty if the kernel took the packet."""
    told = {}
    for kind, shoot in shots(resolvers).items():
        try:
            shoot()
            told[kind] = ""
        except OSError as problem:
            told[kind] = problem.strerror or str(problem)
    return told
