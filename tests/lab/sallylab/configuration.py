# SPDX-License-Identifier: GPL-2.0-or-later
"""The two networks of the origin as configuration files of the product, with fresh keys."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from . import keys
from .topology import (MESH, MESH_DOMAIN, MESH_PORT, PROVIDER2_4, PROVIDER4, PROVIDER6, PROVIDER_CLIENT4,
                       PROVIDER_CLIENT6, PROVIDER_DNS4, PROVIDER_DNS6, PROVIDER_PORT, MeshDevice)
from .wireguard import PlainLink, PlainPeer

KEY_FOLDER = "/etc/sallyport-lab"  # as the machines see it
PLAIN_MESH_LINK = "wgnet"


@dataclass(frozen=True)
class Pair:
    private: str
    public: str

    @staticmethod
    def fresh() -> Pair:
        private = keys.generate()
        return Pair(private, keys.public(private))


def _fresh_mesh() -> dict[str, Pair]:
    return {name: Pair.fresh() for name in MESH}


@dataclass(frozen=True)
class Keys:
    mesh: dict[str, Pair] = field(default_factory=_fresh_mesh)
    client: Pair = field(default_factory=Pair.fresh)
    provider: Pair = field(default_factory=Pair.fresh)
    provider2: Pair = field(default_factory=Pair.fresh)


def _device(device: MeshDevice, ring: Keys) -> dict[str, object]:
    endpoints: list[dict[str, str]] = [{"address": a, "scope": "lan"} for a in device.lan]
    endpoints += [{"address": a} for a in device.public]
    return {"name": device.name, "addresses": [device.mesh4, device.mesh6], "endpoints": endpoints,
            "publicKey": ring.mesh[device.name].public, "offersExit": device.exit}


def _home(device: MeshDevice, ring: Keys) -> dict[str, object]:
    return {"name": MESH_DOMAIN, "device": device.name, "domain": MESH_DOMAIN, "listenPort": MESH_PORT,
            "addresses": [f"{device.mesh4}/16", f"{device.mesh6}/64"],
            "privateKeyFile": f"{KEY_FOLDER}/wgnet.priv.key",
            "devices": [_device(d, ring) for d in MESH.values()]}


def _provider(name: str, pair: Pair, endpoint: str) -> dict[str, object]:
    return {"name": name, "provider": "mullvad", "addresses": [f"{PROVIDER_CLIENT4}/32", f"{PROVIDER_CLIENT6}/128"],
            "privateKeyFile": f"{KEY_FOLDER}/mullvad.key",
            "peer": {"publicKey": pair.public, "endpoint": endpoint}, "dns": [PROVIDER_DNS4]}


def document(name: str, ring: Keys) -> dict[str, object]:
    """The configuration of one device. Only the laptop has a subscription, as in the origin."""
    exits: list[dict[str, object]] = []
    if name == "laptop":
        exits = [_provider("mullvad-se", ring.provider, f"{PROVIDER4}:{PROVIDER_PORT}"),
                 _provider("mullvad-de", ring.provider2, f"{PROVIDER2_4}:{PROVIDER_PORT}"),
                 _provider("mullvad-v6", ring.provider, f"[{PROVIDER6}]:{PROVIDER_PORT}"),
                 *({"name": d.name, "device": d.name} for d in MESH.values() if d.exit)]
    return {"home": _home(MESH[name], ring), "exits": exits, "policy": {"allowLan": True, "exitDns": "provider"}}


def write(folder: Path, name: str, ring: Keys) -> None:
    """The file and its keys, to a folder that the machine sees as /etc/sallyport-lab."""
    folder.mkdir(parents=True, exist_ok=True)
    secrets = {"wgnet.priv.key": ring.mesh[name].private}
    if name == "laptop":
        secrets["mullvad.key"] = ring.client.private
    for file, secret in secrets.items():
        (folder / file).touch(mode=0o600)
        (folder / file).write_text(secret + "\n", encoding="ascii")
    (folder / f"{name}.json").write_text(json.dumps(document(name, ring), indent=2) + "\n", encoding="utf-8")
    if name == "laptop":
        (folder / "mullvad.conf").touch(mode=0o600)
        (folder / "mullvad.conf").write_text(client_conf(ring), encoding="ascii")


def client_conf(ring: Keys) -> str:
    """The same subscription as a file of wg-quick's."""
    return (f"[Interface]\nPrivateKey = {ring.client.private}\n"
            f"Address = {PROVIDER_CLIENT4}/32, {PROVIDER_CLIENT6}/128\nDNS = {PROVIDER_DNS4}\n\n"
            f"[Peer]\nPublicKey = {ring.provider.public}\nAllowedIPs = 0.0.0.0/0, ::/0\n"
            f"Endpoint = {PROVIDER4}:{PROVIDER_PORT}\n")


def provider_link(name: str, pair: Pair, ring: Keys) -> PlainLink:
    client = PlainPeer(ring.client.public, (f"{PROVIDER_CLIENT4}/32", f"{PROVIDER_CLIENT6}/128"))
    return PlainLink(f"wg-{name}", pair.private, PROVIDER_PORT, (f"{PROVIDER_DNS4}/10", f"{PROVIDER_DNS6}/64"),
                     (client,))


def plain_nas_link(ring: Keys) -> PlainLink:
    """The origin's NAS, configured by hand: it knows everyone's key, and public endpoints where there are some."""
    nas = MESH["nas"]
    peers = tuple(PlainPeer(ring.mesh[d.name].public, (f"{d.mesh4}/32", f"{d.mesh6}/128"),
                            next((p for p in d.public if not p.startswith("[")), ""))
                  for d in MESH.values() if d is not nas)
    return PlainLink(PLAIN_MESH_LINK, ring.mesh["nas"].private, MESH_PORT, (f"{nas.mesh4}/16", f"{nas.mesh6}/64"),
                     peers)
