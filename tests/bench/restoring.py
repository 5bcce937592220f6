# SPDX-License-Identifier: GPL-2.0-or-later
"""How long our rules and our guard are missing after somebody else removed them, as the kernel's own notifications say."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator

from sallylab.linux import inside, slowness

SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
NETLINK_ROUTE, NETLINK_NETFILTER = 0, 12
RULE_GROUPS, TABLE_GROUPS = (8, 19), (7,)  # RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE; NFNLGRP_NFTABLES
RTM_NEWRULE, RTM_DELRULE = 32, 33
NFT_NEWTABLE, NFT_DELTABLE = 0xA00, 0xA02
FIB_RULE_HEADER, NFTABLES_HEADER = 12, 4
FRA_PRIORITY, NFTA_TABLE_NAME = 6, 1
EXIT_RULE = 5400
GUARD = b"sallyport_guard"

Event = tuple[float, int, bytes]  # when, message type, what


def attribute(message: bytes, header: int, wanted: int) -> bytes:
    at = 16 + header
    while at + 4 <= len(message):
        length, kind = struct.unpack_from("=HH", message, at)
        if kind & 0x3FFF == wanted:
            return message[at + 4:at + length]
        at += (max(4, length) + 3) & ~3
    return b""


class Listener:
    """To one kind of notification of one network."""

    def __init__(self, network: int, protocol: int, groups: tuple[int, ...]) -> None:
        with inside(network):
            self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        self._socket.bind((0, 0))
        for group in groups:
            self._socket.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
        self._header, self._wanted = ((FIB_RULE_HEADER, FRA_PRIORITY) if protocol == NETLINK_ROUTE
                                      else (NFTABLES_HEADER, NFTA_TABLE_NAME))

    def close(self) -> None:
        self._socket.close()

    def events(self) -> Iterator[Event]:
        while select.select([self._socket], [], [], 20 * slowness())[0]:
            datagram = self._socket.recv(1 << 20)
            now, at = time.monotonic(), 0
            while at + 16 <= len(datagram):
                length, kind = struct.unpack_from("=IH", datagram, at)
                yield now, kind, attribute(datagram[at:at + length], self._header, self._wanted)
                at += (max(16, length) + 3) & ~3
        raise TimeoutError("what was removed did not come back")


def missing_for(listener: Listener, gone: int, back: int, what: Callable[[bytes], bool]) -> float:
    """Milliseconds between the two notifications about the same thing."""
    left = 0.0
    for when, kind, name in listener.events():
        if kind == gone and what(name):
            left = when
        elif kind == back and what(name) and left:
            return (when - left) * 1000
    raise AssertionError("events() does not end")


@contextlib.contextmanager
def at_once() -> Iterator[None]:
    """This process, for a while, before all others: what it notes is when it happened, also on a busy machine."""
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    try:
        yield
    finally:
        with contextlib.suppress(PermissionError):
            os.sched_setscheduler(0, *before)


def missing_after(listener: Listener, network: int, command: list[str], gone: int, back: int,
                  what: Callable[[bytes], bool]) -> float:
    """Listens while the command runs."""
    with inside(network):
        culprit = subprocess.Popen(command)
    with at_once():
        taken = missing_for(listener, gone, back, what)
    listener.close()
    if culprit.wait() != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {culprit.returncode}")
    return taken


def rule_missing(network: int, family: str) -> float:
    listener = Listener(network, NETLINK_ROUTE, RULE_GROUPS)
    return missing_after(listener, network, ["ip", family, "rule", "del", "pref", str(EXIT_RULE)], RTM_DELRULE,
                         RTM_NEWRULE, lambda value: value == struct.pack("=I", EXIT_RULE))


def guard_missing(network: int) -> float:
    listener = Listener(network, NETLINK_NETFILTER, TABLE_GROUPS)
    return missing_after(listener, network, ["nft", "flush", "ruleset"], NFT_DELTABLE, NFT_NEWTABLE,
                         lambda value: value.rstrip(b"\0") == GUARD)
