# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts the requests for change that programs send to the kernel, as an nlmon interface shows them."""
import socket
import struct
from collections import Counter

from stage import inside, run

MONITOR = "bench-nlmon"
ETH_P_ALL = 3
ROUTE, NETFILTER, GENERIC = 0, 12, 16
NEW, DELETE = 0, 1  # what the type of an rtnetlink message is modulo four
LINK_NAMES = ("link", "address", "route", "neighbour", "rule")
NFT_BATCH_BEGIN = 0x10
FIRST_GENERIC_FAMILY = 0x11
WIREGUARD_SET = 1
FLAG_REQUEST, FLAG_DUMP = 0x1, 0x300


def describe(family: int, message: bytes) -> str | None:
    """A word for a request that changes something, None for a question."""
    _, kind, flags = struct.unpack_from("=IHH", message)
    if not flags & FLAG_REQUEST:  # the interface shows answers and notifications, too
        return None
    if family == ROUTE and kind >= 16 and (kind - 16) % 4 in (NEW, DELETE):
        group = (kind - 16) // 4
        name = LINK_NAMES[group] if group < len(LINK_NAMES) else f"rtnetlink-{kind}"
        return f"{'add' if (kind - 16) % 4 == NEW else 'delete'} {name}"
    if family == NETFILTER and kind == NFT_BATCH_BEGIN:
        return "nftables transaction"
    if family == GENERIC and kind >= FIRST_GENERIC_FAMILY and not flags & FLAG_DUMP and message[16] == WIREGUARD_SET:
        return "set wireguard"
    return None


def messages_in(datagram: bytes) -> list[bytes]:
    found, at = [], 0
    while at + 16 <= len(datagram):
        length = max(16, struct.unpack_from("=I", datagram, at)[0])
        found.append(datagram[at:at + length])
        at += (length + 3) & ~3
    return found


class NetlinkCounter:
    """with NetlinkCounter(network) as counter: ...; then counter.seen"""

    def __init__(self, network: str) -> None:
        self.network = network
        self.seen: Counter[str] = Counter()

    def __enter__(self) -> "NetlinkCounter":
        run("ip", "-n", self.network, "link", "add", MONITOR, "type", "nlmon")
        run("ip", "-n", self.network, "link", "set", MONITOR, "up")
        with inside(self.network):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
        self.socket.bind((MONITOR, ETH_P_ALL))
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.setblocking(False)
        while True:
            try:
                datagram, address = self.socket.recvfrom(1 << 20)
            except BlockingIOError:
                break
            words = (describe(address[1], part) for part in messages_in(datagram))
            self.seen.update(word for word in words if word)
        self.socket.close()
        run("ip", "-n", self.network, "link", "delete", MONITOR)
