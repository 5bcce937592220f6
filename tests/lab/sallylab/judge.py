# SPDX-License-Identifier: GPL-2.0-or-later
"""Which packets may be heard on a physical wire while Exit or lockdown is wanted and everything is tried at once."""

from __future__ import annotations

from collections.abc import Iterable

from . import battery, expect
from .expect import Situation
from .packets import Packet
from .topology import HOME_PUBLIC4, MESH, MESH_PORT, PRINTER4, PRINTER6

_MESH_HOSTS = {address for address, _ in expect.mesh_endpoints()} | {HOME_PUBLIC4}
_LAN_HOSTS = {PRINTER4, PRINTER6}
_LAN_CLIENTS = {device.lan[0].rpartition(":")[0] for device in MESH.values() if device.lan}


def is_allowed(packet: Packet, situations: Iterable[Situation], tailscale: bool) -> bool:
    """In one of these situations: between two of them, either may hold already."""
    if not packet.outgoing or packet.housekeeping or expect.is_refusal(packet):
        return True
    if tailscale and packet.destination_port == battery.TAILSCALE_PORT:
        return True
    return any(expect.is_underlay(packet, now) or _is_mesh(packet, now) or _is_lan(packet, now) for now in situations)


def _is_mesh(packet: Packet, now: Situation) -> bool:
    """To a device that was last heard from another port of its router's."""
    carries = now.home or bool(now.exit.device)
    return carries and packet.protocol == "udp" and packet.source_port == MESH_PORT and packet.destination in _MESH_HOSTS


def _is_lan(packet: Packet, now: Situation) -> bool:
    return now.place.name == "home" and packet.destination in _LAN_HOSTS | _LAN_CLIENTS and 53 not in (
        packet.destination_port, packet.source_port)


def is_marked(packet: Packet) -> bool:
    """Sent with one of our own marks: routes spare it, and only the guard holds it."""
    return packet.protocol == "udp" and packet.destination_port in battery.MARKED_PORTS
