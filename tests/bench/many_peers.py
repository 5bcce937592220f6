# SPDX-License-Identifier: GPL-2.0-or-later
"""Applying a configuration of very many peers, and changing one of them, against `wg`."""
import copy
import json
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

from figures import Figure, at_most, plain
from netlink_counter import NetlinkCounter
from sides import Sallyport, private_key, public_key
from stage import OURS, QUICK, SCRATCH, inside, run

SIZES = {100: 7, 1000: 5, 10000: 3}  # peers: rounds
WG_LINK = "bench-wg"
AIM = 1.3


def crowd(count: int) -> dict[str, Any]:
    devices = [{"name": f"peer{i}", "addresses": [f"10.42.{2 + i // 250}.{1 + i % 250}", f"fd42::{i + 0x100:x}"],
                "publicKey": public_key(i + 1000), "endpoints": [{"address": f"203.0.113.9:{1024 + i}"}]}
               for i in range(count)]
    return {"home": {"name": "bench", "device": "laptop", "addresses": ["10.42.1.2/16", "fd42::2/64"],
                     "listenPort": 53333, "devices": devices}}


def with_one_change(config: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(config)
    middle = changed["home"]["devices"][len(changed["home"]["devices"]) // 2]
    middle["endpoints"][0]["address"] = "203.0.113.10:1024"
    return changed


def write_json(name: str, config: dict[str, Any]) -> Path:
    path = SCRATCH / f"{name}.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    return path


def write_wg(name: str, config: dict[str, Any], key: str) -> Path:
    lines = ["[Interface]", f"PrivateKey = {key}", "ListenPort = 53334"]
    for device in config["home"]["devices"]:
        lines += ["[Peer]", f"PublicKey = {device['publicKey']}", f"Endpoint = {device['endpoints'][0]['address']}",
                  f"AllowedIPs = {device['addresses'][0]}/32, {device['addresses'][1]}/128"]
    path = SCRATCH / f"{name}.conf"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def wg(verb: str, path: Path) -> float:
    with inside(QUICK):
        started = time.perf_counter()
        subprocess.run(["wg", verb, WG_LINK, path], check=True)
        return (time.perf_counter() - started) * 1000


def add_wg_link(kernel: bool) -> None:
    with inside(QUICK):
        if kernel:
            run("ip", "link", "add", WG_LINK, "type", "wireguard")
        else:
            run("wireguard-go", WG_LINK)


def must_have(network: str, link: str, count: int) -> None:
    with inside(network):
        peers = len(run("wg", "show", link, "peers").split())
    if peers != count:
        raise RuntimeError(f"{link} has {peers} peers instead of {count}")


def measure_size(ours: Sallyport, count: int, rounds: int) -> dict[str, list[float]]:
    samples: dict[str, list[float]] = {name: [] for name in ("bus", "ours all", "ours one", "setconf", "sync all",
                                                             "sync one")}
    config, key = crowd(count), private_key()
    full, one, empty = (write_json(name, each) for name, each in
                        (("full", config), ("one", with_one_change(config)), ("empty", crowd(0))))
    wg_full, wg_one, wg_empty = (write_wg(name, each, key) for name, each in
                                 (("full", config), ("one", with_one_change(config)), ("empty", crowd(0))))
    refused = write_json("refused", dict(config, requires=["what nobody has"]))
    for _ in range(rounds):
        samples["bus"].append(ours.bus_alone(refused))
        samples["ours all"].append(ours.reconfigure(full))
        must_have(OURS, "sally-home", count)
        samples["ours one"].append(ours.reconfigure(one))
        ours.reconfigure(empty)
        samples["setconf"].append(wg("setconf", wg_full))
        wg("setconf", wg_empty)
        samples["sync all"].append(wg("syncconf", wg_full))
        must_have(QUICK, WG_LINK, count)
        samples["sync one"].append(wg("syncconf", wg_one))
        wg("setconf", wg_empty)
    return samples


def count_one_change(ours: Sallyport, count: int) -> Counter[str]:
    config = crowd(count)
    ours.reconfigure(write_json("full", config))
    one = write_json("one", with_one_change(config))
    with NetlinkCounter(OURS) as counter:
        ours.reconfigure(one)
    with inside(OURS):
        endpoints = run("wg", "show", "sally-home", "endpoints")
    if "203.0.113.10:1024" not in endpoints:
        raise RuntimeError("the changed endpoint is not in force")
    ours.reconfigure(write_json("empty", crowd(0)))
    return counter.seen


def measure(ours: Sallyport, kernel: bool, label: str) -> list[Figure]:
    figures = []
    ours.configure(crowd(0))
    ours.switch("home", True)
    add_wg_link(kernel)
    for count, rounds in SIZES.items():
        samples = measure_size(ours, count, rounds)
        figures += [
            at_most(f"{label}: apply {count} peers", samples["ours all"], "wg syncconf", samples["sync all"], AIM),
            at_most(f"{label}: apply {count} peers", samples["ours all"], "wg setconf", samples["setconf"], None),
            at_most(f"{label}: change 1 of {count} peers", samples["ours one"], "wg syncconf", samples["sync one"],
                    AIM),
            plain(f"{label}: the bus alone with {count} peers", samples["bus"])]
        print(f"{label}: {count} peers measured", flush=True)
    if kernel:
        seen = count_one_change(ours, max(SIZES))
        messages = sum(seen.values())
        figure = plain(f"{label}: change 1 of {max(SIZES)} peers", [messages], "messages")
        figure.aim, figure.met, figure.spread = "1 message", messages == 1, str(dict(seen))
        figures.append(figure)
    ours.switch("home", False)
    with inside(QUICK):
        run("ip", "link", "delete", WG_LINK)
    return figures
