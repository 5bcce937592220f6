# SPDX-License-Identifier: GPL-2.0-or-later
"""The desktop of whoever asked, as a program inside a node has to be told of it."""

from __future__ import annotations

import os
import pwd
import struct
from pathlib import Path

_LOCAL, _WILD = 256, 0xFFFF  # families of X11's Xauth.h


def filed_under_no_host(cookies: bytes) -> bytes:
    """A display's cookies are looked up by the name of the computer, and a node has another name."""
    found, at = b"", 0
    while at + 2 <= len(cookies):
        begin = at
        family, = struct.unpack_from(">H", cookies, at)
        at += 2
        for _ in ("address", "number of the display", "kind", "cookie"):
            if at + 2 > len(cookies):
                return found
            at += 2 + struct.unpack_from(">H", cookies, at)[0]
        if at > len(cookies):
            return found
        found += struct.pack(">H", _WILD if family == _LOCAL else family) + cookies[begin + 2:at]
    return found


def display_environment() -> dict[str, str]:
    """What to add to the environment. The cookies are in a file without a name, which the next program inherits."""
    if "DISPLAY" not in os.environ:
        return {}
    try:
        cookies = filed_under_no_host(_authority().read_bytes())
    except (OSError, KeyError):
        return {}  # a display that asks for none, or has another way to tell who comes
    descriptor = os.memfd_create("xauthority", 0)
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(cookies)
    return {"XAUTHORITY": f"/proc/self/fd/{descriptor}"}


def _authority() -> Path:
    """sudo passes the variable on, but not the home in which the file lies when it is not set."""
    named = os.environ.get("XAUTHORITY", "")
    home = pwd.getpwuid(int(os.environ.get("SUDO_UID", os.getuid()))).pw_dir
    return Path(named or f"{home}/.Xauthority")
