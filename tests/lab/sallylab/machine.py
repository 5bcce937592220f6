# SPDX-License-Identifier: GPL-2.0-or-later
"""A machine of the lab: process 1 of its own process namespace, with its own /run, /etc and /var/lib/sallyport, its own
system bus with polkit, the real helper and the real meshd. Like an init system it restarts what failed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from . import bus
from .linux import (CLONE_NEWIPC, CLONE_NEWNS, CLONE_NEWUTS, MS_BIND, MS_NODEV, MS_NOSUID, MS_REC, mount,
                    set_hostname, slowness, unshare, wait_until)
from .state import rootless

HELPER = "sallyport-helper"
MESHD = "sallyport-meshd"
POLKIT_NAME = "org.freedesktop.PolicyKit1"
HELPER_NAME = "org.sallyport.Helper"
MESH_NAME = "org.sallyport.Mesh"
_MESH_USER = "sallyport-mesh"
_NOBODY = 65534
POLKIT_PROGRAMS = ("/usr/lib/polkit-1/polkitd", "/usr/libexec/polkitd", "/usr/lib/policykit-1/polkitd")


@dataclass(frozen=True)
class MachineOrder:
    """What a machine is made from."""

    name: str
    folder: Path  # its part of the lab's folder
    bin: Path
    source: Path  # the checkout
    resolver: str | None
    bare: bool  # no bus, no helper
    switch_home_on: bool
    mesh: bool = False  # meshd beside the helper


def service_environment(programs: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items()
            if k in ("LANG", "LC_ALL", "TERM", "HOME") or k.startswith("SALLYPORT_")}
    return {**kept, "PATH": f"{programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


def prepare_view(source: Path) -> None:
    """Once for all machines: polkit's actions with ours among them."""
    policy = source / "resources/polkit/org.sallyport.policy"
    actions = Path("/usr/share/polkit-1/actions")
    if not policy.exists() or not actions.is_dir():
        return
    view = Path("/run/sallylab-actions")
    shutil.copytree(actions, view)
    shutil.copy(policy, view)
    mount(str(view), str(actions), flags=MS_BIND)


def mesh_user() -> str:
    """Who meshd is here: nobody, or, in a user namespace, the one user that there is."""
    return "root" if rootless() else "nobody"


def write_etc(order: MachineOrder) -> None:
    """The files in which this machine's /etc differs from the real one's. Written before the machine exists."""
    etc = order.folder / "etc"
    (etc / "dbus-1/system.d").mkdir(parents=True, exist_ok=True)
    for policy in (order.source / "resources/dbus").glob("org.sallyport.*.conf"):
        text = policy.read_text(encoding="utf-8").replace(f'"{_MESH_USER}"', f'"{mesh_user()}"')
        (etc / "dbus-1/system.d" / policy.name).write_text(text, encoding="utf-8")
    (etc / "hosts").write_text(f"127.0.0.1\tlocalhost\n127.0.1.1\t{order.name}\n::1\tlocalhost ip6-localhost\n",
                               encoding="ascii")
    (etc / "hostname").write_text(order.name + "\n", encoding="ascii")
    (etc / "resolv.conf").write_text(f"nameserver {order.resolver}\n" if order.resolver else "", encoding="ascii")
    (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n",
                                       encoding="ascii")


