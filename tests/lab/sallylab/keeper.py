# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab's first process. It builds the networks, runs the servers, starts the machines and answers the lab's
commands. Everything else of the lab lives below it in one process namespace and one mount namespace, so that its end,
however it comes, is the end of the whole lab."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from . import build, configuration, wireguard
from .linux import (CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUTS, MS_BIND, MS_MOVE, MS_NODEV,
                    MS_NOSUID, MS_PRIVATE, MS_REC, inside, mount, set_hostname, setns, slowness, unshare)
from .machine import Machine, MachineOrder, prepare_view, write_etc
from .services import Journal, Services
from .state import LabFolder
from .topology import NAMES, NODES, PLACES, PROVIDER_DNS4, PROVIDER_DNS6, STATIC_RESOLVER


@dataclass(frozen=True)
class LabOrder:
    folder: LabFolder
    bin: Path
    source: Path
    bare: bool = False  # networks and servers only: no bus, no helper
    plain_nas: bool = False
    mesh: bool = False  # meshd beside every helper


def start(order: LabOrder, report: int) -> int:
    """Starts the keeper in namespaces of its own and returns its process number. It writes one line of JSON to
    `report` when the lab stands."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _detach(order, report, writing)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, encoding="ascii") as answer:
        text = answer.read()
    if not text.isdigit():
        raise OSError(text or "the lab's first process did not start")
    return int(text)


def _detach(order: LabOrder, report: int, answer: int) -> None:
    """In the first child: leaves the terminal and the old namespaces, forks the keeper and ends."""
    try:
        os.setsid()
        log = os.open(order.folder.log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644)
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        _close_all_but(report, answer)
        unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC)
        keeper = os.fork()
        if keeper == 0:
            os.close(answer)
            Keeper(order).run(report)
        os.write(answer, str(keeper).encode())
    except OSError as problem:
        os.write(answer, str(problem).encode())
    os._exit(0)


def _close_all_but(*kept: int) -> None:
    """Nothing of the starter's stays open for as long as the lab stands, its lock least of all."""
    for descriptor in [int(name) for name in os.listdir("/proc/self/fd")]:
        if descriptor > 2 and descriptor not in kept:
            with contextlib.suppress(OSError):
                os.close(descriptor)


