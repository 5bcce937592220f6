#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""layers.py ROOT: app -> core <- helper, core <- mesh; what each layer must not even mention."""
import pathlib
import re
import sys

WORLD = r"#\s*include\s*[<\"](Qt(DBus|Network|Widgets|Gui)/|Q(DBus|Tcp|Udp|Local(Socket|Server)|AbstractSocket|Host|Network" \
    r"|Dns|Widget|Application|Menu|SystemTray|Icon)|(netlink|nftables|linux|net)/|sys/(socket|ioctl|un)\.h)"
RULES = [  # folder, what its code must not match, why
    ("core", WORLD, "core knows no bus, socket, netlink, nftables or widget"),
    ("core", r"#\s*include\s*[<\"](app|helper|mesh)/", "core knows nobody above it"),
    ("app", r"#\s*include\s*[<\"](helper|mesh)/", "the front ends speak to the others over D-Bus only"),
    ("helper", r"#\s*include\s*[<\"](app|mesh)/", "the helper knows only core"),
    ("mesh", r"#\s*include\s*[<\"](app|helper)/", "meshd knows only core"),
    ("helper", r"\b(system|popen)\s*\(|\bQProcess\b|bin/(ba)?sh\b", "the helper never runs a shell"),
]
EDGE = "core/ipc"  # a target of its own: what the services share towards the bus and the service manager
AT_EDGE = re.compile(r"QDBus|sys/(socket|un)\.h")


def main(root: pathlib.Path) -> int:
    found = 0
    for folder, pattern, reason in RULES:
        for path in sorted(p for p in (root / folder).rglob("*") if p.suffix in (".h", ".cpp")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                on_edge = pattern == WORLD and EDGE in str(path) and AT_EDGE.search(line)
                if re.search(pattern, line.split("//")[0]) and not on_edge:
                    print(f"{path}:{number}: {reason}: {line.strip()}")
                    found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
