# SPDX-License-Identifier: GPL-2.0-or-later
"""Our programs in the container: installed as a package would, with the libraries that the image does not have."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from sallylab.linux import wait_until

from .container import Container, RunFailed, Session
from .internet import Internet

UNIT = "sallyport-helper.service"
EARLY = "sallyport-early.service"
MESH_UNIT = "sallyport-meshd.service"
_HELPER = "usr/libexec/sallyport/sallyport-helper"
_PROGRAMS = (_HELPER, "usr/libexec/sallyport/sallyport-meshd", "usr/bin/sally")


def install(build: Path, container: Container) -> None:
    """Before the container's first boot; enables what the preset enables, as a package does."""
    subprocess.run(["cmake", "--install", str(build), "--prefix", "/usr", "--strip"], check=True, capture_output=True,
                   env={**os.environ, "DESTDIR": str(container.root)})
    for program in _PROGRAMS:
        _bring_libraries(container.root / program, build / "bin" / Path(program).name, container.root)
    # Their user, as the package's script makes it.
    subprocess.run(["systemd-sysusers", f"--root={container.root}"], check=True, capture_output=True)
    offline(container, "preset", UNIT, EARLY, MESH_UNIT)


def offline(container: Container, *arguments: str) -> None:
    """systemctl while nothing runs inside."""
    done = subprocess.run(["chroot", str(container.root), "systemctl", *arguments], check=False, capture_output=True,
                          text=True)
    if done.returncode:
        raise RunFailed(f"systemctl {' '.join(arguments)}: {done.stderr}")


def mask(container: Container, *units: str) -> None:
    """While nothing runs inside."""
    for unit in units:
        (container.root / "etc/systemd/system" / unit).symlink_to("/dev/null")


def unmask(container: Container, *units: str) -> None:
    for unit in units:
        (container.root / "etc/systemd/system" / unit).unlink(missing_ok=True)


def _bring_libraries(program: Path, built: Path, root: Path) -> None:
    if not program.exists():
        raise FileNotFoundError(f"the build installs no {program.relative_to(root)}")
    listed = subprocess.run(["ldd", str(built)], check=True, capture_output=True, text=True).stdout
    for line in listed.splitlines():
        _, arrow, rest = line.partition(" => ")
        path = Path(rest.split(" (")[0].strip())
        if arrow and path.is_absolute() and not _has(root, path):
            target = root / "usr/local/lib" / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path.resolve(), target)
    subprocess.run(["ldconfig", "-r", str(root)], check=True)


def _has(root: Path, library: Path) -> bool:
    folders = ("usr/lib/x86_64-linux-gnu", f"usr/lib/{os.uname().machine}-linux-gnu", "usr/lib", "usr/lib64",
               "usr/local/lib")
    return any((root / folder / library.name).exists() for folder in folders)


class Product:
    """What a person, or a program, does with it."""

    def __init__(self, container: Container) -> None:
        self._container = container

    def sally(self, *arguments: str, check: bool = True, session: Session | None = None,
              text: str = "") -> subprocess.CompletedProcess[str]:
        return self._container.run("sally", *arguments, check=check, session=session, text=text)

    def status(self) -> dict[str, object]:
        found = json.loads(self.sally("status", "--json", check=False).stdout)
        assert isinstance(found, dict)
        return found

    def configure(self, internet: Internet) -> None:
        internet.write_keys(self._container)
        self.sally("apply", "-", text=json.dumps(internet.configuration()))

    def process(self) -> int:
        """The helper's process number inside; 0 if it does not run."""
        return int(self._property("MainPID"))

    def restarts(self) -> int:
        return int(self._property("NRestarts"))

    def _property(self, name: str) -> str:
        return self._container.run("systemctl", "show", "--value", "-p", name, UNIT).stdout.strip()

    def await_other(self, before: int, seconds: float = 20) -> int:
        """Waits for a helper that is another process and answers; returns its number."""
        def answers() -> bool:
            now = self.process()
            return now not in (0, before) and self._owner() == now
        wait_until(answers, seconds, "another helper")
        return self.process()

    def _owner(self) -> int:
        answer = self._container.run("busctl", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                     "org.freedesktop.DBus", "GetConnectionUnixProcessID", "s", "org.sallyport.Helper",
                                     check=False)
        return int(answer.stdout.split()[1]) if answer.returncode == 0 else 0

    def seen_address(self, address: str) -> str:
        """Which address the web server saw; empty if it was not reached."""
        script = 'exec 3<>"/dev/tcp/$0/80" && timeout 5 head -n1 <&3'
        return self._container.run("bash", "-c", script, address, check=False).stdout.strip()

    def has_guard(self) -> bool:
        done = self._container.run("nft", "list", "table", "inet", "sallyport_guard", check=False)
        return done.returncode == 0

    def system(self) -> str:
        """Everything of the kernel's that the helper could have changed."""
        commands = ("ip -o link", "ip -4 rule", "ip -6 rule", "nft -s list ruleset", "ip -4 route show table all",
                    "cat /etc/hosts", "cat /proc/sys/net/ipv4/conf/all/src_valid_mark")
        return "".join(self._container.run(*command.split()).stdout for command in commands)

    def expect_running(self) -> None:
        state = self._container.run("systemctl", "is-active", UNIT, check=False).stdout.strip()
        if state != "active":
            raise RunFailed(f"the helper is {state}\n{self._container.journal(UNIT)}")