class Keeper:
    def __init__(self, order: LabOrder) -> None:
        self._order = order
        self._journal = Journal()
        self._services = Services(self._journal)
        self._networks: dict[str, int] = {}
        self._machines: dict[str, int] = {}  # process numbers, as this process sees them
        self._reports: dict[str, int] = {}
        self._place = PLACES["home"]
        self._moving = threading.Lock()
        self._times: dict[str, float] = {}

    def run(self, report: int) -> None:
        """Never returns."""
        outcome: dict[str, object] = {}
        try:
            signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
            self._build()
            asyncio.run(self._serve(report))
        except Exception as problem:  # the one place where a failed start becomes a sentence
            outcome = {"error": f"{type(problem).__name__}: {problem}"}
            os.write(report, json.dumps(outcome).encode() + b"\n")
        os._exit(1)

    def _build(self) -> None:
        begin = time.monotonic()
        self._mount_view()
        set_hostname("switch")
        self._networks = build.create_networks()
        self._times["namespaces"] = time.monotonic() - begin
        build.lay_cables()
        self._times["cables"] = time.monotonic() - begin
        for node in NODES.values():
            build.configure_node(node, self._networks[node.name])
        build.ip_batch(["link set dev lo up"])
        build.plug_laptop(self._place, self._networks["switch"], self._networks["laptop"])
        self._times["addresses"] = time.monotonic() - begin
        ring = configuration.Keys()
        if not self._order.bare:
            prepare_view(self._order.source)
        for name in (n.name for n in NODES.values() if n.machine):
            self._start_machine(name, ring)
        for name, pair in (("provider", ring.provider), ("provider2", ring.provider2)):
            wireguard.create(configuration.provider_link(name, pair, ring), self._networks[name])
        if self._order.plain_nas:
            wireguard.create(configuration.plain_nas_link(ring), self._networks["nas"])
        self._times["provider"] = time.monotonic() - begin

    def _mount_view(self) -> None:
        mount("none", "/", flags=MS_REC | MS_PRIVATE)
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)
        folder = self._order.folder.path
        new = folder / "run"
        new.mkdir(exist_ok=True)
        mount("tmpfs", str(new), "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755")
        for name in ("netns", "wireguard", "lock"):
            (new / name).mkdir()
        for kept in [p for p in (Path("/run/user"), folder) if p.is_relative_to("/run") and p.is_dir()]:
            (new / kept.relative_to("/run")).mkdir(parents=True, exist_ok=True)
            mount(str(kept), str(new / kept.relative_to("/run")), flags=MS_BIND | MS_REC)
        mount(str(new), "/run", flags=MS_MOVE)

    def _start_machine(self, name: str, ring: configuration.Keys) -> None:
        plain = name == "nas" and self._order.plain_nas
        resolver = STATIC_RESOLVER.get(name) or self._place.resolvers[0]
        order = MachineOrder(name, self._order.folder.node(name), self._order.bin, self._order.source, resolver,
                             bare=self._order.bare or plain, switch_home_on=name != "laptop", mesh=self._order.mesh)
        write_etc(order)
        configuration.write(order.folder / "etc/sallyport-lab", name, ring)
        reading, writing = os.pipe()
        own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        with inside(self._networks[name]):
            unshare(CLONE_NEWPID)
            child = os.fork()
            if child == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                os.close(reading)
                Machine(order).run(writing)
                os._exit(1)
            setns(own, CLONE_NEWPID)
        os.close(own)
        os.close(writing)
        self._machines[name], self._reports[name] = child, reading

    async def _serve(self, report: int) -> None:
        for node in NODES.values():
            await self._services.start(node, self._networks[node.name])
        for name in ("provider", "provider2"):
            for address in (PROVIDER_DNS4, PROVIDER_DNS6):
                await self._services.start_resolver(name, address, self._networks[name])
        listener = self._listen()
        threading.Thread(target=self._control, args=(listener,), daemon=True).start()
        outcome = await asyncio.to_thread(self._await_machines)
        os.write(report, json.dumps({**outcome, "times": self._times}).encode() + b"\n")
        os.close(report)
        await asyncio.Event().wait()

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self._order.folder.control))
        os.chmod(self._order.folder.control, 0o600)
        listener.listen(16)
        return listener

    def _await_machines(self) -> dict[str, object]:
        notes: list[str] = []
        for name, pipe in self._reports.items():
            with os.fdopen(pipe, encoding="utf-8") as answer:
                text = answer.readline()
            if not text:
                return {"error": f"{name}: the machine ended while it started"}
            outcome = json.loads(text)
            if "error" in outcome:
                return {"error": f"{name}: {outcome['error']}"}
            notes += [f"{name}: {note}" for note in outcome["notes"]]
        return {"notes": notes}

    def _control(self, listener: socket.socket) -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(10 * slowness())
            try:
                request = json.loads(connection.recv(65536))
                reply, descriptors = self._answer(request)
            except Exception as problem:  # answered, not fatal: the lab outlives a bad request
                reply, descriptors = {"error": f"{problem}"}, []
            data = json.dumps(reply).encode() + b"\n"
            try:
                sent = socket.send_fds(connection, [data], descriptors)
                connection.sendall(data[sent:])
            except OSError as problem:
                print(f"control: {problem}", file=sys.stderr, flush=True)
            for descriptor in descriptors:
                os.close(descriptor)

    def _answer(self, request: dict[str, object]) -> tuple[dict[str, object], list[int]]:
        verb, name = str(request.get("do")), str(request.get("node", ""))
        if verb == "journal":
            return {"entries": self._journal.after(int(str(request.get("after", 0))))}, []
        if verb == "status":
            return {"place": self._place.name, "machines": self._machines, "bare": self._order.bare,
                    "bin": str(self._order.bin), "plainNas": self._order.plain_nas, "nodes": list(NODES)}, []
        if verb == "move":
            return self._move(str(request.get("place"))), []
        if verb == "rename":
            NAMES[name] = tuple(str(request.get("addresses")).split())
            return {}, []
        if name not in self._networks:
            raise ValueError(f"There is no node “{name}”; there are {', '.join(NODES)}.")
        if verb == "network":
            return {}, [os.dup(self._networks[name])]
        if verb == "enter":
            return {"bin": str(self._order.bin)}, self._doors(name)
        raise ValueError(f"unknown request {verb}")

    def _doors(self, name: str) -> list[int]:
        """Descriptors of a node's namespaces, in the order pid, mount, uts, ipc, net."""
        process = self._machines.get(name, 1)
        doors = [os.open(f"/proc/{process}/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC)
                 for kind in ("pid", "mnt", "uts", "ipc")]
        return [*doors, os.dup(self._networks[name])]

    def _move(self, name: str) -> dict[str, object]:
        if name not in PLACES:
            raise ValueError(f"There is no place “{name}”; there are {', '.join(PLACES)}.")
        place = PLACES[name]
        with self._moving:
            build.plug_laptop(place, self._networks["switch"], self._networks["laptop"])
            self._place = place
            etc = Path(f"/proc/{self._machines['laptop']}/root/etc")
            (etc / "resolv.conf.new").write_text("".join(f"nameserver {r}\n" for r in place.resolvers), "ascii")
            (etc / "resolv.conf.new").rename(etc / "resolv.conf")
        return {"place": name}
