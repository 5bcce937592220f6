# SPDX-License-Identifier: GPL-2.0-or-later
"""WireGuard key pairs without a process per key: X25519 as RFC 7748 section 5 describes it."""

from __future__ import annotations

import base64
import os

_P = 2**255 - 19
_A24 = 121665


def generate() -> str:
    key = bytearray(os.urandom(32))
    key[0] &= 248
    key[31] = (key[31] & 127) | 64
    return base64.b64encode(bytes(key)).decode()


def public(private: str) -> str:
    scalar = int.from_bytes(base64.b64decode(private), "little")
    return base64.b64encode(_ladder(scalar, 9).to_bytes(32, "little")).decode()


def _ladder(scalar: int, u: int) -> int:
    x2, z2, x3, z3, swap = 1, 0, u, 1, 0
    for position in range(254, -1, -1):
        bit = (scalar >> position) & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b = x2 + z2, x2 - z2
        c, d = x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % _P, b * b % _P, d * a % _P, c * b % _P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % _P, u * (da - cb) ** 2 % _P
        x2, z2 = aa * bb % _P, e * (aa + _A24 * e) % _P
    if swap:
        x2, z2 = x3, z3
    return x2 * pow(z2, _P - 2, _P) % _P
