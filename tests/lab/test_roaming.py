#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""A running tunnel moves between two networks: both ends stay where it was moved to, and no packet is lost.

Where packets can be delayed, that is in the virtual machine, at several round trips. By default a few moves of each kind;
SALLYPORT_RACE_MOVES=50 makes that many in every cell, SALLYPORT_RACE_CELLS=REGEX chooses cells by name. SALLYPORT_RACE_WITHOUT="without-carriers" (or "without-nft") measures
what is left without them, which is not expected to pass.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
import unittest
from pathlib import Path
from typing import Any

import labtest
from sallylab import pair
from sallylab.endpoints import KernelDevice
from sallylab.pair import FAR, FILLED, LIGHT, NEAR, NORMAL, OTHER_PORT, PORT, SEEN_PORT, Load, Pair

MOVES = int(os.environ.get("SALLYPORT_RACE_MOVES", "0"))
CHOSEN = re.compile(os.environ.get("SALLYPORT_RACE_CELLS", "."))
ROUND_TRIPS = (0, 20, 80, 200)

# What the near machine sends to, and what the far one sees then.
KINDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "address4": ((f"10.1.0.2:{PORT}", f"10.1.0.1:{PORT}"), (f"10.2.0.2:{PORT}", f"10.2.0.1:{PORT}")),
    "port4": ((f"10.1.0.2:{PORT}", f"10.1.0.1:{PORT}"), (f"10.1.0.2:{OTHER_PORT}", f"10.1.0.1:{SEEN_PORT}")),
    "local4": ((f"10.1.0.2:{PORT}", f"10.1.0.1:{PORT}"), (f"10.1.0.12:{PORT}", f"10.1.0.11:{PORT}")),
    "address6": ((f"[fd01::2]:{PORT}", f"[fd01::1]:{PORT}"), (f"[fd02::2]:{PORT}", f"[fd02::1]:{PORT}")),
    "port6": ((f"[fd01::2]:{PORT}", f"[fd01::1]:{PORT}"), (f"[fd01::2]:{OTHER_PORT}", f"[fd01::1]:{SEEN_PORT}")),
    "local6": ((f"[fd01::2]:{PORT}", f"[fd01::1]:{PORT}"), (f"[fd01::12]:{PORT}", f"[fd01::11]:{PORT}")),
    "families": ((f"10.1.0.2:{PORT}", f"10.1.0.1:{PORT}"), (f"[fd02::2]:{PORT}", f"[fd02::1]:{PORT}")),
    "linklocal": ((f"[fe80::2%path1]:{PORT}", f"[fe80::1%path1]:{PORT}"),
                  (f"[fe80::2%path2]:{PORT}", f"[fe80::1%path2]:{PORT}")),
}
# What runs each time: a few moves of every kind. In the lab without delays, and without what only the kernel's WireGuard has.
IN_LAB = [(kind, 0, LIGHT) for kind in KINDS if kind != "linklocal"]
IN_GUEST = [("address4", 80, NORMAL), ("address4", 200, FILLED), ("port4", 20, NORMAL), ("local4", 20, NORMAL),
           ("address6", 20, NORMAL), ("port6", 20, NORMAL), ("local6", 20, NORMAL), ("families", 80, NORMAL),
           ("linklocal", 20, NORMAL)]
USUAL_MOVES = 4

rows: list[dict[str, Any]] = []


def setUpModule() -> None:
    labtest.need_root()
    missing = [name for name in ("race_mover", "race_traffic") if not os.access(labtest.BIN / name, os.X_OK)]
    if missing:
        raise unittest.SkipTest(f"{' and '.join(missing)} not built in {labtest.BIN}")
    pair.enter()


def tearDownModule() -> None:
    for row in rows:
        print("{kind:>9} {roundTrip:>3} ms {load:<6} loaded {loaded:>5.0f} ms: {clean}/{moves} clean, {outcomes}; took "
              "{took:.0f} ms; lost {lost[0]} of {sent[0]} out, {lost[1]} of {sent[1]} in; TCP silent for at most {gap} ms"
              .format(**row))
    if "OUT" in os.environ:
        Path(os.environ["OUT"], "roaming.json").write_text(json.dumps(rows), encoding="utf-8")


