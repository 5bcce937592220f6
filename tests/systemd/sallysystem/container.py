# SPDX-License-Identifier: GPL-2.0-or-later
"""A whole Debian with the real systemd as its first process, in namespaces: boot(), run(), stop().

The file system is the image of `tests/systemd/image` with a layer above it that takes every change; it stays from one
boot to the next and goes with the test. One cable leads out, from `eth0` inside to `uplink` in the namespace of the test
(internet.py), so nothing that leaves can be missed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sallylab.linux import (CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUTS, MS_BIND, MS_NODEV,
                            MS_NOEXEC, MS_NOSUID, MS_PRIVATE, MS_REC, die_with_parent, mount, set_hostname, slowness,
                            unmount, unshare, wait_until)

from . import groups

CLONE_NEWCGROUP = 0x02000000
MS_RDONLY = 1
_POWEROFF = signal.SIGRTMIN + 4  # systemd(1)
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class RunFailed(RuntimeError):
    pass


@dataclass(frozen=True)
class Session:
    """Somebody who is logged in, as logind sees it."""

    ident: str
    user: str
    group: str  # the control group inside the container


class Container:
    """`base` is the image's folder, `store` an empty folder that the test's end removes (a tmpfs of its own)."""

    def __init__(self, base: Path, store: Path) -> None:
        self._base = base
        self.upper, self._work, self.root = store / "upper", store / "work", store / "root"
        for folder in (self.upper, self._work, self.root):
            folder.mkdir(parents=True)
        mount("overlay", str(self.root), "overlay",
              options=f"lowerdir={base},upperdir={self.upper},workdir={self._work}")
        self.log = store / "console"
        self._group: Path | None = None
        self._starter = 0
        self.process = 0  # the container's first process, as the test sees it

    def __enter__(self) -> Container:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        unmount(str(self.root))

    def boot(self, wired: Callable[[], None] = lambda: None, wait: bool = True) -> None:
        """Returns when everything that starts at boot has started; without `wait`, when the first process runs.
        `wired` is called when the cable is plugged in and nothing runs yet."""
        self._group = groups.make()
        said, says = os.pipe()
        go, goes = os.pipe()
        self._starter = os.fork()
        if self._starter == 0:
            os.close(said)
            os.close(goes)
            self._start(says, go)
        os.close(says)
        os.close(go)
        with os.fdopen(said, encoding="ascii") as answer:
            text = answer.readline()
            if not text.strip().isdigit():
                raise OSError(text or "the container's first process did not start")
            self.process = int(text)
        subprocess.run(["ip", "link", "add", "uplink", "type", "veth", "peer", "name", "eth0", "netns",
                        str(self.process)], check=True)
        wired()
        os.write(goes, b"go")
        os.close(goes)
        if wait:
            self.await_boot()

    def await_boot(self) -> None:
        # Asked too early, systemctl takes the system for one without systemd.
        wait_until(lambda: Path(f"/proc/{self.process}/root/run/systemd/private").exists(), 30, "the start of systemd")
        state = self.run("systemctl", "is-system-running", "--wait", check=False, timeout=90)
        if state.stdout.strip() not in ("running", "degraded"):
            raise RunFailed(f"the container is {state.stdout.strip()!r}\n{self.console()}")

    def failed_units(self) -> list[str]:
        listed = self.run("systemctl", "list-units", "--failed", "--plain", "--no-legend").stdout
        return [line.split()[0] for line in listed.splitlines()]

    def run(self, *command: str, check: bool = True, timeout: float = 60, text: str = "",
            session: Session | None = None) -> subprocess.CompletedProcess[str]:
        """Runs a program inside, as root or, in somebody's session, as that user."""
        inside = [*self._entry(), *(self._as(session) if session else ()), *command]
        limit = timeout * slowness()
        done = subprocess.run(inside, input=text, text=True, capture_output=True, check=False, timeout=limit,
                              env={"PATH": _PATH, "LC_ALL": "C.UTF-8"})
        if check and done.returncode:
            raise RunFailed(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def start(self, *command: str, session: Session | None = None, terminal: int | None = None) \
            -> subprocess.Popen[bytes]:
        """A program that stays, at a terminal if one is given; it ends when the caller kills what is returned."""
        inside = [*self._entry(), *(self._as(session) if session else ()), "setpriv", "--pdeathsig", "KILL", *command]
        streams = subprocess.DEVNULL if terminal is None else terminal
        return subprocess.Popen(inside, stdin=streams, stdout=streams, stderr=streams,
                                env={"PATH": _PATH, "LC_ALL": "C.UTF-8"}, preexec_fn=die_with_parent)

    def login(self, user: str, seat: bool) -> Session:
        """Through pam_systemd, as every login: at the seat, which brings it to the front, or from elsewhere."""
        unit = f"login-{user}-{time.monotonic_ns()}.service"
        place = ("--setenv=XDG_SEAT=seat0", "--setenv=XDG_SESSION_TYPE=wayland") if seat else ()
        self.run("systemd-run", f"--unit={unit}", f"--uid={user}", "--property=PAMName=login", *place, "sleep", "infinity")
        shown = ""

        def ready() -> bool:
            nonlocal shown
            leader = self.run("systemctl", "show", "--value", "-p", "MainPID", unit).stdout.strip()
            shown = self.run("cat", f"/proc/{leader}/cgroup", check=False).stdout
            return ".scope" in shown
        wait_until(ready, 10, f"the login of {user}")
        group = shown.strip().partition("::")[2]
        session = Session(group.rpartition("/session-")[2].removesuffix(".scope"), user, group)
        wait_until(lambda: not seat or self.is_active(session), 10, f"{user} at the seat")
        return session

    def is_active(self, session: Session) -> bool:
        shown = self.run("loginctl", "show-session", "--value", "-p", "Active", session.ident)
        return shown.stdout.strip() == "yes"

    def logout(self, session: Session) -> None:
        self.run("loginctl", "terminate-session", session.ident, check=False)
        wait_until(lambda: self.run("loginctl", "show-session", session.ident, check=False).returncode != 0, 10,
                   f"the logout of {session.user}")

    def write(self, path: str, content: str, mode: int = 0o644) -> None:
        """A file inside, also before the first boot."""
        target = Path(f"/proc/{self.process}/root{path}") if self.process else self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        target.chmod(mode)

    def network(self) -> int:
        return os.open(f"/proc/{self.process}/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    def journal(self, unit: str) -> str:
        return self.run("journalctl", "--no-pager", "-o", "short-monotonic", "-u", unit, check=False).stdout

    def console(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def stop(self) -> None:
        """Orderly, as a person switches a machine off; what was written stays for the next boot."""
        if not self.process:
            return
        os.kill(self.process, _POWEROFF)
        self._reap(60)

    def kill(self) -> None:
        """As when the power goes."""
        if not self.process:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        self._reap(60)

    def _reap(self, seconds: float) -> None:
        def over() -> bool:
            # Whatever lost its nsenter is a child of ours, and the container waits for it, too.
            with contextlib.suppress(ChildProcessError):
                while ended := os.waitpid(-1, os.WNOHANG)[0]:
                    if ended == self._starter:
                        return True
            return False
        try:
            wait_until(over, seconds, "the end of the container")
        except TimeoutError as problem:
            raise TimeoutError(f"{problem}\n{self.console()[-3000:]}") from problem
        self.process = self._starter = 0
        # The cable goes with the container's network, which whoever listens may still hold.
        subprocess.run(["ip", "link", "delete", "uplink"], capture_output=True, check=False)
        if self._group:
            group = self._group
            wait_until(lambda: _gone(group), 10, "the end of the container's control groups")

    def _entry(self) -> list[str]:
        return ["nsenter", "-t", str(self.process), "-m", "-u", "-i", "-n", "-p", "-C", "--"]

    @staticmethod
    def _as(session: Session) -> list[str]:
        script = 'echo $$ >"/sys/fs/cgroup$0/cgroup.procs" && exec setpriv --reuid="$1" --regid="$1" --init-groups "${@:2}"'
        return ["bash", "-c", script, session.group, session.user]

    def _start(self, says: int, go: int) -> None:
        """In a child, which waits for the container's first process; never returns."""
        try:
            die_with_parent()
            assert self._group
            (self._group / "cgroup.procs").write_text("0", encoding="ascii")
            unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP)
            first = os.fork()
            if first == 0:
                os.close(says)
                die_with_parent()
                self._become_system(go)
            os.write(says, f"{first}\n".encode("ascii"))
            os.close(says)
            os.waitpid(first, 0)
        except OSError as problem:
            with contextlib.suppress(OSError):
                os.write(says, str(problem).encode())
        os._exit(0)

    def _become_system(self, go: int) -> None:
        try:
            console = os.open(self.log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644)
            for stream, descriptor in enumerate((os.open("/dev/null", os.O_RDONLY), console, console)):
                os.dup2(descriptor, stream)
            mount("none", "/", flags=MS_REC | MS_PRIVATE)
            _furnish(self.root)
            set_hostname("laptop")
            _move_in(self.root)
            os.read(go, 2)
            os.closerange(3, 1024)
            os.setsid()
            os.execve("/lib/systemd/systemd", ["systemd", "--system", "--log-target=journal", "--show-status=0"],
                      {"container": "lxc", "PATH": _PATH})
        except OSError as problem:
            print(problem, file=sys.stderr, flush=True)
        os._exit(1)


def _furnish(root: Path) -> None:
    """The mounts that whoever starts a container owes systemd."""
    mount("proc", f"{root}/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("sysfs", f"{root}/sys", "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("cgroup2", f"{root}/sys/fs/cgroup", "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _hide_hardware(root)
    mount("tmpfs", f"{root}/dev", "tmpfs", MS_NOSUID, "mode=0755")
    for name in _DEVICES:
        (root / "dev" / name).touch()
        mount(f"/dev/{name}", f"{root}/dev/{name}", flags=MS_BIND)
    for folder in ("shm", "pts", "net"):
        (root / "dev" / folder).mkdir()
    mount("tmpfs", f"{root}/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")
    mount("devpts", f"{root}/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5")
    for link, target in (("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"),
                         ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")):
        (root / "dev" / link).symlink_to(target)
    os.mknod(root / "dev/net/tun", 0o666 | 0o020000, os.makedev(10, 200))
    os.chmod(root / "dev/net/tun", 0o666)
    mount("tmpfs", f"{root}/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755")
    mount("tmpfs", f"{root}/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")


def _hide_hardware(root: Path) -> None:
    """logind makes whichever session came last the active one where there are no virtual terminals, and says that the
    machine can sleep if the kernel says so. Neither may depend on where the test runs."""
    if (root / "sys/class/tty").is_dir():
        mount("tmpfs", f"{root}/sys/class/tty", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    if (root / "sys/power/state").exists():
        facts = root / "run-facts"
        facts.mkdir(exist_ok=True)
        (facts / "state").write_text("freeze mem\n", encoding="ascii")
        mount(str(facts / "state"), f"{root}/sys/power/state", flags=MS_BIND)


def _move_in(root: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    mount(str(root), str(root), flags=MS_BIND | MS_REC)
    os.chdir(root)
    if libc.pivot_root(b".", b"mnt") != 0:
        raise OSError(ctypes.get_errno(), f"pivot_root: {os.strerror(ctypes.get_errno())}")
    os.chroot(".")
    os.chdir("/")
    unmount("/mnt")


def _gone(group: Path) -> bool:
    groups.remove(group)
    return not group.exists()
