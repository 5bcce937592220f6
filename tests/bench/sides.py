# SPDX-License-Identifier: GPL-2.0-or-later
"""The three that are compared: Sallyport over the bus, wg-quick as a process, and a floor that does the least."""
import base64
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from stage import (FLOOR, OURS, QUICK, SCRATCH, UPLINK, Conversation, Stage, has_link, here, inside,
                   run, wait_until)

HOME_LINK, EXIT_LINK = "sally-home", "sally-exit"
QUICK_LINKS = {"home": "bench-home", "exit": "bench-exit"}
EXIT_NAME = "provider"


def public_key(seed: int) -> str:
    """Some point; nobody will answer with it."""
    return base64.b64encode(bytes([9]) + seed.to_bytes(4, "big") + b"sallyport bench" + bytes(12)).decode()


def private_key() -> str:
    return run("wg", "genkey").strip()


def document() -> dict[str, Any]:
    """A full exit with both families, and a home of five peers, each with a network behind it."""
    return {
        "home": {
            "name": "bench", "device": "laptop", "addresses": ["10.42.1.2/16", "fd42::2/64"], "listenPort": 53333,
            "devices": [
                {"name": f"peer{i}", "addresses": [f"10.42.2.{i}"], "publicKey": public_key(i),
                 "endpoints": [{"address": f"203.0.113.9:{51820 + i}"}], "routes": [f"10.20.{i}.0/24"],
                 "persistentKeepalive": 25} for i in range(1, 6)]},
        "exits": [{
            "name": EXIT_NAME, "provider": "bench", "addresses": ["10.64.3.7/32", "fc00:bbbb::3:7/128"],
            "peer": {"publicKey": public_key(99), "endpoint": "203.0.113.9:51820", "persistentKeepalive": 25}}],
    }


def quick_files(config: dict[str, Any]) -> None:
    """The same for wg-quick."""
    home, provider = config["home"], config["exits"][0]
    lines = ["[Interface]", f"PrivateKey = {private_key()}", f"Address = {', '.join(home['addresses'])}",
             f"ListenPort = {home['listenPort']}"]
    for device in home["devices"]:
        lines += ["[Peer]", f"PublicKey = {device['publicKey']}", f"Endpoint = {device['endpoints'][0]['address']}",
                  f"AllowedIPs = {device['addresses'][0]}/32, {device['routes'][0]}",
                  f"PersistentKeepalive = {device['persistentKeepalive']}"]
    write_quick("home", lines)
    peer = provider["peer"]
    write_quick("exit", ["[Interface]", f"PrivateKey = {private_key()}",
                         f"Address = {', '.join(provider['addresses'])}", "[Peer]",
                         f"PublicKey = {peer['publicKey']}", f"Endpoint = {peer['endpoint']}",
                         "AllowedIPs = 0.0.0.0/0, ::/0", f"PersistentKeepalive = {peer['persistentKeepalive']}"])


def uplink_addresses() -> list[str]:
    """All that the planner would see, the kernel's own link-local one included."""
    entry = json.loads(run("ip", "-n", FLOOR, "-j", "address", "show", "dev", UPLINK))[0]
    return [f"{each['local']}/{each['prefixlen']}" for each in entry["addr_info"]]


def write_quick(which: str, lines: list[str]) -> None:
    path = Path("/etc/wireguard", f"{QUICK_LINKS[which]}.conf")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)


class Sallyport:
    name = "sallyport"
    network = OURS

    def __init__(self, stage: Stage, config: dict[str, Any]) -> None:
        stage.start_helper()
        self.client = Conversation(here, stage.build / "bin" / "bench_bus_client")
        self.configure(config)

    def configure(self, config: dict[str, Any]) -> float:
        """Milliseconds from call to reply."""
        path = SCRATCH / "configuration.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        for secret in ["home"] + [f"exit/{way['name']}" for way in config.get("exits", [])]:
            key = SCRATCH / "key"
            key.write_text(private_key(), encoding="utf-8")
            self.client.ask(f"secret {secret} {key}")
        return self.client.ask(f"configure {path}")[0] / 1000

    def reconfigure(self, path: Path) -> float:
        """The same with the secrets that the helper already has."""
        return self.client.ask(f"configure {path}")[0] / 1000

    def bus_alone(self, path: Path | None = None) -> float:
        """A call of the same size that is refused as soon as it was read; without a path one that switches."""
        words = f"refused-configure {path}" if path else "refused-intent home perhaps"
        return self.client.ask(words)[0] / 1000

    def switch(self, which: str, on: bool) -> float:
        word = "on" if on else "off"
        chosen = f" exitName {EXIT_NAME}" if which == "exit" and on else ""
        taken = self.client.ask(f"intent {which} {word}{chosen}")[0] / 1000
        link = HOME_LINK if which == "home" else EXIT_LINK
        if on and not has_link(OURS, link):
            raise RuntimeError(f"{link} is not there although the helper answered")
        if not on:
            wait_until(f"{link} is gone", lambda: not has_link(OURS, link))
        return taken


class WgQuick:
    name = "wg-quick"

    def __init__(self, config: dict[str, Any]) -> None:
        quick_files(config)
        self.environment = dict(os.environ, WG_QUICK_USERSPACE_IMPLEMENTATION="wireguard-go")

    def switch(self, which: str, on: bool) -> float:
        link = QUICK_LINKS[which]
        with inside(QUICK):
            started = time.perf_counter()
            result = subprocess.run(["wg-quick", "up" if on else "down", link], env=self.environment,
                                    capture_output=True, text=True, check=False)
            taken = (time.perf_counter() - started) * 1000
        if result.returncode != 0:
            raise RuntimeError(f"wg-quick: {result.stderr.strip()[-300:]}")
        if on and not has_link(QUICK, link):
            raise RuntimeError(f"{link} is not there although wg-quick has ended well")
        if not on:
            wait_until(f"{link} is gone", lambda: not has_link(QUICK, link))
        return taken


class Floor:
    name = "floor"
    network = FLOOR

    def __init__(self, stage: Stage, config: dict[str, Any]) -> None:
        path = SCRATCH / "floor.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        self.program = Conversation(here, "ip", "netns", "exec", FLOOR, stage.build / "bin" / "bench_floor", path, UPLINK,
                                    *uplink_addresses())
        self.deletions: dict[str, list[float]] = {"home": [], "exit": []}

    def switch(self, which: str, on: bool) -> float:
        now, later, _ = self.program.ask(f"{which} {'on' if on else 'off'}")
        if not on:
            self.deletions[which].append(later / 1000)
        return now / 1000


def kernel_has_wireguard() -> bool:
    probe = subprocess.run(["ip", "link", "add", "bench-probe", "type", "wireguard"], capture_output=True, check=False)
    if probe.returncode == 0:
        run("ip", "link", "delete", "bench-probe")
    return probe.returncode == 0
