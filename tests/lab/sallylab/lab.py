# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab as its users see it: raise it, enter its nodes, move the laptop, ask what the far side saw."""

from __future__ import annotations

import json
import os
import pickle
import select
import shutil
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from . import keeper, linux
from .desktop import display_environment
from .linux import CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUTS, setns, slowness, start_time
from .machine import service_environment
from .state import LabError, LabFolder, rootless

T = TypeVar("T")
_KINDS = (CLONE_NEWPID, CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWNET)
PROGRAMS = ("ip", "nft", "wg")


class Lab:
    """A lab that runs."""

    def __init__(self, folder: LabFolder) -> None:
        self.folder = folder
        self.notes: list[str] = []
        self.times: dict[str, float] = {}
        self._doors: dict[str, NodeDoor] = {}

    @staticmethod
    def find(name: str) -> Lab:
        folder = LabFolder.of(name)
        if not folder.keeper():
            raise LabError(f"The lab “{name}” is not up. Start it with: lab up" +
                           ("" if name == "lab" else f" --name {name}"))
        return Lab(folder)

    @staticmethod
    def up(order: keeper.LabOrder) -> Lab:
        """Raises the lab, or finds it if it stands already. After a failure nothing is left."""
        missing = [p for p in PROGRAMS if not shutil.which(p)]
        if missing:
            raise LabError(f"The lab needs {', '.join(missing)}, which is not installed.")
        with order.folder.locked():
            if order.folder.keeper():
                lab = Lab(order.folder)
                lab.ask(do="status")
                return lab
            order.folder.remove()
            try:
                return _raise(order)
            except BaseException:
                order.folder.remove()
                raise

    def down(self) -> None:
        for door in self._doors.values():
            door.close()
        self._doors.clear()
        take_down(self.folder.name)

    def ask(self, **request: object) -> dict[str, Any]:
        reply, _ = self._ask(request)
        return reply

    def network(self, node: str) -> int:
        """A descriptor of the node's network namespace."""
        _, descriptors = self._ask({"do": "network", "node": node})
        return descriptors[0]

    def move(self, place: str) -> None:
        self.ask(do="move", place=place)

    def rename(self, name: str, *addresses: str) -> None:
        """From now on the lab's resolvers have these addresses for the name."""
        self.ask(do="rename", node=name, addresses=" ".join(addresses))

    def place(self) -> str:
        return str(self.ask(do="status")["place"])

    def journal(self, after: int = 0) -> list[dict[str, Any]]:
        return list(self.ask(do="journal", after=after)["entries"])

    def node(self, name: str) -> NodeDoor:
        if name not in self._doors:
            reply, descriptors = self._ask({"do": "enter", "node": name})
            self._doors[name] = NodeDoor(name, Path(reply["bin"]), tuple(descriptors))
        return self._doors[name]

    def _ask(self, request: dict[str, object]) -> tuple[dict[str, Any], list[int]]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30 * slowness())
            connection.connect(str(self.folder.control))
            connection.sendall(json.dumps(request).encode())
            data, descriptors, _, _ = socket.recv_fds(connection, 65536, 8)
            while not data.endswith(b"\n"):
                more = connection.recv(65536)
                if not more:
                    raise LabError("The lab ended in the middle of an answer.")
                data += more
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
        reply = json.loads(data)
        if "error" in reply:
            raise LabError(reply["error"])
        return reply, descriptors


def _raise(order: keeper.LabOrder) -> Lab:
    order.folder.path.mkdir(mode=0o755, parents=True)
    reading, writing = os.pipe()
    pid = keeper.start(order, writing)
    os.close(writing)
    order.folder.record({"pid": pid, "started": start_time(pid)})
    lab = Lab(order.folder)
    outcome = _read_outcome(reading, order.folder)
    if "error" in outcome:
        raise LabError(f"The lab could not be raised. {outcome['error']}")
    lab.notes, lab.times = list(outcome["notes"]), dict(outcome["times"])
    return lab


def _read_outcome(reading: int, folder: LabFolder) -> dict[str, Any]:
    with os.fdopen(reading, "rb") as answer:
        if not select.select([answer], [], [], 90 * slowness())[0]:
            raise LabError(f"The lab did not stand within {90 * slowness():.0f} s.")
        text = answer.readline()
    if not text:
        log = folder.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise LabError("The lab's first process ended while it started. " + (log[-1] if log else ""))
    return dict(json.loads(text))


