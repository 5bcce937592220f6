# SPDX-License-Identifier: GPL-2.0-or-later
"""The other end of the container's cable: a router that hands out addresses and names, a web server that says which
address it saw, and a WireGuard server. All of it lives in the network namespace of the test."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

from sallylab import keys
from sallylab.build import ip_batch
from sallylab.capture import Wire
from sallylab.linux import die_with_parent, mount, write_sysctl
from sallylab.packets import Packet
from sallylab.wireguard import PlainLink, PlainPeer, create

from .container import Container

ROUTER4, ROUTER6 = "192.168.77.1", "2001:db8:77::1"
LAPTOP4, LAPTOP6 = "192.168.77.10", "2001:db8:77::10"
WEB4, WEB6 = "203.0.113.80", "2001:db8:80::80"
SERVER4 = "198.51.100.7"
SERVER_PORT = 51820
CLIENT4, CLIENT6 = "10.64.3.7", "fc00:bbbb:bbbb:bb01::3:7"
INNER4, INNER6 = "10.64.0.1", "fc00:bbbb:bbbb:bb01::1"
NAME = "web.example"
_LAN = ipaddress.ip_network("192.168.77.0/24")
_SERVER_LINK = "wg-server"


@dataclass
class Internet:
    server_key: str = field(default_factory=keys.generate)
    client_key: str = field(default_factory=keys.generate)
    home_key: str = field(default_factory=keys.generate)
    nas_key: str = field(default_factory=keys.generate)
    _web: list[socket.socket] = field(default_factory=list)
    _names: subprocess.Popen[bytes] | None = None

    @staticmethod
    def raise_up() -> Internet:
        internet = Internet()
        # wireguard-go wants its sockets here; the mount namespace is the test's own.
        Path("/run/wireguard").mkdir(exist_ok=True)
        mount("tmpfs", "/run/wireguard", "tmpfs")
        for setting in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
            write_sysctl(setting, "1")
        ip_batch(["link set lo up", *(f"addr add {a} dev lo" + (" nodad" if ":" in a else "") for a in (f"{WEB4}/32", f"{WEB6}/128", f"{SERVER4}/32"))])
        internet._serve_web()
        network = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        client = PlainPeer(keys.public(internet.client_key), (f"{CLIENT4}/32", f"{CLIENT6}/128"))
        create(PlainLink(_SERVER_LINK, internet.server_key, SERVER_PORT, (f"{INNER4}/10", f"{INNER6}/64"), (client,)),
               network)
        os.close(network)
        return internet

    def plug(self) -> None:
        """Once the container's first process is there, and its cable with it."""
        for setting in ("ipv6/conf/uplink/accept_dad", "ipv6/conf/uplink/accept_ra"):
            write_sysctl(setting, "0")
        ip_batch([f"addr add {ROUTER4}/24 dev uplink", f"addr add {ROUTER6}/64 dev uplink", "link set uplink up"])
        self._serve_names()

    def unplug(self) -> None:
        if self._names:
            self._names.kill()
            self._names.wait()
            self._names = None

    def _serve_names(self) -> None:
        """An address by DHCP, and one name."""
        self.unplug()
        self._names = subprocess.Popen(
            ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--dhcp-leasefile=/dev/null",
             "--user=root", "--no-resolv", "--no-hosts", "--interface=uplink", "--except-interface=lo", "--bind-dynamic",
             f"--dhcp-range={LAPTOP4},{LAPTOP4},1h", "--dhcp-authoritative", "--no-ping",
             f"--host-record={NAME},{WEB4},{WEB6}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)

    def _serve_web(self) -> None:
        for family, address in ((socket.AF_INET, WEB4), (socket.AF_INET6, WEB6)):
            listener = socket.create_server((address, 80), family=family)
            self._web.append(listener)
            threading.Thread(target=_answer, args=(listener,), daemon=True).start()

    def transfers(self) -> tuple[int, int]:
        """What the server has received and sent, in bytes."""
        line = subprocess.run(["wg", "show", _SERVER_LINK, "transfer"], check=True, capture_output=True, text=True)
        received, sent = line.stdout.split()[1:3]
        return int(received), int(sent)

    def handshake(self) -> int:
        """When the last one was; another number means another session."""
        line = subprocess.run(["wg", "show", _SERVER_LINK, "latest-handshakes"], check=True, capture_output=True,
                              text=True)
        return int(line.stdout.split()[1])

    def configuration(self) -> dict[str, object]:
        """For `sally apply`; the keys lie where write_keys() puts them."""
        home = {"name": "wgnet", "device": "laptop", "addresses": ["10.42.1.2/16"], "listenPort": 53333,
                "domain": "wgnet", "privateKeyFile": "/root/keys/home",
                "devices": [{"name": "nas", "addresses": ["10.42.1.4"], "publicKey": keys.public(self.nas_key),
                             "endpoints": [{"address": "203.0.113.4:53333"}]}]}
        exit_ = {"name": "provider", "addresses": [f"{CLIENT4}/32", f"{CLIENT6}/128"],
                 "privateKeyFile": "/root/keys/exit", "dns": [INNER4],
                 "peer": {"publicKey": keys.public(self.server_key), "endpoint": f"{SERVER4}:{SERVER_PORT}"}}
        return {"home": home, "exits": [exit_], "policy": {"allowLan": True, "exitDns": "provider"}}

    def write_keys(self, container: Container) -> None:
        container.write("/root/keys/home", self.home_key + "\n", 0o600)
        container.write("/root/keys/exit", self.client_key + "\n", 0o600)

    @staticmethod
    def listen(container: Container) -> Wire:
        """What leaves the container, and what comes in, from now on."""
        return Wire(container.network(), "eth0", os.open("/proc/thread-self/ns/net", os.O_RDONLY), "uplink")


def _answer(listener: socket.socket) -> None:
    while True:
        connection, address = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(f"{address[0]}\n".encode("ascii"))


def stray(packet: Packet) -> bool:
    """What must not leave while the guard is closed: anything but the tunnel, the local network without its resolver,
    and what gets a card its address."""
    if not packet.outgoing or packet.housekeeping or to_server(packet):
        return False
    if packet.destination_port == 53:
        return True
    to = ipaddress.ip_address(packet.destination)
    return not (to in _LAN or to.is_multicast or to.is_link_local or packet.destination == "255.255.255.255")


def to_server(packet: Packet) -> bool:
    return packet.protocol == "udp" and packet.destination == SERVER4 and packet.destination_port == SERVER_PORT
