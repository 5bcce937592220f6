# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds the namespaces and cables of a topology. Runs in the keeper's network namespace, which is the switch: every
LAN is a bridge in it and every card on a LAN has its other end here, so that any wire can be listened to in one place
and the laptop is moved by putting its cable into another bridge."""

from __future__ import annotations

import os
import subprocess

from . import firewall
from .linux import CLONE_NEWNET, MS_BIND, inside, mount, setns, unshare, write_sysctl
from .topology import LAN_BRIDGES, NODES, Link, Node, Place

NETNS_FOLDER = "/run/netns"

_COMMON = {"ipv6/conf/all/accept_dad": "0", "ipv6/conf/default/accept_dad": "0",
           "ipv6/conf/all/accept_ra": "0", "ipv6/conf/default/accept_ra": "0",
           "ipv4/conf/all/rp_filter": "0", "ipv4/conf/default/rp_filter": "0"}
_ROUTER = {"ipv4/ip_forward": "1", "ipv6/conf/all/forwarding": "1", "ipv6/conf/default/forwarding": "1",
           "ipv4/conf/all/send_redirects": "0", "ipv4/conf/default/send_redirects": "0"}
# What systemd ships for every machine: strict enough to bite.
_MACHINE = {"ipv4/conf/default/rp_filter": "2", "ipv4/ping_group_range": "0 0"}


class CommandFailed(RuntimeError):
    pass


def feed(command: list[str], text: str) -> None:
    """Runs a program that reads its work from standard input."""
    done = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
    if done.returncode:
        raise CommandFailed(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")


def ip_batch(lines: list[str]) -> None:
    if lines:
        feed(["ip", "-batch", "-"], "\n".join(lines) + "\n")


def create_networks() -> dict[str, int]:
    """One namespace per node, each with a name below /run/netns, which is this lab's own. Returns descriptors."""
    switch = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    _sysctls(_COMMON)
    networks = {"switch": switch}
    try:
        for node in NODES.values():
            unshare(CLONE_NEWNET)
            networks[node.name] = _name_network(node.name)
            _sysctls(_COMMON | (_ROUTER if node.router else {}) | (_MACHINE if node.machine else {}))
    finally:
        setns(switch, CLONE_NEWNET)
    return networks


def _name_network(name: str) -> int:
    path = f"{NETNS_FOLDER}/{name}"
    os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o644))
    mount("/proc/thread-self/ns/net", path, flags=MS_BIND)
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _sysctls(settings: dict[str, str]) -> None:
    for path, value in settings.items():
        write_sysctl(path, value)


def lay_cables() -> None:
    """All veth pairs and bridges in one batch."""
    lines = [f"link add name br-{lan} type bridge" for lan in LAN_BRIDGES]
    lines += [f"link set dev br-{lan} up" for lan in LAN_BRIDGES]
    waiting: dict[str, tuple[Node, Link]] = {}
    for node in NODES.values():
        for link in node.links:
            if link.segment in LAN_BRIDGES or node.name == "laptop":
                lines += _to_switch(node, link)
            elif link.segment in waiting:
                other, peer = waiting.pop(link.segment)
                lines.append(f"link add name {peer.name} netns {other.name} type veth "
                             f"peer name {link.name} netns {node.name}")
            else:
                waiting[link.segment] = (node, link)
    if waiting:
        raise ValueError(f"segments with one end only: {', '.join(waiting)}")
    ip_batch(lines)


def _to_switch(node: Node, link: Link) -> list[str]:
    port = node.name
    lines = [f"link add name {port} type veth peer name {link.name} netns {node.name}"]
    if link.segment in LAN_BRIDGES:
        lines.append(f"link set dev {port} master br-{link.segment} up")
    return lines


def configure_node(node: Node, network: int) -> None:
    """Addresses, routes and filter of one node."""
    lines = ["link set dev lo up"]
    for link in node.links:
        if node.name != "laptop":
            lines.append(f"link set dev {link.name} up")
        lines += [_address(a, link.name) for a in link.addresses]
    lines += [f"route add {route}" for route in node.routes]
    rules = firewall.ruleset(node)
    with inside(network):
        ip_batch(lines)
        if rules:
            feed(["nft", "-f", "-"], rules)


def _address(address: str, link: str) -> str:
    return f"addr add {address} dev {link}" + (" nodad" if ":" in address else "")


def plug_laptop(place: Place, switch: int, laptop: int) -> None:
    """What happens when somebody walks out with a laptop: the link goes down, what it knew is flushed, and another
    network appears on the same card."""
    with inside(laptop):
        ip_batch(["link set dev eth0 down", "addr flush dev eth0"])
    with inside(switch):
        ip_batch(["link set dev laptop nomaster", f"link set dev laptop {'up' if place.lan else 'down'}",
                  *([f"link set dev laptop master br-{place.lan}"] if place.lan else [])])
    lines = ["link set dev eth0 up", *(_address(a, "eth0") for a in place.addresses),
             *(f"route add default via {g} dev eth0" for g in place.gateways)]
    with inside(laptop):
        ip_batch(lines)
