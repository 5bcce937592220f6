# SPDX-License-Identifier: GPL-2.0-or-later
"""What a person may expect of the two switches, for every kind of packet: who answers, which address the far side
sees, and what may be heard on the wire meanwhile. Written down from what the words mean, not from how the product
does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import proofs
from .packets import Packet
from .topology import (MESH, MESH_DOMAIN, PRINTER4, PRINTER6, PROVIDER2_4, PROVIDER4, PROVIDER6,
                       PROVIDER_CLIENT4, PROVIDER_DNS4, PROVIDER_PORT, VPS4, VPS6, WEB4, WEB6, WEB_NAME, Place)

HOME_LINK, EXIT_LINK, CARD = "sally-home", "sally-exit", "eth0"
EXIT_DNS = "exit's DNS"
SHORT = 0.4  # seconds to wait for an answer that must not come


@dataclass(frozen=True)
class Exit:
    """One way out of the laptop's configuration, as the world sees it."""

    name: str
    device: str = ""
    endpoint: str = ""
    seen4: str = ""
    seen6: str = ""

    @property
    def link(self) -> str:
        return HOME_LINK if self.device else EXIT_LINK

    @property
    def provider(self) -> bool:
        return bool(self.name) and not self.device


NO_EXIT = Exit("")
EXITS = {e.name: e for e in (
    Exit("mullvad-se", "", PROVIDER4, PROVIDER4, PROVIDER6),
    Exit("mullvad-de", "", PROVIDER2_4, PROVIDER2_4, "2001:db8:51::8"),
    Exit("mullvad-v6", "", PROVIDER6, PROVIDER4, PROVIDER6),
    Exit("vps", "vps", "", VPS4, VPS6),
    Exit("nas", "nas", "", "123.45.67.89", "2001:db8:41::14"),
)}


@dataclass(frozen=True)
class Situation:
    """Both switches and where the laptop is."""

    place: Place
    home: bool
    exit: Exit

    def __str__(self) -> str:
        return f"Home {'on' if self.home else 'off'}, Exit {self.exit.name or 'off'}, at {self.place.name}"


@dataclass(frozen=True)
class Check:
    """One question and the answer that is due; `answer` None means that nobody may answer."""

    kind: str
    ask: Callable[..., proofs.Reply]
    arguments: tuple[object, ...]
    answer: str | None
    link: str = ""  # where it has to leave, if anybody answers

    def judge(self, reply: proofs.Reply) -> str:
        """Empty if the reply is the one that is due, else what is wrong with it."""
        if self.answer is None:
            return f"answered “{reply.text}”, but nobody should" if reply.good else ""
        if not reply.good:
            return f"no answer ({reply.text}), expected “{self.answer}”"
        if reply.text != self.answer:
            return f"answered “{reply.text}”, expected “{self.answer}”"
        if self.link and reply.interface and reply.interface != self.link:
            return f"left by {reply.interface}, expected {self.link}"
        return ""


def _fetch(kind: str, host: str, answer: str | None, link: str, family: int = 0) -> Check:
    patience = proofs.PATIENCE if answer else SHORT
    return Check(kind, proofs.fetch, (host, family, 80, patience), answer, link)


def mesh_checks(now: Situation, device: str = "nas") -> list[Check]:
    peer, own = MESH[device], MESH["laptop"]
    by_exit = now.exit.device == device  # an exit's own mesh address is inside its tunnel even with Home off
    four = f"{device} {own.mesh4}" if now.home or by_exit else None
    six = f"{device} {own.mesh6}" if now.home or by_exit else None
    name = f"{device}.{MESH_DOMAIN}"
    return [_fetch("mesh address, IPv4", peer.mesh4, four, HOME_LINK),
            _fetch("mesh address, IPv6", peer.mesh6, six, HOME_LINK),
            _fetch("mesh name, IPv4", name, four if now.home else None, HOME_LINK, 4),
            _fetch("mesh name, IPv6", name, six if now.home else None, HOME_LINK, 6)]


