# SPDX-License-Identifier: GPL-2.0-or-later
"""The steps of the leak lab: what people, networks, crashes and other programs do to a laptop. Each leaves `walk.now` as the
truth and the packets judged."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from . import neighbours
from .expect import EXITS, NO_EXIT
from .leaks import PHONE, Walk, Wanted
from .linux import slowness, wait_until
from .topology import PLACES

FLUSH_RULES = "; ".join(f"ip {f} rule flush; ip {f} rule add pref 32766 lookup main" for f in ("-4", "-6")) + \
    "; ip rule add pref 32767 lookup default"
NEIGHBOURS = tuple(n for n in neighbours.ALL if n.name not in ("firewalld", "ufw"))
HARMS = {
    "rules flushed": FLUSH_RULES,
    "routes of the exit flushed": "ip route flush table 2592; ip -6 route flush table 2592",
    "routes of home flushed": "ip route flush table 2576; ip -6 route flush table 2576",
    "exit's link deleted": "ip link del sally-exit", "exit's link down": "ip link set sally-exit down",
    "home's link deleted": "ip link del sally-home", "plumbing table deleted": "nft delete table inet sallyport",
    "routes into the main table": "ip route add 0.0.0.0/1 via $(ip route show default | sed -n 's/.*via \\([^ ]*\\).*/\\1/p;q')",
}
_UNDO_ROUTES = "ip route del 0.0.0.0/1"
_NOTHING_WANTED = '{"home": false, "exit": false, "lockdown": false}'  # as before the first request
_STRANGE_RULES = r"""
for f in -4 -6; do
  ip $f rule | grep -v 'proto 142\|^0:\|^3276[67]:' | cut -d: -f1 | while read p; do ip $f rule del pref $p; done
done"""


# --- people

def request(walk: Walk, words: str, **what: object) -> None:
    """A command of a person's. Refused: nothing may have changed."""
    old = walk.now
    walk.judge([old], f"before “{words}”")
    answer = walk.shell(f"sally {words} 2>&1; echo code $?")
    if not answer.rstrip().endswith("code 0"):
        walk.report.refused[re.sub(r"\s+", " ", f"{words}: {answer}")[:160]] += 1
        walk.judge([old], f"during “{words}”, refused")
    else:
        walk.judge([old, walk.change(**what)], f"during “{words}”")
    walk.settle(words)


def choices(walk: Walk) -> list[tuple[str, dict[str, object]]]:
    """What a person may ask for now."""
    now = walk.now
    found: list[tuple[str, dict[str, object]]] = [
        (f"exit use {name} --no-wait", {"exit": out}) for name, out in EXITS.items() if out != now.exit]
    if now.exit.name:
        found += [("exit off", {"exit": NO_EXIT})]
    found += [(f"home {'off' if now.home else 'on'} --no-wait", {"home": not now.home})] * 2
    found += [(f"lockdown {'off' if now.lockdown else 'on'}", {"lockdown": not now.lockdown})] * 2
    return found


def switch(walk: Walk) -> None:
    words, what = walk.random.choice(choices(walk))
    walk.step(words.split(" --")[0])
    request(walk, words, **what)


def switch_and_crash(walk: Walk) -> None:
    """The helper is killed while it carries out a request: afterwards it is as if that had been answered, or never made."""
    words, what = walk.random.choice(choices(walk))
    walk.step(f"kill during {words.split(' ')[0]}")
    old = walk.now
    walk.judge([old], f"before “{words}” with a crash")
    pause = walk.random.uniform(0.0, 0.25)
    before = helpers(walk)
    walk.shell(f"sally {words} >/dev/null 2>&1 & sleep {pause:.3f}; killall -q -KILL sallyport-helper; wait")
    await_helper(walk, before)
    new = walk.change(**what)
    walk.judge([old, new], f"during “{words}” with a crash after {pause:.3f} s")
    walk.now = which(walk, old, new)
    walk.judge([walk.now], f"after “{words}” with a crash")
    walk.settle(f"{words}, crash after {pause:.3f} s")