class RoamingTest(unittest.TestCase):
    pair: Pair
    options = tuple(os.environ.get("SALLYPORT_RACE_WITHOUT", "").split())

    @classmethod
    def setUpClass(cls) -> None:
        cls.pair = Pair(labtest.BIN)
        cls.delays = pair.has_delays()
        cls.kernel = isinstance(cls.pair.devices[NEAR], KernelDevice)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.pair.close()

    def go_to(self, endpoint: str) -> None:
        """Idle, so one setting and one packet are enough."""
        pair.in_machine(NEAR, "wg", "set", pair.LINKS[NEAR], "peer", self.pair.keys[FAR], "endpoint", endpoint)
        pair.in_machine(NEAR, "ping", "-q", "-c", "3", "-i", "0.2", "-W", "5", pair.INSIDE[FAR])

    def numbered(self, endpoint: str) -> str:
        """As the kernel tells it: with the number of the interface."""
        if "%" not in endpoint:
            return endpoint
        link = endpoint[endpoint.index("%") + 1:endpoint.index("]")]
        shown = pair.in_machine(NEAR if endpoint.startswith("[fe80::2") else FAR, "ip", "-o", "link", "show", link)
        return endpoint.replace(link, shown.split(":")[0])

    def run_cell(self, kind: str, round_trip: int, load: Load, moves: int) -> dict[str, Any]:
        self.pair.set_delay(round_trip, load)
        places = KINDS[kind]
        self.go_to(places[0][0])
        programs = self.pair.start_load(load)
        time.sleep(1 + round_trip / 100)
        loaded = self.pair.loaded_round_trip()
        mover = self.pair.mover(*self.options)
        row: dict[str, Any] = {"kind": kind, "roundTrip": round_trip, "load": load.name, "loaded": loaded / 1000,
                               "moves": moves, "clean": 0, "outcomes": {}, "seen": []}
        took = []
        for number in range(moves):
            target, mirrored = places[(number + 1) % 2]
            answer = mover.ask(f"move {self.pair.keys[FAR]} {target} {loaded}")
            seen = self.pair.watch(max(0.03, 1.3 * loaded / 1e6))
            clean = seen == {(self.numbered(target), self.numbered(mirrored))}
            row["clean"] += clean
            row["outcomes"][answer["outcome"]] = row["outcomes"].get(answer["outcome"], 0) + 1
            row["seen"] += [] if clean else [sorted(seen)]
            took.append(answer["ms"])
            if not clean:
                self.settle(mover, target, loaded)
            time.sleep(random.random() * 0.02)
        mover.end()
        row["took"] = sorted(took)[len(took) // 2]
        self.add_losses(row, programs)
        return row

    def settle(self, mover: pair.Program, target: str, loaded: int) -> None:
        """So that a move that failed spoils no later one."""
        deadline = time.monotonic() + 20
        while len(self.pair.watch(max(0.1, 2 * loaded / 1e6))) > 1 and time.monotonic() < deadline:
            mover.ask(f"move {self.pair.keys[FAR]} {target} {2 * loaded}")

    def add_losses(self, row: dict[str, Any], programs: dict[str, pair.Program]) -> None:
        for program in programs.values():
            program.finish()
        ends = {name: json.loads(program.end()) for name, program in programs.items()}
        row["sent"] = [ends[NEAR]["sent"], ends[FAR]["sent"]]
        row["lost"] = [ends[NEAR]["sent"] - ends[FAR]["arrived"], ends[FAR]["sent"] - ends[NEAR]["arrived"]]
        row["gap"] = max(end["gapMs"] for end in ends.values())
        row["broken"] = [end["broken"] for end in ends.values() if end["broken"]]
        rows.append(row)

    def check(self, row: dict[str, Any]) -> None:
        self.assertEqual(row["clean"], row["moves"], f"seen: {row['seen']}")
        self.assertEqual(row["outcomes"], {"held": row["moves"]})
        self.assertEqual(row["lost"], [0, 0])
        self.assertEqual(row["broken"], [])


NOBODY = f"10.2.0.9:{PORT}"


class TrialTest(unittest.TestCase):
    """Whether a peer that answers nothing but WireGuard is somewhere else, too."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.pair = Pair(labtest.BIN)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.pair.close()

    def setUp(self) -> None:
        self.helper = self.pair.mover()
        self.addCleanup(self.helper.end)
        self.home, self.other = KINDS["address4"]
        pair.in_machine(NEAR, "wg", "set", pair.LINKS[NEAR], "peer", self.pair.keys[FAR], "endpoint", self.home[0])
        self.reach()

    def reach(self) -> None:
        """The far machine answers the next packet."""
        pair.in_machine(NEAR, "ping", "-q", "-c", "1", "-W", "5", pair.INSIDE[FAR])

    def attempt(self, endpoint: str) -> dict[str, Any]:
        return self.helper.ask(f"try {self.pair.keys[FAR]} {endpoint} 250")

    def rest(self) -> None:
        """The first attempt is refused, for nobody knows what the peer did before; it is known to be idle five seconds
        later."""
        self.assertEqual((self.attempt(NOBODY)["outcome"], self.pair.endpoints()), ("silent", self.home))
        time.sleep(5.1)

    def forget(self, endpoint: str) -> None:
        """As after three minutes without a word, with an endpoint that leads nowhere."""
        key = self.pair.keys[FAR]
        pair.in_machine(NEAR, "wg", "set", pair.LINKS[NEAR], "peer", key, "remove")
        pair.in_machine(NEAR, "wg", "set", pair.LINKS[NEAR], "peer", key, "endpoint", endpoint, "allowed-ips",
                        pair.INSIDE[FAR])

    def test_idle_peer_that_is_not_there_works_as_before(self) -> None:
        self.rest()
        answer = self.attempt(NOBODY)
        self.assertEqual((answer["outcome"], answer["now"]), ("silent", self.home[0]))
        self.assertEqual(self.pair.endpoints(), self.home)
        self.reach()

    def test_idle_peer_that_is_there_moves(self) -> None:
        self.rest()
        answer = self.attempt(self.other[0])
        self.assertEqual((answer["outcome"], answer["now"]), ("answered", self.other[0]))
        self.assertEqual(self.pair.endpoints(), self.other)
        self.reach()

    def test_peer_in_use_is_left_alone(self) -> None:
        self.attempt(NOBODY)
        pair.in_machine(NEAR, "ping", "-q", "-c", "6", "-i", "1", "-s", "1000", pair.INSIDE[FAR])
        self.assertEqual(self.attempt(self.other[0])["outcome"], "silent")
        self.assertEqual(self.pair.endpoints(), self.home)

    def test_dead_session_is_found_at_once(self) -> None:
        for _ in range(3):  # a busy machine may need longer than a quarter of a second for a handshake
            self.forget(f"10.1.0.9:{PORT}")
            answer = self.attempt(self.other[0])
            if answer["outcome"] == "answered":
                break
        self.assertEqual((answer["outcome"], answer["now"]), ("answered", self.other[0]))
        self.reach()
        self.assertEqual(self.pair.endpoints(), self.other)


def cells() -> list[tuple[str, int, Load]]:
    everything = [(kind, trip, load) for kind in KINDS for trip in ROUND_TRIPS for load in (NORMAL, FILLED)]
    return everything if MOVES else IN_GUEST if "SALLYPORT_GUEST" in os.environ else IN_LAB


def add_test(kind: str, round_trip: int, load: Load) -> None:
    def test(self: RoamingTest) -> None:
        if load != LIGHT and not self.delays:
            self.skipTest("this kernel cannot delay packets (sch_netem)")
        if kind == "linklocal" and not self.kernel:
            self.skipTest("link-local endpoints are those of the kernel's WireGuard")
        self.check(self.run_cell(kind, round_trip, load, MOVES or USUAL_MOVES))

    name = f"{kind}_{round_trip}ms_{load.name}"
    if CHOSEN.search(name):
        setattr(RoamingTest, f"test_{name}", test)


for cell in cells():
    add_test(*cell)

if __name__ == "__main__":
    unittest.main(verbosity=2)
