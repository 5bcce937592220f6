# SPDX-License-Identifier: GPL-2.0-or-later
"""Two machines with a WireGuard tunnel and two networks between them, under load, for moving the tunnel from one network to
the other. In mount and network namespaces of this process, which end with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from .endpoints import KernelDevice, UserspaceDevice, device, network_of
from .linux import (CLONE_NEWNET, CLONE_NEWNS, MS_PRIVATE, MS_REC, die_with_parent, mount, slowness, unshare,
                    wait_until)
from .wireguard import PlainLink, PlainPeer

NEAR, FAR = "near", "far"
INSIDE = {NEAR: "10.9.0.1", FAR: "10.9.0.2"}
LINKS = {NEAR: "sally-home", FAR: "farhome"}
PORT = 51820
OTHER_PORT = 51999  # the far machine's router has two doors to it
SEEN_PORT = 51821


@dataclass(frozen=True)
class Load:
    name: str
    packets: int  # a second, each way
    size: int
    stream: int  # bits a second each way; 0: as fast as it goes
    rate: str = ""  # of the networks; empty: no limit


# What wireguard-go carries through the naps of a busy machine with the room that it gives its sockets.
LIGHT = Load("light", 104, 1200, 500_000)
NORMAL = Load("normal", 1040, 1200, 5_000_000)
FILLED = Load("filled", 208, 1200, 0, "20mbit")


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def in_machine(name: str, *command: str, text: str = "") -> str:
    return subprocess.run(["ip", "netns", "exec", name, *command], check=True, text=True, input=text,
                          stdout=subprocess.PIPE).stdout


def enter() -> None:
    unshare(CLONE_NEWNS | CLONE_NEWNET)
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("tmpfs", "/run", "tmpfs")
    os.makedirs("/run/netns")
    os.makedirs("/run/wireguard", mode=0o700)


def has_delays() -> bool:
    """Whether this kernel can delay packets."""
    return subprocess.run(["tc", "qdisc", "replace", "dev", "lo", "root", "netem", "delay", "1ms"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


def build_networks() -> None:
    for name in (NEAR, FAR):
        ip("netns", "add", name)
        ip("-n", name, "link", "set", "lo", "up")
    for number in (1, 2):
        link = f"path{number}"
        ip("link", "add", link, "netns", NEAR, "type", "veth", "peer", "name", link, "netns", FAR)
        for end, name in ((1, NEAR), (2, FAR)):
            for host in (end, 10 + end):
                ip("-n", name, "addr", "add", f"10.{number}.0.{host}/24", "dev", link)
                ip("-n", name, "addr", "add", f"fd0{number}::{host}/64", "dev", link, "nodad")
            ip("-n", name, "addr", "add", f"fe80::{end}/64", "dev", link, "nodad")
            # So that it has no other address of that kind to speak from.
            ip("-n", name, "link", "set", link, "addrgenmode", "none", "up")
    # To the far machine's second address the near one speaks from its second address.
    for number in (1, 2):
        for far, near in ((2, 1), (12, 11)):
            for network in (f"10.{number}.0.", f"fd0{number}::"):
                ip("-n", NEAR, "route", "add", f"{network}{far}", "dev", f"path{number}", "src", f"{network}{near}")


def build_second_door() -> None:
    """The far machine's other port, as a router makes it: whoever comes in by it seems to come from another port."""
    in_machine(FAR, "nft", "-f", "-", text=f"""
table inet doors {{
  chain in {{ type filter hook prerouting priority -300
    udp dport {OTHER_PORT} udp sport set {SEEN_PORT} udp dport set {PORT}
  }}
  chain out {{ type filter hook output priority 300
    udp dport {SEEN_PORT} udp sport set {OTHER_PORT} udp dport set {PORT}
  }}
}}
""")


class Program:
    """A program in one of the machines that answers on its standard output."""

    def __init__(self, machine: str, *command: str) -> None:
        self._process = subprocess.Popen(["ip", "netns", "exec", machine, *command], text=True, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, preexec_fn=die_with_parent)
        self.input: TextIO = self._process.stdin  # type: ignore[assignment]
        self.output: TextIO = self._process.stdout  # type: ignore[assignment]

    def ask(self, line: str) -> dict[str, Any]:
        self.input.write(line + "\n")
        self.input.flush()
        return dict(json.loads(self.output.readline()))

    def finish(self) -> None:
        """Asks it to end."""
        self.input.close()

    def end(self) -> str:
        """What it still had to say."""
        self.finish()
        rest = self.output.read()
        self.output.close()
        self._process.wait(20 * slowness())
        return rest