def which(walk: Walk, old: Wanted, new: Wanted) -> Wanted:
    """The one of the two that the next helper took up: by its own notes, and the kernel must agree when it has settled."""
    text = re.sub(r"\s", "", walk.shell("cat /run/sallyport/intent 2>/dev/null || cat /var/lib/sallyport/intent 2>/dev/null")
                  or _NOTHING_WANTED)

    def says(each: Wanted) -> bool:
        on = {"home": each.home, "exit": bool(each.exit.name), "lockdown": each.lockdown}
        return all(f'"{name}":{"true" if value else "false"}' in text for name, value in on.items()) and (
            not each.exit.name or f'"exitName":"{each.exit.name}"' in text)

    if not says(old) and not says(new):
        walk.report.faults.append(f"step {len(walk.history)}: neither {old} nor {new} is wanted after a crash: {text}")
    return new if says(new) else old


# --- crashes

def helpers(walk: Walk) -> set[str]:
    return set(walk.shell("pidof sallyport-helper").split())


def await_helper(walk: Walk, before: set[str]) -> None:
    wait_until(lambda: bool(helpers(walk) - before) and "code 0" in walk.shell("sally status >/dev/null 2>&1; echo code $?"),
               15, "the next helper", 0.03)


def crash(walk: Walk) -> None:
    walk.step("kill -9 of the helper")
    walk.judge([walk.now], "before a crash")
    before = helpers(walk)
    walk.shell("killall -q -KILL sallyport-helper")
    await_helper(walk, before)
    walk.judge([walk.now], "during a crash")
    walk.settle("crash")


def freeze(walk: Walk) -> None:
    """The helper can do nothing while others do their worst."""
    harms = walk.random.sample(sorted(HARMS), walk.random.randint(1, 3))
    kill = walk.random.random() < 0.4
    walk.step(f"helper stopped, then {'killed' if kill else 'continued'}")
    walk.judge([walk.now], "before the helper stopped")
    before = helpers(walk)
    walk.shell("killall -STOP sallyport-helper")
    for harm in harms:
        walk.report.steps[harm] += 1
        walk.shell(f"{{ {HARMS[harm]}; }} 2>/dev/null")
        if walk.random.random() < 0.3:
            carry(walk, walk.random.choice([p for p in PLACES if PLACES[p].lan]))
        walk.stream.wait_for_rounds(3)
        walk.judge([walk.now], f"helper stopped; {', '.join(harms)}; now {harm}")
    walk.shell(f"{_UNDO_ROUTES} 2>/dev/null")
    walk.shell(f"killall -{'KILL' if kill else 'CONT'} sallyport-helper")
    if kill:
        await_helper(walk, before)
    walk.settle(f"helper stopped; {', '.join(harms)}")
    walk.judge([walk.now], f"after {', '.join(harms)}")


# --- networks

def carry(walk: Walk, place: str) -> None:
    walk.shell("ip link set eth0 down")
    walk.judge([walk.now], f"until the laptop leaves {walk.now.place.name}")
    walk.change(place=PLACES[place])
    walk.lab.move(place)


def roam(walk: Walk) -> None:
    walk.step("roam")
    place = walk.random.choice([p for p in PLACES if p != walk.now.place.name])
    carry(walk, place)
    walk.settle(f"roam to {place}")
    walk.judge([walk.now], f"after roaming to {place}")


def unplug(walk: Walk) -> None:
    walk.step("uplink down and up")
    walk.shell("ip link set eth0 down")
    time.sleep(walk.random.uniform(0, 0.2))
    walk.lab.move(walk.now.place.name)
    walk.settle("uplink down and up")
    walk.judge([walk.now], "uplink down and up")


