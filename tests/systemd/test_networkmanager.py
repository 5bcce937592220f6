# SPDX-License-Identifier: GPL-2.0-or-later
"""Beside NetworkManager, which takes over every interface. With the drop-in that we install."""

from __future__ import annotations

from systemdtest import SystemTestCase, main  # isort: skip; it says where the lab is

from sallylab.linux import wait_until
from sallysystem.internet import CLIENT4, WEB4


class BesideNetworkManagerTest(SystemTestCase):
    network_daemon = "NetworkManager"

    def test_ourInterfacesAreNotManaged(self) -> None:
        self.product.sally("home", "on")
        self.product.sally("exit", "on")
        # Anybody else's tunnel is taken over: so it is the drop-in that spares ours.
        self.container.run("bash", "-c", "ip tuntap add other0 mode tun; ip address add 10.9.9.1/24 dev other0; "
                                         "ip link set other0 up")
        self.addCleanup(self.container.run, "ip", "link", "del", "other0")
        wait_until(lambda: self._state("other0") not in ("", "unmanaged"), 5, "NetworkManager to take other0", 0.2)
        for link in ("sally-home", "sally-exit"):
            wait_until(lambda: self._state(link).startswith("unmanaged"), 5, f"{link} unmanaged", 0.2)
        self.container.run("systemctl", "restart", "NetworkManager")
        wait_until(lambda: self._state("sally-exit").startswith("unmanaged"), 10, "NetworkManager again", 0.2)
        self.assertEqual(self.product.seen_address(WEB4), CLIENT4)

    def _state(self, link: str) -> str:
        listed = self.container.run("nmcli", "-t", "-f", "DEVICE,STATE", "device", check=False).stdout
        return next((line.split(":")[1] for line in listed.splitlines() if line.startswith(link + ":")), "")


if __name__ == "__main__":
    main()
