# SPDX-License-Identifier: GPL-2.0-or-later
"""The networks of the lab, as data. Every address exists inside namespaces only."""

from __future__ import annotations

from dataclasses import dataclass

LAN_BRIDGES = ("home", "hotel", "carrier", "v6only", "v4only")
MESH_PORT = 53333
MESH_DOMAIN = "wgnet"
PROVIDER_PORT = 51820
PROVIDER_DNS4 = "10.64.0.1"
PROVIDER_DNS6 = "fc00:bbbb:bbbb:bb01::1"
PROVIDER_CLIENT4 = "10.64.3.7"
PROVIDER_CLIENT6 = "fc00:bbbb:bbbb:bb01::3:7"
HOME_PUBLIC4 = "123.45.67.89"
VPS4, VPS6 = "98.76.65.43", "2001:db8:98::43"
PROVIDER_NETS = ("10.64.0.0/10", "fc00:bbbb:bbbb:bb01::/64")
PROVIDER4, PROVIDER6 = "198.51.100.7", "2001:db8:51::7"
PROVIDER2_4, PROVIDER2_6 = "198.51.100.8", "2001:db8:51::8"
WEB_NAME, WEB4, WEB6 = "www.example.org", "203.0.113.80", "2001:db8:80::80"
DNS4, DNS6 = "9.9.9.9", "2001:db8:9::9"
PRINTER4, PRINTER6 = "10.41.1.9", "fd41::9"


@dataclass(frozen=True)
class Link:
    """One network card. Two links on the same segment face each other; a LAN segment is a bridge in the switch."""

    name: str
    segment: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nat:
    """What a router does to packets that leave by `wan`."""

    random_ports: bool = False  # a symmetric NAT, as carriers have
    forwards: tuple[tuple[int, str, int], ...] = ()  # public UDP port -> address, port
    pinholes: tuple[tuple[str, int], ...] = ()  # the same for IPv6, which needs no translation
    lan4: str = ""  # with hairpin: the LAN whose own packets come back by the public address


@dataclass(frozen=True)
class Node:
    name: str
    links: tuple[Link, ...] = ()
    routes: tuple[str, ...] = ()
    router: bool = False
    machine: bool = False  # own mount and process namespaces, bus, polkit and our helper
    nat: Nat | None = None
    resolver: tuple[str, ...] = ()  # answers DNS at these addresses
    web: bool = False  # answers with the address it saw, and nothing else
    responder: bool = False  # answers with its own name and the address it saw
    masquerade: tuple[str, ...] = ()  # these sources leave by eth0 with its address


@dataclass(frozen=True)
class Place:
    """Where the laptop can be plugged in, and what the internet then sees of it."""

    name: str
    lan: str | None
    addresses: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    resolvers: tuple[str, ...] = ()
    seen4: str | None = None
    seen6: str | None = None


PLACES: dict[str, Place] = {p.name: p for p in (
    Place("home", "home", ("10.41.1.2/16", "2001:db8:41::12/64", "fd41::12/64"),
          ("10.41.0.1", "2001:db8:41::1"),
          ("10.41.0.1",), HOME_PUBLIC4, "2001:db8:41::12"),
    Place("hotel", "hotel", ("172.16.5.23/24", "2001:db8:77::23/64"), ("172.16.5.1", "2001:db8:77::1"),
          ("172.16.5.1",), "192.0.2.60", "2001:db8:77::23"),
    Place("carrier", "carrier", ("192.168.43.57/24", "2001:db8:c0::57/64"), ("192.168.43.1", "2001:db8:c0::1"),
          ("192.168.43.1",), "198.18.7.20", "2001:db8:c0::57"),
    Place("v6only", "v6only", ("2001:db8:66::57/64",), ("2001:db8:66::1",), ("2001:db8:66::1",),
          None, "2001:db8:66::57"),
    Place("v4only", "v4only", ("198.18.9.57/24",), ("198.18.9.1",), ("198.18.9.1",), "198.18.9.57", None),
    Place("offline", None),
)}


