# SPDX-License-Identifier: GPL-2.0-or-later
"""The little of DNS (RFC 1035) that the lab's resolvers and proofs need: one question, address records."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass

A, AAAA = 1, 28
NAME_ERROR = 3


@dataclass(frozen=True)
class Question:
    ident: int
    name: str
    kind: int


def _name(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label for label in name.encode("ascii").split(b".") if label) + b"\0"


def query(question: Question) -> bytes:
    header = struct.pack("!6H", question.ident, 0x0100, 1, 0, 0, 0)
    return header + _name(question.name) + struct.pack("!2H", question.kind, 1)


def parse_question(packet: bytes) -> tuple[Question, int]:
    """The question and where it ends. Raises ValueError for anything else."""
    if len(packet) < 12:
        raise ValueError("short DNS packet")
    ident, _flags, questions = struct.unpack_from("!3H", packet)
    labels, at = [], 12
    while questions == 1 and at < len(packet) and packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("ascii").lower())
        at += 1 + packet[at]
    if questions != 1 or at + 5 > len(packet):
        raise ValueError("not one whole question")
    kind, = struct.unpack_from("!H", packet, at + 1)
    return Question(ident, ".".join(labels), kind), at + 5


def answer(packet: bytes, names: dict[str, tuple[str, ...]]) -> tuple[Question, bytes]:
    """Answers from the table; a name that is not in it does not exist."""
    question, end = parse_question(packet)
    known = names.get(question.name)
    version = {A: 4, AAAA: 6}.get(question.kind)
    records = [ipaddress.ip_address(a).packed for a in known or () if ipaddress.ip_address(a).version == version]
    flags = 0x8180 | (0 if known else NAME_ERROR)
    header = struct.pack("!6H", question.ident, flags, 1, len(records), 0, 0)
    body = b"".join(struct.pack("!3HIH", 0xC00C, question.kind, 1, 60, len(r)) + r for r in records)
    return question, header + packet[12:end] + body


def addresses(packet: bytes) -> list[str]:
    """The addresses in an answer of the shape that `answer` writes."""
    question, at = parse_question(packet)
    count, = struct.unpack_from("!H", packet, 6)
    found = []
    for _ in range(count):
        kind, length = struct.unpack_from("!H", packet, at + 2)[0], struct.unpack_from("!H", packet, at + 10)[0]
        if kind == question.kind:
            found.append(str(ipaddress.ip_address(packet[at + 12:at + 12 + length])))
        at += 12 + length
    return found