def lan_checks(now: Situation) -> list[Check]:
    if now.place.name != "home":
        return []
    return [_fetch("LAN host, IPv4", PRINTER4, "printer 10.41.1.2", CARD),
            _fetch("LAN host, IPv6", PRINTER6, "printer fd41::12", CARD)]


def internet_checks(now: Situation) -> list[Check]:
    out = now.exit
    return [_fetch("internet, IPv4", WEB4, out.seen4 if out.name else now.place.seen4, out.link if out.name else CARD),
            _fetch("internet, IPv6", WEB6, out.seen6 if out.name else now.place.seen6, out.link if out.name else CARD)]


def dns_checks(now: Situation) -> list[Check]:
    due = WEB4 if now.exit.provider else None
    patience = proofs.PATIENCE if due else SHORT
    checks = [Check(EXIT_DNS, proofs.ask_resolver, (PROVIDER_DNS4, WEB_NAME, 4, patience), due)]
    # A resolver of the local network sees every name that it is asked for, so with Exit on it must not be.
    for resolver in now.place.resolvers:
        if resolver.startswith(("10.", "172.16.", "192.168.")):
            due = None if now.exit.name else WEB4
            checks.append(Check("network's DNS", proofs.ask_resolver, (resolver, WEB_NAME, 4,
                                                                       proofs.PATIENCE if due else SHORT), due))
    return checks


def all_checks(now: Situation) -> list[Check]:
    return mesh_checks(now) + lan_checks(now) + internet_checks(now) + dns_checks(now)


def dns_client(now: Situation) -> str | None:
    """Who the provider's resolver must have seen."""
    return PROVIDER_CLIENT4 if now.exit.provider else None


def mesh_endpoints(devices: tuple[str, ...] = tuple(MESH)) -> set[tuple[str, int]]:
    found = set()
    for device in devices:
        for endpoint in (*MESH[device].lan, *MESH[device].public):
            address, _, port = endpoint.rpartition(":")
            found.add((address.strip("[]"), int(port)))
    return found


def tunnels(now: Situation) -> set[tuple[str, int]]:
    """Where encrypted packets may go."""
    found = mesh_endpoints() if now.home else set()
    if now.exit.device:
        found |= mesh_endpoints((now.exit.device,))
    if now.exit.provider:
        found.add((now.exit.endpoint, PROVIDER_PORT))
    return found


def is_underlay(packet: Packet, now: Situation) -> bool:
    """A tunnel's own packet. What comes back from a device may come from any port of its router's."""
    return packet.protocol == "udp" and (packet.destination, packet.destination_port) in tunnels(now)


def is_refusal(packet: Packet) -> bool:
    """The port of a tunnel that was just closed says so to those who still send into it, as every closed port does. It
    quotes their own encrypted packet and nothing of ours."""
    peers = {address for address, _ in mesh_endpoints()} | {exit_.endpoint for exit_ in EXITS.values() if exit_.provider}
    return (packet.protocol, packet.kind) in (("icmp", 3), ("icmp6", 1)) and packet.destination in peers


def strays(packets: list[Packet], now: Situation, check: Check) -> list[Packet]:
    """Packets that left the laptop and had no right to, given that only `check` was going on."""
    out = [p for p in packets if p.outgoing and not p.housekeeping and not is_underlay(p, now) and not is_refusal(p)]
    if check.kind.startswith("LAN"):
        return [p for p in out if p.destination != check.arguments[0]]
    if check.kind.startswith("mesh name") and not now.home and not now.exit.name:
        # A name that the mesh does not answer is asked of the network's own resolver, and nothing else happens.
        out = [p for p in out if not (p.protocol == "udp" and p.destination_port == 53
                                      and p.destination in now.place.resolvers)]
    if now.exit.name or (now.home and check.kind.startswith("mesh")):
        return out
    return [p for p in out if p.destination != check.arguments[0]]