@dataclass(frozen=True)
class MeshDevice:
    """A device of the origin's wgnet, with an IPv6 address besides, so that both families can be proved."""

    name: str
    mesh4: str
    mesh6: str
    lan: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    exit: bool = False


MESH: dict[str, MeshDevice] = {d.name: d for d in (
    MeshDevice("desktop", "10.42.1.1", "fd42::1", (f"10.41.1.1:{MESH_PORT}",),
               (f"{HOME_PUBLIC4}:54444", f"[2001:db8:41::11]:{MESH_PORT}")),
    MeshDevice("laptop", "10.42.1.2", "fd42::2", (f"10.41.1.2:{MESH_PORT}",)),
    MeshDevice("vps", "10.42.1.3", "fd42::3", (), (f"{VPS4}:{MESH_PORT}", f"[{VPS6}]:{MESH_PORT}"), exit=True),
    MeshDevice("nas", "10.42.1.4", "fd42::4", (f"10.41.1.4:{MESH_PORT}",),
               (f"{HOME_PUBLIC4}:54445", f"[2001:db8:41::14]:{MESH_PORT}"), exit=True),
)}
MESH_SOURCES = ("10.42.0.0/16", "fd42::/64")


def _server(name: str, segment: str, four: str, six: str, **kinds: object) -> Node:
    """A server with its gateway at .1 and ::1 of its own networks."""
    gateway4 = four.rsplit(".", 1)[0] + ".1"
    gateway6 = six.rsplit("::", 1)[0] + "::1"
    return Node(name, (Link("eth0", segment, (f"{four}/24", f"{six}/64")),),
                (f"default via {gateway4}", f"default via {gateway6}"), **kinds)  # type: ignore[arg-type]


def _router(name: str, segment: str, wan: tuple[str, ...], lan: Link, gateways: tuple[str, ...],
            nat: Nat | None) -> Node:
    return Node(name, (Link("wan", segment, wan), lan), tuple(f"default via {g}" for g in gateways), router=True,
                nat=nat, resolver=tuple(a.split("/")[0] for a in lan.addresses))


CORE = Node("core", (
    Link("home", "home-wan", ("123.45.67.1/24", "2001:db8:0:41::1/64")),
    Link("hotel", "hotel-wan", ("192.0.2.1/24", "2001:db8:0:77::1/64")),
    Link("carrier", "carrier-wan", ("198.18.7.1/24", "2001:db8:0:c0::1/64")),
    Link("v6only", "v6only-wan", ("2001:db8:0:66::1/64",)),
    Link("v4only", "v4only-wan", ("198.18.8.1/24",)),
    Link("vps", "vps-wan", ("98.76.65.1/24", "2001:db8:98::1/64")),
    Link("provider", "provider-wan", ("198.51.100.1/32", "2001:db8:51::1/128")),
    Link("provider2", "provider2-wan", ("198.51.100.1/32", "2001:db8:51::1/128")),
    Link("www", "www-wan", ("203.0.113.1/24", "2001:db8:80::1/64")),
    Link("dns", "dns-wan", ("9.9.9.1/24", "2001:db8:9::1/64")),
), ("2001:db8:41::/64 via 2001:db8:0:41::2", "2001:db8:77::/64 via 2001:db8:0:77::2",
    "2001:db8:c0::/64 via 2001:db8:0:c0::2", "2001:db8:66::/64 via 2001:db8:0:66::2",
    "198.18.9.0/24 via 198.18.8.2", f"{PROVIDER4} dev provider", f"{PROVIDER2_4} dev provider2",
    f"{PROVIDER6} dev provider", f"{PROVIDER2_6} dev provider2"), router=True)

