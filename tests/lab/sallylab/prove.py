# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts one question to the network while its wire is listened to, and finds what is wrong with the outcome."""

from __future__ import annotations

from dataclasses import dataclass

from . import expect
from .capture import Capture
from .expect import Check, Situation
from .lab import Lab
from .packets import Packet
from .proofs import Reply


@dataclass(frozen=True)
class Proof:
    check: Check
    reply: Reply
    packets: list[Packet]
    problems: list[str]

    def underlay(self, now: Situation) -> set[str]:
        """Where encrypted packets went."""
        return {f"{p.destination}:{p.destination_port}" if ":" not in p.destination else
                f"[{p.destination}]:{p.destination_port}"
                for p in self.packets if p.outgoing and expect.is_underlay(p, now)}


def prove(lab: Lab, now: Situation, check: Check, node: str = "laptop") -> Proof:
    with Capture(lab, node) as wire:
        before = len(lab.journal())
        reply = lab.node(node).call(check.ask, *check.arguments)
        packets = wire.packets()
    problems = [p for p in [check.judge(reply)] if p]
    problems += [f"strayed onto the wire: {p}" for p in expect.strays(packets, now, check)[:3]]
    problems += _silent_wire(check, packets, now) if reply.good else []
    problems += _resolver_saw(lab, check, before, now)
    return Proof(check, reply, packets, [f"{check.kind}: {p}" for p in problems])


def _silent_wire(check: Check, packets: list[Packet], now: Situation) -> list[str]:
    """An answer that came through a tunnel came as encrypted packets: the capture must have heard them."""
    if not check.link.startswith("sally") or any(expect.is_underlay(p, now) for p in packets):
        return []
    return ["answered, but no encrypted packet was heard on the wire"]


def _resolver_saw(lab: Lab, check: Check, before: int, now: Situation) -> list[str]:
    if check.kind != expect.EXIT_DNS:
        return []
    seen = {e["client"] for e in lab.journal(before) if e["node"].startswith("provider")}
    due = {expect.dns_client(now)} - {None}
    return [] if seen == due else [f"the provider's resolver saw {seen or 'nobody'}, expected {due or 'nobody'}"]
