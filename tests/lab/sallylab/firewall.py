# SPDX-License-Identifier: GPL-2.0-or-later
"""nftables texts of the lab's own routers.

A home router is port-restricted: masquerade, and new packets from outside are dropped before they can leave a
connection-tracking entry behind (otherwise an early packet takes the port of a later flow). A carrier's NAT is
symmetric: masquerade with random ports.
"""

from __future__ import annotations

from .topology import Link, Nat, Node

_ICMPV6 = 58  # by its number: the name stands in /etc/protocols, which a small system does not have


def ruleset(node: Node) -> str:
    """Everything `nft -f` has to know in this node; empty when it filters nothing."""
    if node.nat:
        return _router(node.nat, next(link for link in node.links if link.name == "wan"))
    return _source_nat(node.masquerade) if node.masquerade else ""


def _table(*chains: tuple[str, str, list[str]]) -> str:
    body = "".join(f"  chain {name} {{\n    type {hook};\n" + "".join(f"    {rule}\n" for rule in rules) + "  }\n"
                   for name, hook, rules in chains if rules)
    return f"table inet lab {{\n{body}}}\n"


def _router(nat: Nat, wan: Link) -> str:
    public = next(a.split("/")[0] for a in wan.addresses if ":" not in a)
    redirects = [f"ip daddr {public} udp dport {port} dnat ip to {address}:{to}" for port, address, to in nat.forwards]
    masquerade = ['oifname "wan" meta nfproto ipv4 masquerade' + (" fully-random" if nat.random_ports else "")]
    if nat.lan4:
        masquerade.append(f'oifname "lan" ip saddr {nat.lan4} ct status dnat masquerade')
    pinholes = [f"ip6 daddr {address} udp dport {port} accept" for address, port in nat.pinholes]
    return _table(
        ("redirect_in", "nat hook prerouting priority dstnat", redirects),
        ("masquerade_out", "nat hook postrouting priority srcnat", masquerade),
        ("guard_input", "filter hook input priority filter",
         [f'iifname "wan" meta l4proto {_ICMPV6} accept', 'iifname "wan" ct state new drop']),
        ("guard_forward", "filter hook forward priority filter",
         ["ct status dnat accept", *pinholes, 'iifname "wan" ct state new drop']))


def _source_nat(sources: tuple[str, ...]) -> str:
    rules = [f'oifname "eth0" {"ip6" if ":" in s else "ip"} saddr {s} masquerade' for s in sources]
    return _table(("masquerade_out", "nat hook postrouting priority srcnat", rules))
