#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""linked.py HELPER [FRONT-END...]: who links what, by docs/adr/0001-licences.md. The helper, GPL-2.0-only as shipped,
links only what is listed there; a front end, which may bring an Apache-2.0 OpenSSL, never links libnftables."""
import re
import subprocess
import sys

ALLOWED = re.compile(
    r"ld-linux.*|lib(c|m|gcc_s|stdc\+\+|[atu]san|Qt6Core|Qt6DBus|sodium|nftables|nl-3|nl-genl-3|nl-route-3"
    r"|polkit-qt6-core-1|polkit-gobject-1|glib-2\.0|gobject-2\.0|gio-2\.0)\.so\.\d+")


def linked(program: str) -> list[str]:
    table = subprocess.run(["readelf", "-d", program], check=True, capture_output=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.+)\]", table)


def main(helper: str, front_ends: list[str]) -> int:
    wrong = [(helper, name) for name in linked(helper) if not ALLOWED.fullmatch(name)]
    wrong += [(program, name) for program in front_ends for name in linked(program) if "nftables" in name]
    for program, name in wrong:
        print(f"{program} links {name}, against docs/adr/0001-licences.md")
    return 1 if wrong or not linked(helper) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
