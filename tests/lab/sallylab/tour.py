# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations
from .keeper import LabOrder
def guided(order: LabOrder) -> int:
    return 1
