# SPDX-License-Identifier: GPL-2.0-or-later
"""Ethernet frames read into what a proof wants to know: who sent what to whom."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import asdict, dataclass

ARP, IPV4, IPV6 = 0x0806, 0x0800, 0x86DD
_PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmp6", 2: "igmp"}
_EXTENSIONS = {0, 43, 60}  # hop-by-hop, routing, destination options
_NEIGHBOUR = range(130, 138), range(143, 144)  # multicast listeners, routers and neighbours


@dataclass(frozen=True)
class Packet:
    outgoing: bool  # from the node, as opposed to towards it
    protocol: str  # arp, icmp, icmp6, tcp, udp, igmp, or a number
    source: str
    destination: str
    length: int  # of the IP packet
    source_port: int = 0
    destination_port: int = 0
    kind: int = -1  # ICMP type

    @property
    def housekeeping(self) -> bool:
        """What any network card says by itself: address resolution, router and listener messages."""
        return self.protocol in ("arp", "igmp") or (self.protocol == "icmp6" and
                                                    any(self.kind in kinds for kinds in _NEIGHBOUR))

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def __str__(self) -> str:
        way = "→" if self.outgoing else "←"
        ports = f" {self.source_port}→{self.destination_port}" if self.source_port else ""
        kind = f" type {self.kind}" if self.kind >= 0 else ""
        return f"{way} {self.protocol:5} {self.source} → {self.destination}{ports}{kind}, {self.length} bytes"


def decode(frame: bytes, outgoing: bool) -> Packet | None:
    """None for what is neither IP nor ARP."""
    if len(frame) < 14:
        return None
    kind, = struct.unpack_from("!H", frame, 12)
    payload = frame[14:]
    if kind == ARP and len(payload) >= 28:
        return Packet(outgoing, "arp", _four(payload[14:18]), _four(payload[24:28]), len(payload))
    if kind == IPV4 and len(payload) >= 20:
        head = (payload[0] & 15) * 4
        first = struct.unpack_from("!H", payload, 6)[0] & 0x1FFF == 0
        return _transport(outgoing, payload[9], _four(payload[12:16]), _four(payload[16:20]),
                          struct.unpack_from("!H", payload, 2)[0], payload[head:] if first else b"")
    if kind == IPV6 and len(payload) >= 40:
        following, content = _skip_extensions(payload[6], payload[40:])
        return _transport(outgoing, following, _six(payload[8:24]), _six(payload[24:40]),
                          40 + struct.unpack_from("!H", payload, 4)[0], content)
    return None


def _skip_extensions(following: int, content: bytes) -> tuple[int, bytes]:
    while following in _EXTENSIONS and len(content) >= 8:
        following, content = content[0], content[(content[1] + 1) * 8:]
    return following, content


def _transport(outgoing: bool, number: int, source: str, destination: str, length: int, content: bytes) -> Packet:
    protocol = _PROTOCOLS.get(number, str(number))
    if protocol in ("tcp", "udp") and len(content) >= 4:
        ports = struct.unpack_from("!2H", content)
        return Packet(outgoing, protocol, source, destination, length, ports[0], ports[1])
    if protocol in ("icmp", "icmp6") and content:
        return Packet(outgoing, protocol, source, destination, length, kind=content[0])
    return Packet(outgoing, protocol, source, destination, length)


def _four(data: bytes) -> str:
    return str(ipaddress.IPv4Address(data))


def _six(data: bytes) -> str:
    return str(ipaddress.IPv6Address(data))
