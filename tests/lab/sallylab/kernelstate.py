# SPDX-License-Identifier: GPL-2.0-or-later
"""What the kernel and the files of a machine hold of ours, read with the system's own tools, and what must be true of it
for given switches. Nothing here is asked of the product."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .expect import Situation
from .lab import Lab

HOME_TABLE, EXIT_TABLE = "2576", "2592"
GUARD = "table inet sallyport_guard"
_OURS = r"""
echo '# rules'; { ip -o rule; ip -6 -o rule | sed 's/^/six /'; } | grep 'proto 142'
echo '# others'; { ip -o rule; ip -6 -o rule | sed 's/^/six /'; } | grep -v 'proto 142'
echo '# routes'
ip -o route show table all proto 142 | sort; ip -6 -o route show table all proto 142 | sed 's/^/six /' | sort
echo '# guard'; nft -s list table inet sallyport_guard 2>/dev/null
echo '# plumbing'; nft -s list table inet sallyport 2>/dev/null
echo '# links'; ip -o link | sed -nE 's/^[0-9]+: (sally-[a-z]+):.* mtu ([0-9]+) .*/\1 \2/p' | sort
for l in sally-home sally-exit; do
  echo "$l"; wg show $l public-key; wg show $l fwmark; wg show $l allowed-ips | sort
done 2>/dev/null
wg show sally-home listen-port 2>/dev/null
echo '# boot'; cat /var/lib/sallyport/lockdown.nft 2>/dev/null
echo '# names'; cat /etc/hosts /etc/resolv.conf
echo '# leftovers'; find /var/lib/sallyport /run/sallyport /etc -name '*.sallyport-*' 2>/dev/null
echo '# end'"""


@dataclass(frozen=True)
class KernelState:
    parts: dict[str, str]

    def fingerprint(self) -> str:
        """Without other programs' rules."""
        return "\n".join(f"# {name}\n{text}" for name, text in self.parts.items() if name != "others")


def read(lab: Lab, node: str = "laptop") -> KernelState:
    text = lab.node(node).output(["sh", "-c", _OURS], check=False)
    parts: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith("# ") and re.fullmatch(r"# [a-z]+", line):
            name = line[2:]
            parts[name] = ""
        elif name:
            parts[name] += line.rstrip() + "\n"
    return KernelState({n: t for n, t in parts.items() if n != "end"})


def faults(state: KernelState, now: Situation, locked: bool) -> list[str]:
    """What is not as these switches demand. Holds whatever other programs there are."""
    parts = state.parts
    home, out = now.home or bool(now.exit.device), bool(now.exit.name)
    found = _faults_of_guard(parts["guard"], out or locked, parts["boot"])
    found += [f"{link} is {'missing' if due else 'still there'}"
              for link, due in (("sally-home", home), ("sally-exit", now.exit.provider))
              if (re.search(rf"^{link} \d+$", parts["links"], re.M) is not None) != due]
    for six in ("", "six "):
        family = "IPv6" if six else "IPv4"
        rules = [line for line in parts["rules"].splitlines() if line.startswith("six ") == bool(six)]
        found += [f"{family}: the rule “{line}” is there twice" for line in set(rules) if rules.count(line) > 1]
        for table, due in ((HOME_TABLE, now.home), (EXIT_TABLE, out or locked)):
            carried = any(f"lookup {table}" in line for line in rules)
            if carried != due and not (table == HOME_TABLE and now.exit.device):
                found.append(f"{family}: rules {'lead' if not due else 'do not lead'} to table {table}")
        defaults = re.findall(rf"^{six}(unreachable )?default .*table {EXIT_TABLE}", parts["routes"], re.M)
        if ("unreachable " in defaults) != (out or locked):
            found.append(f"{family}: the exit's table {'does not refuse' if out or locked else 'still refuses'} what has no way")
    if not (home or out or locked):
        found += [f"something of ours is left: {name}" for name in ("rules", "routes", "guard", "plumbing", "boot")
                  if parts[name].strip()]
    return found + [f"a temporary file is left: {line}" for line in parts["leftovers"].splitlines()]


def _faults_of_guard(text: str, due: bool, boot: str) -> list[str]:
    found = []
    if bool(text.strip()) != due:
        found.append(f"the guard is {'missing' if due else 'still there'}")
    if bool(boot.strip()) != due:
        found.append(f"the file of the guard at boot is {'missing' if due else 'still there'}")
    if due:
        for chain in ("output", "input", "forward"):
            if not re.search(rf"type filter hook {chain} priority [a-z0-9+ ]+; policy drop;", text):
                found.append(f"the guard has no closed chain in {chain}")
        if re.search(r"^\t\taccept$", text, re.M):
            found.append("the guard accepts everything")
    return found
