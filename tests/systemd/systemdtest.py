# SPDX-License-Identifier: GPL-2.0-or-later
"""What the test files of the container share. A test file calls main(), which moves it into namespaces of its own: its
end, however it comes, is the end of everything that it started."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import unittest
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lab")]

from sallylab.linux import mount  # noqa: E402
from sallysystem import product  # noqa: E402
from sallysystem.container import Container  # noqa: E402
from sallysystem.groups import NoControlGroups, hierarchy  # noqa: E402
from sallysystem.internet import LAPTOP6, ROUTER6, Internet  # noqa: E402
from sallysystem.product import Product  # noqa: E402

BUILD = Path(os.environ.get("SALLYPORT_BUILD", HERE.parents[1] / "build/dev")).resolve()
_ISOLATED = "SALLYPORT_SYSTEMD_ISOLATED"
_STORE = "/mnt"
# No router advertisements: each of them is an event, and some tests wait for none.
NETWORKD = f"""[Match]
Name=eth0
[Network]
DHCP=ipv4
IPv6AcceptRA=no
Address={LAPTOP6}/64
Gateway={ROUTER6}
"""
NETWORKMANAGER = f"""[connection]
id=wired
type=ethernet
interface-name=eth0
[ipv4]
method=auto
[ipv6]
method=manual
address1={LAPTOP6}/64,{ROUTER6}
"""


def main() -> None:
    if os.geteuid() == 0 and _ISOLATED not in os.environ:
        os.environ[_ISOLATED] = "1"
        os.execvp("unshare", ["unshare", "--net", "--mount", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc",
                              sys.executable, "-B", *sys.argv])
    unittest.main(verbosity=2)


def _image() -> Path:
    made = subprocess.run([str(HERE / "image")], stdout=subprocess.PIPE, text=True, check=False)
    if made.returncode == 77:
        raise unittest.SkipTest("the container's file system cannot be made here; the line above says why")
    if made.returncode:
        raise OSError("the container's file system was not made; the lines above say why")
    return Path(made.stdout.strip())


def _need_kernel() -> None:
    if os.geteuid() != 0:
        raise unittest.SkipTest("a container with its own systemd needs root")
    if not Path("/dev/net/tun").exists():
        raise unittest.SkipTest("/dev/net/tun is missing, and without it there are no tunnels")
    try:
        hierarchy()
    except NoControlGroups as problem:
        raise unittest.SkipTest(str(problem)) from problem


@functools.cache
def _internet() -> Internet:
    """One for all classes of a file; and the place where their containers keep what they write."""
    mount("tmpfs", _STORE, "tmpfs", options="mode=0755")
    return Internet.raise_up()


class SystemTestCase(unittest.TestCase):
    """One container for all tests of a class, booted, with the internet at its cable. Every test starts with both
    switches off."""

    network_daemon = "systemd-networkd"
    container: Container
    internet: Internet
    product: Product

    @classmethod
    def setUpClass(cls) -> None:
        _need_kernel()
        base = _image()
        cls.internet = _internet()
        cls.container = Container(base, Path(_STORE) / cls.__name__)
        cls.addClassCleanup(cls.container.__exit__)
        product.install(BUILD, cls.container)
        cls.product = Product(cls.container)
        cls.prepare()
        cls.boot()
        cls.product.configure(cls.internet)

    @classmethod
    def prepare(cls) -> None:
        """Before the first boot."""
        cls.container.write("/etc/systemd/network/10-eth0.network", NETWORKD)
        cls.container.write("/etc/NetworkManager/system-connections/wired.nmconnection", NETWORKMANAGER, 0o600)
        others = {"systemd-networkd", "NetworkManager"} - {cls.network_daemon}
        product.offline(cls.container, "enable", f"{cls.network_daemon}.service")
        product.mask(cls.container, *(f"{name}.service" for name in others), "systemd-networkd-wait-online.service")

    @classmethod
    def boot(cls, wired: Callable[[], None] = lambda: None) -> None:
        cls.container.boot(wired=lambda: (cls.internet.plug(), wired())[0])
        cls.container.run("bash", "-c", "until ip route show default | grep -q default; do sleep 0.05; done", timeout=30)

    def setUp(self) -> None:
        if not self.container.process:
            self.boot()
        for switch in ("exit", "home", "lockdown"):
            self.product.sally(switch, "off")

    def tearDown(self) -> None:
        result = self._outcome.result
        failed = any(getattr(test, "test_case", test) is self for test, _ in result.errors + result.failures)
        if failed and self.container.process:
            print(self.container.journal("sallyport-*"), file=sys.stderr)
