# SPDX-License-Identifier: GPL-2.0-or-later
"""Questions put to the network from inside a node, and what came back. Each runs in a child process that has entered
the node (`NodeDoor.call`), so names are looked up as any program there would."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import socket
import struct
import time
from dataclasses import dataclass

from . import dns
from .linux import slowness

PATIENCE = 1.5  # seconds for an answer that is expected; refusals come at once


@dataclass(frozen=True)
class Reply:
    """What a question brought: the text of the answer, or why there was none."""

    good: bool
    text: str
    milliseconds: float
    interface: str = ""

    def __bool__(self) -> bool:
        return self.good


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _since(begin: float) -> float:
    return (time.monotonic() - begin) * 1000


def _failed(problem: Exception, begin: float) -> Reply:
    text = "no answer" if isinstance(problem, TimeoutError) else (getattr(problem, "strerror", "") or str(problem))
    return Reply(False, text, _since(begin))


def interface_towards(address: str) -> str:
    """The kernel's own answer to where a packet to this address would leave."""
    with socket.socket(_family(address), socket.SOCK_DGRAM) as probe:
        probe.connect((address, 9))
        local = probe.getsockname()[0]
    for index, name in socket.if_nameindex():
        if local in _addresses_of(name, index):
            return name
    return "?"


def _addresses_of(name: str, index: int) -> set[str]:
    found = set()
    with open("/proc/net/if_inet6", encoding="ascii") as table:
        for line in table:
            fields = line.split()
            if int(fields[1], 16) == index:
                found.add(str(ipaddress.IPv6Address(bytes.fromhex(fields[0]))))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            answer = fcntl.ioctl(probe, 0x8915, struct.pack("256s", name.encode()))  # SIOCGIFADDR
            found.add(socket.inet_ntoa(answer[20:24]))
        except OSError:
            pass
    return found


def fetch(host: str, family: int = 0, port: int = 80, patience: float = PATIENCE) -> Reply:
    """Asks a web server of the lab over TCP. `host` is an address or a name; `family` 4 or 6 narrows a name."""
    begin = time.monotonic()
    kind = {4: socket.AF_INET, 6: socket.AF_INET6}.get(family, socket.AF_UNSPEC)
    try:
        found = socket.getaddrinfo(host, port, kind, socket.SOCK_STREAM)
        with socket.socket(found[0][0], socket.SOCK_STREAM) as connection:
            connection.settimeout(patience * slowness())
            connection.connect(found[0][4])
            connection.sendall(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            data = b""
            while more := connection.recv(65536):
                data += more
            interface = interface_towards(str(found[0][4][0]))
    except OSError as problem:
        return _failed(problem, begin)
    head, _, body = data.partition(b"\r\n\r\n")
    return Reply(b" 200 " in head.split(b"\r\n")[0], body.decode().strip(), _since(begin), interface)


def resolve(name: str, family: int = 4) -> Reply:
    """Looks a name up as any program of the node would."""
    begin = time.monotonic()
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET if family == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    except OSError as problem:
        return _failed(problem, begin)
    return Reply(True, str(found[0][4][0]), _since(begin))


def ask_resolver(server: str, name: str, family: int = 4, patience: float = PATIENCE) -> Reply:
    """One DNS question over UDP to a given server."""
    begin = time.monotonic()
    question = dns.Question(int.from_bytes(os.urandom(2), "big"), name, dns.A if family == 4 else dns.AAAA)
    try:
        with socket.socket(_family(server), socket.SOCK_DGRAM) as probe:
            probe.settimeout(patience * slowness())
            probe.connect((server, 53))
            probe.send(dns.query(question))
            found = dns.addresses(probe.recv(4096))
    except (OSError, ValueError) as problem:
        return _failed(problem, begin)
    return Reply(bool(found), ", ".join(found) or "no such name", _since(begin))


def ask_resolver_tcp(server: str, name: str, patience: float = PATIENCE) -> Reply:
    begin = time.monotonic()
    packet = dns.query(dns.Question(7, name, dns.A))
    try:
        with socket.create_connection((server, 53), timeout=patience * slowness()) as connection:
            connection.sendall(len(packet).to_bytes(2, "big") + packet)
            size = int.from_bytes(connection.recv(2, socket.MSG_WAITALL), "big")
            found = dns.addresses(connection.recv(size, socket.MSG_WAITALL))
    except (OSError, ValueError) as problem:
        return _failed(problem, begin)
    return Reply(bool(found), ", ".join(found) or "no such name", _since(begin))


def ping(address: str, patience: float = PATIENCE) -> Reply:
    """One ICMP echo; a refusal by a router on the way or by this machine's own kernel comes back at once."""
    begin = time.monotonic()
    six = ":" in address
    protocol = socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP
    token = os.urandom(8)
    try:
        with socket.socket(_family(address), socket.SOCK_DGRAM, protocol) as probe:
            level, option = (socket.IPPROTO_IPV6, 25) if six else (socket.IPPROTO_IP, 11)  # IP_RECVERR
            probe.setsockopt(level, option, 1)
            probe.settimeout(patience * slowness())
            probe.connect((address, 0))
            probe.send(struct.pack("!BBHHH", 128 if six else 8, 0, 0, 0, 1) + token)
            while token not in probe.recv(2048):
                pass
    except OSError as problem:
        return _failed(problem, begin)
    return Reply(True, address, _since(begin))


def send_datagram(address: str, port: int, text: str) -> Reply:
    """Sends and does not wait for anything."""
    begin = time.monotonic()
    try:
        with socket.socket(_family(address), socket.SOCK_DGRAM) as probe:
            probe.sendto(text.encode(), (address, port))
    except OSError as problem:
        return _failed(problem, begin)
    return Reply(True, text, _since(begin))
