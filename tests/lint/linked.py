#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""linked.py HELPER: the helper links only what docs/adr/0001-licences.md allows in a GPL-2.0-only program."""
import re
import subprocess
import sys

ALLOWED = re.compile(
    r"ld-linux.*|lib(c|m|gcc_s|stdc\+\+|[atu]san|Qt6Core|Qt6DBus|sodium|nftables|nl-3|nl-genl-3|nl-route-3"
    r"|polkit-qt6-core-1|polkit-gobject-1|glib-2\.0|gobject-2\.0|gio-2\.0)\.so\.\d+")


def linked(program: str) -> list[str]:
    table = subprocess.run(["readelf", "-d", program], check=True, capture_output=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.+)\]", table)


def main(program: str) -> int:
    libraries = linked(program)
    strangers = [name for name in libraries if not ALLOWED.fullmatch(name)]
    for name in strangers:
        print(f"{program} links {name}, which docs/adr/0001-licences.md does not list for it")
    return 1 if strangers or not libraries else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
