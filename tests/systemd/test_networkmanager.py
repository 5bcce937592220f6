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