def serve(machine: str) -> subprocess.Popen[bytes] | None:
    """Makes a WireGuard link; returns the program that serves it where the kernel does not."""
    name = LINKS[machine]
    if not subprocess.run(["ip", "-n", machine, "link", "add", name, "type", "wireguard"], check=False,
                          stderr=subprocess.DEVNULL).returncode:
        return None
    server = subprocess.Popen(["ip", "netns", "exec", machine, "wireguard-go", "-f", name], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)
    wait_until(Path(f"/run/wireguard/{name}.sock").exists, 10, f"wireguard-go {name}")
    # The usual 500 packets are full in a third of a second, which a busy machine may take before it reads any.
    ip("-n", machine, "link", "set", name, "txqueuelen", "20000")
    return server


class Pair:
    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._servers: list[subprocess.Popen[bytes] | None] = []
        build_networks()
        build_second_door()
        self._networks = {name: network_of(name) for name in (NEAR, FAR)}
        private = {name: subprocess.run(["wg", "genkey"], check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
                   for name in (NEAR, FAR)}
        self.keys = {name: subprocess.run(["wg", "pubkey"], check=True, text=True, input=key,
                                          stdout=subprocess.PIPE).stdout.strip() for name, key in private.items()}
        for name, other in ((NEAR, FAR), (FAR, NEAR)):
            self._servers.append(serve(name))
            peer = PlainPeer(self.keys[other], (f"{INSIDE[other]}/32",), f"10.1.0.2:{PORT}" if name == NEAR else "")
            in_machine(name, "wg", "setconf", LINKS[name], "/dev/stdin",
                       text=PlainLink(LINKS[name], private[name], PORT, (), (peer,)).text())
            ip("-n", name, "addr", "add", f"{INSIDE[name]}/24", "dev", LINKS[name])
            ip("-n", name, "link", "set", LINKS[name], "mtu", "1420", "up")
        # What is sent in place of WireGuard is known by home's mark.
        in_machine(NEAR, "wg", "set", LINKS[NEAR], "fwmark", "0xa1000000")
        self.devices: dict[str, KernelDevice | UserspaceDevice] = {
            name: device(self._networks[name], LINKS[name]) for name in (NEAR, FAR)}

    def close(self) -> None:
        for end in self.devices.values():
            end.close()
        for network in self._networks.values():
            os.close(network)
        for server in filter(None, self._servers):
            server.terminate()
            server.wait()
        for name in (NEAR, FAR):
            ip("netns", "del", name)

    def set_delay(self, round_trip: int, load: Load) -> None:
        """On both networks, half of it at each end."""
        for machine in (NEAR, FAR):
            for link in ("path1", "path2"):
                subprocess.run(["tc", "-n", machine, "qdisc", "del", "dev", link, "root"], check=False,
                               stderr=subprocess.DEVNULL)
                if round_trip or load.rate:
                    rate = ("rate", load.rate) if load.rate else ()
                    subprocess.run(["tc", "-n", machine, "qdisc", "add", "dev", link, "root", "netem", "delay",
                                    f"{round_trip / 2}ms", *rate, "limit", "5000"], check=True)

    def start_load(self, load: Load) -> dict[str, Program]:
        programs = {}
        for name, other, role in ((FAR, NEAR, "listen"), (NEAR, FAR, "connect")):
            programs[name] = Program(name, str(self._programs / "race_traffic"), INSIDE[name], INSIDE[other],
                                     str(load.packets), str(load.size), str(load.stream), role)
            programs[name].output.readline()
        for program in programs.values():
            program.input.write("\n")
            program.input.flush()
        return programs

    def loaded_round_trip(self) -> int:
        """Microseconds, as a packet inside the tunnel sees it now."""
        text = in_machine(NEAR, "ping", "-q", "-c", "10", "-i", "0.1", INSIDE[FAR])
        found = re.search(r"= [\d.]+/([\d.]+)/", text)
        assert found, text
        return round(float(found.group(1)) * 1000)

    def mover(self, *options: str) -> Program:
        return Program(NEAR, str(self._programs / "race_mover"), LINKS[NEAR], "/var/run/wireguard", *options)

    def endpoints(self) -> tuple[str, str]:
        return self.devices[NEAR].endpoint(), self.devices[FAR].endpoint()

    def watch(self, seconds: float, readings: int = 8) -> set[tuple[str, str]]:
        """All that is seen at both ends in that time."""
        seen = set()
        for _ in range(readings):
            seen.add(self.endpoints())
            time.sleep(seconds / readings)
        return seen