class Machine:
    def __init__(self, order: MachineOrder) -> None:
        self._order = order
        self._environment = service_environment(order.bin)
        # With their objects: a Popen that is dropped waits for its process itself, behind our back.
        self._children: dict[int, tuple[str, subprocess.Popen[bytes] | None]] = {}
        self._commands: dict[str, list[str]] = {}
        (order.folder / "log").mkdir(parents=True, exist_ok=True)
        self._logs = os.open(order.folder / "log", os.O_RDONLY | os.O_DIRECTORY)

    def run(self, report: int) -> None:
        """Never returns. Writes one line of JSON to `report` when the machine is up or cannot be."""
        outcome: dict[str, object] = {"node": self._order.name, "notes": []}
        try:
            self._enter()
            if not self._order.bare:
                outcome["notes"] = self._start_services()
        except Exception as problem:  # whatever it is, the person at the terminal has to see it
            outcome["error"] = f"{type(problem).__name__}: {problem}"
        os.write(report, json.dumps(outcome).encode() + b"\n")
        os.close(report)
        self._reap()

    def _enter(self) -> None:
        unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC)
        set_hostname(self._order.name)
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)
        self._mount_writable("/etc", self._order.folder / "etc")
        if not Path("/var/lib/sallyport").is_dir():
            self._mount_writable("/var/lib", self._order.folder / "var-lib")
            os.mkdir("/var/lib/sallyport", 0o700)
        mount("tmpfs", "/var/lib/sallyport", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0700")
        self._mount_run()  # last: it hides the lab's own folder

    def _mount_writable(self, target: str, upper: Path) -> None:
        """A private, writable view: only what this machine changes is its own."""
        work = upper.with_name(upper.name + ".work")
        upper.mkdir(parents=True, exist_ok=True)
        work.mkdir(exist_ok=True)
        try:
            mount("overlay", target, "overlay", 0, f"lowerdir={target},upperdir={upper},workdir={work}")
        except OSError:
            whole = upper.with_name(upper.name + ".whole")
            shutil.copytree(target, whole, symlinks=True, ignore_dangling_symlinks=True)
            shutil.copytree(upper, whole, symlinks=True, dirs_exist_ok=True)
            mount(str(whole), target, flags=MS_BIND)

    def _mount_run(self) -> None:
        """Its own /run; only the person's session stays in sight, so that a window can open on the desktop."""
        new = self._order.folder / "run"
        new.mkdir(exist_ok=True)
        mount("tmpfs", str(new), "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755")
        for name in ("dbus", "lock", "wireguard", "netns"):
            (new / name).mkdir()
        if Path("/run/user").is_dir():
            (new / "user").mkdir()
            mount("/run/user", str(new / "user"), flags=MS_BIND | MS_REC)
        mount(str(new), "/run", flags=MS_BIND | MS_REC)

    def _spawn(self, name: str, command: list[str]) -> None:
        log = os.open(f"{name}.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644, dir_fd=self._logs)
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment,
                                 cwd="/", start_new_session=True)
        os.close(log)
        self._children[child.pid] = name, child
        self._commands[name] = command

    def _last_words(self, name: str) -> str:
        """The end of a program's log; after a failed start the log itself is gone."""
        log = os.open(f"{name}.log", os.O_RDONLY, dir_fd=self._logs)
        with os.fdopen(log, encoding="utf-8", errors="replace") as text:
            return " / ".join(text.read().strip().splitlines()[-3:]) or "It said nothing."

    def _start_services(self) -> list[str]:
        notes: list[str] = []
        self._start_bus()
        with bus.Bus() as connection:
            notes += self._start_polkit(connection)
            helper = self._order.bin / HELPER
            if not helper.exists():
                return [*notes, f"no {HELPER} in {self._order.bin}"]
            self._start_helper()
            if not connection.wait_for(HELPER_NAME, 10):
                raise TimeoutError(f"{HELPER} did not appear on the bus. {self._last_words('helper')}")
            if self._order.mesh and (self._order.bin / MESHD).exists():
                self._start_mesh()
                if not connection.wait_for(MESH_NAME, 10):
                    raise TimeoutError(f"{MESHD} did not appear on the bus. {self._last_words('mesh')}")
        return notes + self._apply()

    def _start_bus(self) -> None:
        text = bus.configuration(keep_user=not rootless())
        Path("/run/dbus/lab.conf").write_text(text, encoding="utf-8")
        self._spawn("dbus", ["dbus-daemon", "--config-file=/run/dbus/lab.conf", "--nofork", "--nopidfile"])
        wait_until(bus.answers, 10, "the system bus", 0.005)

    def _start_polkit(self, connection: bus.Bus) -> list[str]:
        if rootless():
            program: str | None = str(self._order.bin / "lab_polkit")
            if not os.access(str(program), os.X_OK):
                return ["no polkit: polkitd needs a user of its own, and a user namespace has only one"]
            self._spawn("polkit", [str(program)])
        else:
            program = next((p for p in POLKIT_PROGRAMS if os.access(p, os.X_OK)), None)
            if not program:
                return ["no polkit: polkitd is not installed"]
            self._spawn("polkit", [program, "--no-debug"])
        if not connection.wait_for(POLKIT_NAME, 10):
            raise TimeoutError(f"polkit did not appear on the bus. {self._last_words('polkit')}")
        return []

    def _start_helper(self) -> None:
        self._spawn("helper", [str(self._order.bin / HELPER), "--mesh-user", mesh_user()])

    def _start_mesh(self) -> None:
        """As a user that owns nothing, who may not even have a way to the folder of the build."""
        program = Path("/run") / MESHD
        program.touch(0o755)
        mount(str(self._order.bin / MESHD), str(program), flags=MS_BIND)
        if rootless():
            self._spawn("mesh", [str(program), "--allow-root"])
        else:
            self._spawn("mesh", ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups",
                                 "--bounding-set=-all", "--no-new-privs", str(program)])

    def _apply(self) -> list[str]:
        """Gives the helper its configuration, as a person would."""
        sally = self._order.bin / "sally"
        file = Path("/etc/sallyport-lab") / f"{self._order.name}.json"
        if not sally.exists():
            return [f"no sally in {self._order.bin}: configuration only written"]
        steps = [["apply", str(file)]] + ([["home", "on", "--no-wait"]] if self._order.switch_home_on else [])
        for step in steps:
            done = subprocess.run([str(sally), *step], env=self._environment, text=True, capture_output=True,
                                  check=False, timeout=30 * slowness())
            if done.returncode:
                raise RuntimeError(f"sally {step[0]} {step[1]}: {(done.stderr or done.stdout).strip()}")
        return []

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.wait()
            except ChildProcessError:
                signal.pause()
                continue
            name, _ = self._children.pop(pid, ("", None))
            if name in ("helper", "mesh") and status == 0:
                continue
            if name:
                print(f"{self._order.name}: {name} ended with {os.waitstatus_to_exitcode(status)}, starting it again",
                      file=sys.stderr, flush=True)
                time.sleep(0.1)  # as RestartSec= does: a helper that cannot start must not take a whole processor
                self._spawn(name, self._commands[name])