def phone(walk: Walk) -> None:
    """A second card with another way into the internet, sometimes a better one than the first."""
    walk.step(f"phone plugged {'out' if walk.phone else 'in'}")
    walk.judge([walk.now], "before the phone")
    if walk.phone:
        walk.shell(f"ip link set {PHONE} down; ip addr flush dev {PHONE}")
    else:
        better = walk.random.random() < 0.5
        # The first card's own route has metric 0 already; halves of the internet are more precise than it.
        ways4 = ("0.0.0.0/1", "128.0.0.0/1") if better else ("default metric 500",)
        routes = "; ".join(f"ip route add {way} via 192.168.43.1 dev {PHONE}" for way in ways4)
        walk.shell(f"""ip link set {PHONE} up; ip addr add 192.168.43.58/24 dev {PHONE}
            ip -6 addr add 2001:db8:c0::58/64 dev {PHONE} nodad; {routes}
            ip -6 route add default via 2001:db8:c0::1 dev {PHONE} metric {1 if better else 2000}""")
    walk.phone = not walk.phone
    walk.settle("phone")
    walk.judge([walk.now], "with the phone")


def outage(walk: Walk) -> None:
    walk.outage = not walk.outage
    walk.step(f"provider {'down' if walk.outage else 'up'}")
    for node in ("provider", "provider2"):
        walk.lab.node(node).output(["sh", "-c", "nft add table inet outage; nft add chain inet outage in '{ type filter hook "
                                    "input priority 0; }'; nft add rule inet outage in udp dport 51820 drop"
                                    if walk.outage else "nft delete table inet outage"], False)
    walk.settle("outage")
    walk.judge([walk.now], "outage")


# --- other programs

def neighbour(walk: Walk) -> None:
    walk.judge([walk.now], "before another program")
    if walk.neighbour is None:
        walk.neighbour = walk.random.choice(NEIGHBOURS)
        walk.step(f"{walk.neighbour.name} starts")
        walk.shell(f"({walk.neighbour.start}) >/dev/null 2>&1")
    else:
        gone = walk.neighbour
        walk.step(f"{gone.name} stops")
        links = "; ".join(f"ip link del {link} 2>/dev/null" for link in gone.links)
        walk.shell(f"({gone.stop}) >/dev/null 2>&1; {links or ':'}; {_STRANGE_RULES}")
        walk.judge([walk.now], f"while {gone.name} stops")
        walk.neighbour = None
    walk.settle("another program")
    walk.judge([walk.now], "with another program" if walk.neighbour else "without another program")


def flush_rules(walk: Walk) -> None:
    walk.step("ip rule flush")
    walk.shell(FLUSH_RULES)
    walk.settle("ip rule flush")
    walk.judge([walk.now], "ip rule flush")


def flush_ruleset(walk: Walk) -> None:
    """The guard is away until the helper has seen it; meanwhile routes and rules have to hold what they can."""
    walk.step("nft flush ruleset")
    walk.judge([walk.now], "before nft flush ruleset")
    script = "nft flush ruleset; " + (
        "a=$(date +%s%N); until nft list table inet sallyport_guard >/dev/null 2>&1; do "
        "[ $(( $(date +%s%N) - a )) -lt 5000000000 ] || break; done; echo $(( ($(date +%s%N) - a) / 1000 ))"
        if walk.now.protected else "echo 0")
    taken = int(walk.shell(script).split()[-1]) / 1000
    if walk.now.protected:
        walk.report.windows.append(taken)
    walk.judge([walk.now], "nft flush ruleset", window=True)
    walk.settle("nft flush ruleset")
    walk.judge([walk.now], "after nft flush ruleset")


def delete_link(walk: Walk) -> None:
    walk.step("exit's link deleted")
    walk.shell("ip link del sally-exit 2>/dev/null")
    walk.settle("exit's link deleted")
    walk.judge([walk.now], "exit's link deleted")


STEPS: dict[Callable[[Walk], None], int] = {
    switch: 40, switch_and_crash: 10, crash: 6, freeze: 12, roam: 10, unplug: 4, phone: 5, outage: 4, neighbour: 10,
    flush_rules: 5, flush_ruleset: 5, delete_link: 4,
}
