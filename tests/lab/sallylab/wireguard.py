# SPDX-License-Identifier: GPL-2.0-or-later
"""Plain WireGuard, without Sallyport: the provider's servers and, if asked for, the NAS."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

from .build import CommandFailed, feed, ip_batch
from .linux import inside


@dataclass(frozen=True)
class PlainPeer:
    public_key: str
    allowed: tuple[str, ...]
    endpoint: str = ""


@dataclass(frozen=True)
class PlainLink:
    name: str
    private_key: str
    port: int
    addresses: tuple[str, ...]
    peers: tuple[PlainPeer, ...]
    routes: tuple[str, ...] = ()

    def text(self) -> str:
        """For `wg setconf`."""
        lines = ["[Interface]", f"PrivateKey = {self.private_key}", f"ListenPort = {self.port}"]
        for peer in self.peers:
            lines += ["[Peer]", f"PublicKey = {peer.public_key}", f"AllowedIPs = {', '.join(peer.allowed)}"]
            lines += [f"Endpoint = {peer.endpoint}"] if peer.endpoint else []
        return "\n".join(lines) + "\n"


def create(link: PlainLink, network: int) -> None:
    """The kernel's WireGuard, or wireguard-go where the kernel has none."""
    with inside(network):
        try:
            ip_batch([f"link add {link.name} type wireguard"])
        except CommandFailed:
            _start_userspace(link.name)
        feed(["wg", "setconf", link.name, "/dev/stdin"], link.text())
        ip_batch([*(f"addr add {a} dev {link.name}" + (" nodad" if ":" in a else "") for a in link.addresses),
                  f"link set dev {link.name} mtu 1420 up", *(f"route add {r} dev {link.name}" for r in link.routes)])


def _start_userspace(name: str) -> None:
    """wireguard-go answers on a socket named like its link, so names are unique within a lab. It puts itself into the
    background when it is ready and keeps its streams, which is why they are the lab's log and no pipe."""
    done = subprocess.run(["wireguard-go", name], stdin=subprocess.DEVNULL, check=False,
                          env={**os.environ, "LOG_LEVEL": "error"})
    if done.returncode:
        raise CommandFailed(f"wireguard-go {name} ended with {done.returncode}; the lab's log says why")
