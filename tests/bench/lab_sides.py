# SPDX-License-Identifier: GPL-2.0-or-later
"""The two that are compared on the lab's laptop: Sallyport over the bus, and wg-quick as a process."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from sallylab.lab import Lab
from sallylab.linux import wait_until
from sallylab.topology import HOME_PUBLIC4, PROVIDER2_4, PROVIDER4
from stage import Conversation

KEYS = "/etc/sallyport-lab"
SERVERS = {"mullvad-se": PROVIDER4, "mullvad-de": PROVIDER2_4}  # exit: the address from which the internet then sees us
PAST = HOME_PUBLIC4  # the address without an exit


def configuration(lab: Lab) -> dict[str, Any]:
    return dict(json.loads(lab.node("laptop").output(["cat", f"{KEYS}/laptop.json"])))


class Sallyport:
    name = "sallyport"

    def __init__(self, lab: Lab, build: Path) -> None:
        self._laptop = lab.node("laptop")
        self.client = Conversation(self._start, build / "bin" / "bench_bus_client")

    def _start(self, command: list[str], stdin: int, stdout: int) -> None:
        self._child = self._laptop.start(command, "/", stdin=stdin, stdout=stdout)

    def close(self) -> None:
        """The lab cannot end before its last process is waited for."""
        self.client.close()
        os.waitpid(self._child, 0)

    def use(self, which: str) -> None:
        self.client.ask(f"intent exit on exitName {which}")

    def change(self, _: str, new: str) -> None:
        self.use(new)

    def off(self, _: str) -> None:
        self.client.ask("intent exit off")
        self._settle()

    def begin(self) -> None:
        pass

    def end(self) -> None:
        pass

    def _settle(self) -> None:
        wait_until(lambda: "sally-exit" not in self._laptop.output(["ip", "-o", "link"]), 10, "the end of sally-exit")


class WgQuick:
    """Its files have no DNS line: changing the resolver is left out of what it needs. Our helper sleeps meanwhile; it
    would look at every change that wg-quick makes."""

    name = "wg-quick"

    def __init__(self, lab: Lab) -> None:
        self._laptop = lab.node("laptop")
        document = configuration(lab)
        for number, which in enumerate(SERVERS):
            self._write(next(each for each in document["exits"] if each["name"] == which), number)

    def _write(self, way: dict[str, Any], number: int) -> None:
        text = (f"[Interface]\nPrivateKey = %s\nAddress = {', '.join(way['addresses'])}\n[Peer]\n"
                f"PublicKey = {way['peer']['publicKey']}\nEndpoint = {way['peer']['endpoint']}\n"
                "AllowedIPs = 0.0.0.0/0, ::/0\nPersistentKeepalive = 25\n")
        self._laptop.output(["sh", "-ec", f"umask 077; mkdir -p /etc/wireguard\n"
                             f"printf '{text.encode('unicode_escape').decode()}' \"$(cat {KEYS}/mullvad.key)\" "
                             f">/etc/wireguard/{self._link(way['name'])}.conf"])

    @staticmethod
    def _link(which: str) -> str:
        return f"bench-{which[-2:]}"

    def _run(self, *verbs: tuple[str, str]) -> None:
        script = "; ".join(f"wg-quick {verb} {self._link(which)} 2>&1" for verb, which in verbs)
        self._laptop.output(["sh", "-ec", f"export WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go; {script}"])

    def use(self, which: str) -> None:
        self._run(("up", which))

    def change(self, old: str, new: str) -> None:
        self._run(("down", old), ("up", new))

    def off(self, which: str) -> None:
        self._run(("down", which))

    def begin(self) -> None:
        self._laptop.output(["killall", "-STOP", "sallyport-helper"])

    def end(self) -> None:
        self._laptop.output(["killall", "-CONT", "sallyport-helper"])
        time.sleep(1)  # it looks at everything that happened