def take_down(name: str) -> bool:
    folder = LabFolder.of(name)
    with folder.locked():
        existed = folder.remove()
        folder.path.with_suffix(".lock").unlink(missing_ok=True)
    return existed


@dataclass(frozen=True)
class NodeDoor:
    """The way into one node: descriptors of its namespaces."""

    name: str
    bin: Path
    descriptors: tuple[int, ...]

    def close(self) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)

    def run(self, command: list[str], folder: str | None = None, **kinds: Any) -> int:
        """Runs a program in the node with our own standard streams (or those given as stdin=, stdout=, stderr=
        descriptors) and returns its exit code as a shell would."""
        child = self.start(command, folder, **kinds)
        passed = {s: signal.signal(s, lambda number, _: os.kill(child, number))
                  for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        try:
            _, status = os.waitpid(child, 0)
        finally:
            for number, handler in passed.items():
                signal.signal(number, handler)
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 128 - code

    def start(self, command: list[str], folder: str | None = None, **streams: int) -> int:
        """As `run`, without waiting; returns the process number."""
        child = self._fork()
        if child == 0:
            self._become(command, folder or os.getcwd(), streams)
        return child

    def output(self, command: list[str], check: bool = True) -> str:
        """Standard output of a program that is expected to succeed."""
        reading, writing = os.pipe()
        child = self.start(command, "/", stdout=writing)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8", errors="replace") as pipe:
            text = pipe.read()
        _, status = os.waitpid(child, 0)
        if check and status:
            raise LabError(f"{self.name}: {' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}: {text}")
        return text

    def call(self, function: Callable[..., T], *arguments: object) -> T:
        """Runs a function of ours inside the node, in a child process, and returns what it returned."""
        reading, writing = os.pipe()
        child = self._fork()
        if child == 0:
            self._compute(writing, function, arguments)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            data = pipe.read()
        os.waitpid(child, 0)
        if not data:
            raise LabError(f"{self.name}: the child process ended without an answer")
        good, value = pickle.loads(data)
        if good:
            return value  # type: ignore[no-any-return]
        raise value

    def _fork(self) -> int:
        """A child in the node's process namespace; 0 in the child."""
        sys.stdout.flush()
        if rootless():
            return self._fork_through_a_proxy()
        own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        setns(self.descriptors[0], CLONE_NEWPID)
        child = os.fork()
        if child:
            setns(own, CLONE_NEWPID)
        os.close(own)
        return child

    def _fork_through_a_proxy(self) -> int:
        """Without real root there is no way back into the old process namespace, so a child goes, and stays to pass
        on how the program ended."""
        proxy = os.fork()
        if proxy:
            return proxy
        linux.die_with_parent()
        setns(self.descriptors[0], CLONE_NEWPID)
        child = os.fork()
        if child == 0:
            return 0
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(code)

    def _compute(self, answer: int, function: Callable[..., object], arguments: tuple[object, ...]) -> None:
        try:
            linux.die_with_parent()
            self._enter()
            result = pickle.dumps((True, function(*arguments)))
        except Exception as problem:  # travels to the caller
            try:
                result = pickle.dumps((False, problem))
            except Exception:
                result = pickle.dumps((False, RuntimeError(traceback.format_exc())))
        with os.fdopen(answer, "wb") as pipe:
            pipe.write(result)
        os._exit(0)

    def _enter(self) -> None:
        for descriptor, kind in list(zip(self.descriptors, _KINDS))[1:]:
            setns(descriptor, kind)

    def _become(self, command: list[str], folder: str, streams: dict[str, int]) -> None:
        try:
            linux.die_with_parent()
            display = display_environment()
            self._enter()
            for number, name in enumerate(("stdin", "stdout", "stderr")):
                if name in streams:
                    os.dup2(streams[name], number)
            os.chdir(folder if os.path.isdir(folder) else "/")
            outside = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
            environment = {**outside, **display, **service_environment(self.bin), "SALLYPORT_LAB_NODE": self.name}
            for number in (signal.SIGINT, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            os.execvpe(command[0], command, environment)
        except FileNotFoundError:
            os.write(2, f"lab: {command[0]}: not found in {self.name}\n".encode())
            os._exit(127)
        except OSError as problem:
            os.write(2, f"lab: {command[0]}: {problem}\n".encode())
            os._exit(126)
