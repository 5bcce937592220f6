# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a bench measures: a network of its own with one uplink, a system bus with polkitd, and the helper.

Everything happens in the network and mount namespace that the caller has already made private.
"""
import contextlib
import ctypes
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SCRATCH = Path("/run/bench")
STATE = Path("/var/lib/sallyport")
CARRIER = "bench-carrier"
# Each side has a network of its own: the helper watches its network and would clear up after the others.
OURS, QUICK, FLOOR = "bench-ours", "bench-quick", "bench-floor"
UPLINK = "uplink0"
UPLINK_ADDRESSES = ("203.0.113.1/24", "fd99::1/64")
LIMIT = 120.0
CLONE_NEWNET = 0x40000000
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/><allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/>
    <allow receive_type="signal"/>
  </policy>
</busconfig>
"""


def run(*command: Any) -> str:
    words = [str(word) for word in command]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: {result.stderr.strip() or result.stdout.strip()}")
    return result.stdout


def wait_until(what: str, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {LIMIT:.0f} s in vain: {what}")
        time.sleep(0.002)


def make_private_folders(state: Path) -> None:
    """The programs keep their usual paths; nothing they write is seen outside. State is kept on a disk, as it would
    be in life, so that waiting for the disk is part of what is measured."""
    run("mount", "--make-rprivate", "/")
    state.mkdir(parents=True, exist_ok=True)
    for folder in ("/run", "/var/lib", "/usr/share/polkit-1/actions"):
        run("mount", "-t", "tmpfs", "tmpfs", folder)
    run("mount", "-t", "sysfs", "sysfs", "/sys")
    for folder in (SCRATCH / "changes", SCRATCH / "work", Path("/run/dbus"), Path("/run/netns"), STATE):
        os.makedirs(folder, exist_ok=True)
    run("mount", "--bind", state, STATE)
    run("mount", "-t", "overlay", "-o", f"lowerdir=/etc,upperdir={SCRATCH}/changes,workdir={SCRATCH}/work",
        "overlay", "/etc")
    shutil.copy(ROOT / "resources/polkit/org.sallyport.policy", "/usr/share/polkit-1/actions")


def make_network(name: str) -> None:
    """One uplink with a default route in both families, and nobody at its other end."""
    run("ip", "netns", "add", name)
    run("ip", "-n", name, "link", "set", "lo", "up")
    run("ip", "link", "add", UPLINK, "netns", name, "type", "veth", "peer", "name", f"to-{name}", "netns", CARRIER)
    run("ip", "-n", CARRIER, "link", "set", f"to-{name}", "up")
    for address in UPLINK_ADDRESSES:
        run("ip", "-n", name, "address", "add", address, "dev", UPLINK, *(["nodad"] if ":" in address else []))
    run("ip", "-n", name, "link", "set", UPLINK, "up")
    run("ip", "-n", name, "route", "add", "default", "via", "203.0.113.254")
    run("ip", "-n", name, "-6", "route", "add", "default", "via", "fd99::2")


@contextlib.contextmanager
def inside(network: str) -> Iterator[None]:
    """This process, for a while, in another network."""
    libc = ctypes.CDLL(None, use_errno=True)
    back = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{network}", os.O_RDONLY)
    if libc.setns(there, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), f"cannot enter {network}")
    try:
        yield
    finally:
        libc.setns(back, CLONE_NEWNET)
        os.close(back)
        os.close(there)


def has_link(network: str, name: str) -> bool:
    with inside(network):
        return any(name == other for _, other in socket.if_nameindex())


Start = Callable[[list[str], int, int], object]


def here(command: list[str], stdin: int, stdout: int) -> object:
    return subprocess.Popen(command, stdin=stdin, stdout=stdout)


class Conversation:
    """A program that answers each line with one line."""

    def __init__(self, start: Start, *command: Any) -> None:
        """`start` gets the command and the descriptors of its standard input and output."""
        self.name = Path(command[0]).name
        questions, writing = os.pipe()
        reading, answers = os.pipe()
        start([str(word) for word in command], questions, answers)
        os.close(questions)
        os.close(answers)
        self.questions = os.fdopen(writing, "w", buffering=1, encoding="utf-8")
        self.answers = os.fdopen(reading, encoding="utf-8")

    def ask(self, line: str) -> list[float]:
        self.questions.write(line + "\n")
        answer = self.answers.readline()
        if not answer:
            raise RuntimeError(f"{self.name}: ended at `{line}`; why is above")
        return [float(word) for word in answer.split()]

    def close(self) -> None:
        """The program ends when nobody asks any more."""
        self.questions.close()
        self.answers.read()
        self.answers.close()


class Stage:
    """Starts what the helper needs, and the helper; stops them again."""

    def __init__(self, build: Path, log: Path) -> None:
        self.build = build
        self.log = log
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Stage":
        state = ROOT / "build" / "bench" / "state"
        shutil.rmtree(state, ignore_errors=True)
        make_private_folders(state)
        run("ip", "netns", "add", CARRIER)
        for name in (OURS, QUICK, FLOOR):
            make_network(name)
        config = Path("/run/dbus/bench.conf")
        config.write_text(BUS, encoding="utf-8")
        self.start("dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile")
        wait_until("the bus is there", Path("/run/dbus/system_bus_socket").exists)
        polkitd = next(path for path in ("/usr/lib/polkit-1/polkitd", "/usr/libexec/polkitd") if Path(path).exists())
        self.start(polkitd, "--no-debug")
        self.wait_for_name("org.freedesktop.PolicyKit1")
        return self

    def start_helper(self) -> None:
        self.start("ip", "netns", "exec", OURS, self.build / "bin" / "sallyport-helper")
        self.wait_for_name("org.sallyport.Helper")

    def start(self, *command: Any) -> None:
        with open(self.log, "ab") as log:
            self.processes.append(subprocess.Popen([str(word) for word in command], stdout=log, stderr=log))

    def wait_for_name(self, name: str) -> None:
        def owned() -> bool:
            dead = [process.args for process in self.processes if process.poll() is not None]
            if dead:
                raise RuntimeError(f"{dead[0]} has ended; see {self.log}")
            answer = subprocess.run(["dbus-send", "--system", "--print-reply", "--dest=org.freedesktop.DBus", "/",
                                     "org.freedesktop.DBus.NameHasOwner", f"string:{name}"],
                                    capture_output=True, text=True, check=False)
            return "boolean true" in answer.stdout
        wait_until(f"{name} is on the bus", owned)

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            process.terminate()
            process.wait(timeout=30)