ROUTERS = (
    _router("home-router", "home-wan", (f"{HOME_PUBLIC4}/24", "2001:db8:0:41::2/64"),
            Link("lan", "home", ("10.41.0.1/16", "2001:db8:41::1/64", "fd41::1/64")), ("123.45.67.1", "2001:db8:0:41::1"),
            Nat(forwards=((54444, "10.41.1.1", MESH_PORT), (54445, "10.41.1.4", MESH_PORT)),
                pinholes=(("2001:db8:41::11", MESH_PORT), ("2001:db8:41::14", MESH_PORT)), lan4="10.41.0.0/16")),
    _router("hotel-router", "hotel-wan", ("192.0.2.60/24", "2001:db8:0:77::2/64"),
            Link("lan", "hotel", ("172.16.5.1/24", "2001:db8:77::1/64")), ("192.0.2.1", "2001:db8:0:77::1"), Nat()),
    _router("phone", "carrier-mid", ("100.64.12.34/10", "2001:db8:0:c1::2/64"),
            Link("lan", "carrier", ("192.168.43.1/24", "2001:db8:c0::1/64")), ("100.64.0.1", "2001:db8:0:c1::1"),
            Nat()),
    Node("cgnat", (Link("wan", "carrier-wan", ("198.18.7.20/24", "2001:db8:0:c0::2/64")),
                   Link("lan", "carrier-mid", ("100.64.0.1/10", "2001:db8:0:c1::1/64"))),
         ("default via 198.18.7.1", "default via 2001:db8:0:c0::1", "2001:db8:c0::/64 via 2001:db8:0:c1::2"),
         router=True, nat=Nat(random_ports=True)),
    _router("v6-router", "v6only-wan", ("2001:db8:0:66::2/64",), Link("lan", "v6only", ("2001:db8:66::1/64",)),
            ("2001:db8:0:66::1",), None),
    _router("v4-router", "v4only-wan", ("198.18.8.2/24",), Link("lan", "v4only", ("198.18.9.1/24",)),
            ("198.18.8.1",), None),
)

_PROVIDER_GATEWAYS = ("198.51.100.1 dev eth0", "default via 198.51.100.1",
                      "2001:db8:51::1 dev eth0", "default via 2001:db8:51::1")
PROVIDERS = (
    Node("provider", (Link("eth0", "provider-wan", (f"{PROVIDER4}/32", f"{PROVIDER6}/128")),),
         _PROVIDER_GATEWAYS, router=True, masquerade=PROVIDER_NETS),
    Node("provider2", (Link("eth0", "provider2-wan", (f"{PROVIDER2_4}/32", f"{PROVIDER2_6}/128")),),
         _PROVIDER_GATEWAYS, router=True, masquerade=PROVIDER_NETS),
)

SERVERS = (
    _server("www", "www-wan", WEB4, WEB6, web=True),
    _server("dns", "dns-wan", DNS4, DNS6, resolver=(DNS4, DNS6)),
)

_HOME_GATEWAYS = ("default via 10.41.0.1", "default via 2001:db8:41::1")
HOSTS = (
    Node("printer", (Link("eth0", "home", (f"{PRINTER4}/16", "2001:db8:41::9/64", f"{PRINTER6}/64")),),
         _HOME_GATEWAYS, responder=True),
    Node("desktop", (Link("eth0", "home", ("10.41.1.1/16", "2001:db8:41::11/64", "fd41::11/64")),), _HOME_GATEWAYS,
         machine=True, responder=True),
    Node("nas", (Link("eth0", "home", ("10.41.1.4/16", "2001:db8:41::14/64", "fd41::14/64")),), _HOME_GATEWAYS,
         machine=True, responder=True, router=True, masquerade=MESH_SOURCES),
    _server("vps", "vps-wan", VPS4, VPS6, machine=True, responder=True, router=True, masquerade=MESH_SOURCES),
    Node("laptop", (Link("eth0", "laptop-cable"),), machine=True, responder=True),
)

NODES: dict[str, Node] = {n.name: n for n in (CORE, *ROUTERS, *PROVIDERS, *SERVERS, *HOSTS)}

NAMES: dict[str, tuple[str, ...]] = {
    WEB_NAME: (WEB4, WEB6), "home.example.org": (HOME_PUBLIC4,), "vps.example.org": (VPS4, VPS6),
    "provider.example.org": (PROVIDER4, PROVIDER6), "dns.example.org": (DNS4, DNS6),
    "printer.lan": (PRINTER4, PRINTER6),
}

STATIC_RESOLVER = {"desktop": "10.41.0.1", "nas": "10.41.0.1", "vps": DNS4}
