# SPDX-License-Identifier: GPL-2.0-or-later
"""Other programs that change routes and filters, to be started and stopped on a machine of the lab. wg-quick, firewalld
and ufw are the real ones; the others leave the rules, marks, tables and chains that their sources say, on links that
carry nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass

from . import keys
from .lab import Lab, LabError
from .linux import wait_until
from .topology import PROVIDER2_4, PROVIDER_PORT

_TUNNEL = "ip tuntap add {0} mode tun; ip link set {0} up"
_INVERTED = """
for f in -4 -6; do
  ip $f rule add {place} not fwmark {mark} table {table}
  ip $f rule add {above} table main suppress_prefixlength 0
done"""
_NOT_INVERTED = """
for f in -4 -6; do
  ip $f rule del not fwmark {mark} table {table}
  ip $f rule del {above} table main suppress_prefixlength 0
done"""


@dataclass(frozen=True)
class Neighbour:
    """One program: what its start and its stop do to the machine."""

    name: str
    start: str
    stop: str
    who: str = ""  # by which name it must appear among the conflicts while Exit is on; empty: not at all
    is_exit: bool = False  # takes everything, so that two exits are on
    blocks: bool = False  # its firewall lets nothing of ours pass
    links: tuple[str, ...] = ()

    def begin(self, lab: Lab, node: str = "laptop") -> None:
        lab.node(node).output(["sh", "-ec", self.start])

    def end(self, lab: Lab, node: str = "laptop") -> None:
        lab.node(node).output(["sh", "-ec", self.stop])


WG_QUICK = Neighbour(
    "wg-quick", "wg-quick up /etc/wireguard/other.conf >/dev/null 2>&1",
    "wg-quick down /etc/wireguard/other.conf >/dev/null 2>&1", "wg-quick (other)", is_exit=True, links=("other",))

FIREWALLD = Neighbour(
    "firewalld", """
firewalld --nofork --nopid >/var/lib/sallyport/firewalld.log 2>&1 &
echo $! >/run/firewalld.pid
for i in $(seq 200); do firewall-cmd --state >/dev/null 2>&1 && exit 0; sleep 0.1; done
cat /var/lib/sallyport/firewalld.log; exit 1""", """
p=$(cat /run/firewalld.pid); kill $p
while nft list table inet firewalld >/dev/null 2>&1; do sleep 0.05; done""", "firewalld")

UFW = Neighbour("ufw", "ufw --force enable >/dev/null 2>&1",
                "ufw --force disable >/dev/null 2>&1", "ufw")

DOCKER = Neighbour("docker", """
ip link add docker0 type bridge; ip addr add 172.17.0.1/16 dev docker0; ip link set docker0 up
iptables -P FORWARD DROP
for c in DOCKER DOCKER-USER DOCKER-ISOLATION-STAGE-1 DOCKER-ISOLATION-STAGE-2; do iptables -N $c; done
iptables -A FORWARD -j DOCKER-USER; iptables -A FORWARD -j DOCKER-ISOLATION-STAGE-1
iptables -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A FORWARD -o docker0 -j DOCKER; iptables -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
iptables -A FORWARD -i docker0 -o docker0 -j ACCEPT
iptables -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
iptables -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP; iptables -A DOCKER-USER -j RETURN
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE""", """
iptables -P FORWARD ACCEPT; iptables -F; iptables -X; iptables -t nat -F
nft delete table ip filter; nft delete table ip nat; ip link del docker0""")

_TAILSCALE_CONNMARK = """
iptables -t mangle -A PREROUTING -m conntrack --ctstate RELATED,ESTABLISHED -m connmark ! --mark 0x0/0xff0000 \
  -j CONNMARK --restore-mark --nfmask 0xff0000 --ctmask 0xff0000
iptables -t mangle -A OUTPUT -m conntrack --ctstate NEW -m mark ! --mark 0x0/0xff0000 \
  -j CONNMARK --save-mark --nfmask 0xff0000 --ctmask 0xff0000"""


def _tailscale(exit_node: bool) -> Neighbour:
    start = _TUNNEL.format("tailscale0") + "; ip addr add 100.101.102.103/32 dev tailscale0"
    for family in ("-4", "-6"):
        start += f"""
ip {family} rule add pref 5210 fwmark 0x80000/0xff0000 lookup main
ip {family} rule add pref 5230 fwmark 0x80000/0xff0000 lookup default
ip {family} rule add pref 5250 fwmark 0x80000/0xff0000 unreachable
ip {family} rule add pref 5270 lookup 52"""
    start += "\nip route add 100.100.100.100 dev tailscale0 table 52"
    if exit_node:
        start += "\nip route add default dev tailscale0 table 52; ip -6 route add default dev tailscale0 table 52"
    start += """
iptables -N ts-input; iptables -N ts-forward; iptables -I INPUT -j ts-input; iptables -I FORWARD -j ts-forward
iptables -A ts-input -s 100.101.102.103 -i lo -j ACCEPT
iptables -A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP
iptables -A ts-forward -i tailscale0 -j MARK --set-xmark 0x40000/0xff0000""" + _TAILSCALE_CONNMARK
    stop = "ip link del tailscale0"
    for family in ("-4", "-6"):
        stop += "".join(f"\nip {family} rule del pref {p}" for p in (5210, 5230, 5250, 5270))
    stop += "\nnft delete table ip filter; nft delete table ip mangle"
    return Neighbour("tailscale with an exit node" if exit_node else "tailscale", start, stop,
                     "Tailscale" if exit_node else "", is_exit=exit_node, links=("tailscale0",))


MULLVAD = Neighbour("mullvad", _TUNNEL.format("wg0-mullvad") + """
nft -f - <<'END'
table inet mullvad {
  chain prerouting { type filter hook prerouting priority -199; policy accept;
    iif != "wg0-mullvad" ct mark 0xf41 meta mark set 0x6d6f6c65; }
  chain output { type filter hook output priority 0; policy drop;
    oif "lo" accept
    ct mark 0xf41 accept
    ip daddr 198.51.100.8 udp dport 51820 meta mark 0x6d6f6c65 accept
    oif "wg0-mullvad" accept
    reject; }
  chain input { type filter hook input priority 0; policy drop; iif "lo" accept; iif "wg0-mullvad" accept; }
  chain mangle { type route hook output priority -150; policy accept; }
}
END""" + _INVERTED.format(place="", above="", mark="0x6d6f6c65", table=1836018789) + """
ip route add default dev wg0-mullvad table 1836018789; ip -6 route add default dev wg0-mullvad table 1836018789""",
                    "nft delete table inet mullvad; ip link del wg0-mullvad"
                    + _NOT_INVERTED.format(above="", mark="0x6d6f6c65", table=1836018789),
                    "Mullvad app", is_exit=True, blocks=True, links=("wg0-mullvad",))

NETBIRD = Neighbour("netbird", _TUNNEL.format("wt0")
                    + _INVERTED.format(place="pref 110", above="pref 105", mark="0x1bd00", table=7120)
                    + "\nip route add default dev wt0 table 7120; ip -6 route add default dev wt0 table 7120",
                    "ip link del wt0" + _NOT_INVERTED.format(above="pref 105", mark="0x1bd00", table=7120),
                    "NetBird", is_exit=True, links=("wt0",))

ALL = (WG_QUICK, FIREWALLD, UFW, DOCKER, _tailscale(False), _tailscale(True), MULLVAD, NETBIRD)


def write_wg_quick_file(lab: Lab) -> None:
    """A second subscription at the second provider, for wg-quick: a key and addresses of its own."""
    laptop = lab.node("laptop")
    document = json.loads(laptop.output(["cat", "/etc/sallyport-lab/laptop.json"]))
    server = next(e["peer"]["publicKey"] for e in document["exits"] if e["name"] == "mullvad-de")
    private = keys.generate()
    text = (f"[Interface]\nPrivateKey = {private}\nAddress = 10.64.3.8/32, fc00:bbbb:bbbb:bb01::3:8/128\n\n"
            f"[Peer]\nPublicKey = {server}\nAllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = {PROVIDER2_4}:{PROVIDER_PORT}\n"
            "PersistentKeepalive = 5\n")
    laptop.output(["sh", "-ec", "umask 077; mkdir -p /etc/wireguard; "
                                f"cat >/etc/wireguard/other.conf <<'END'\n{text}END\n"])
    lab.node("provider2").output(["wg", "set", "wg-provider2", "peer", keys.public(private),
                                  "allowed-ips", "10.64.3.8/32,fc00:bbbb:bbbb:bb01::3:8/128"])


# What is not ours, in an order of its own: counters and what changes by itself left out.
_RULES_AND_ROUTES = r"""
ip rule | grep -v 'proto 142'; ip -6 rule | grep -v 'proto 142'
ip route show table all | grep -v 'proto 142\|sally-' | sort
ip -6 route show table all | grep -v 'proto 142\|sally-\|^multicast\|^anycast\|expires\|^fe80' | sort
ip -o link | cut -d' ' -f2 | grep -v sally- | sort
"""
_FILTERS = r"""
nft -s list ruleset 2>/dev/null | awk '/^table inet sallyport/ {skip=1} !skip {print} /^}/ {skip=0}'
iptables-save -t filter 2>/dev/null | grep '^:\|^-' | sed 's/ \[.*//'
cat /proc/sys/net/ipv4/conf/all/rp_filter"""


def everything_but_ours(lab: Lab, node: str = "laptop") -> str:
    return lab.node(node).output(["sh", "-c", _RULES_AND_ROUTES + _FILTERS])


def rules_and_routes_but_ours(lab: Lab, node: str = "laptop") -> str:
    return lab.node(node).output(["sh", "-c", _RULES_AND_ROUTES])


def wait_for_conflict(lab: Lab, who: str, seconds: float = 5) -> dict[str, str]:
    """The conflict with this program, once the helper has looked."""
    found: list[dict[str, str]] = []

    def present() -> bool:
        status = json.loads(lab.node("laptop").output(["sally", "status", "--json"]))
        found[:] = [c for c in status["conflicts"] if c["who"] == who]
        return bool(found)

    try:
        wait_until(present, seconds, f"a conflict with {who}", 0.2)
    except TimeoutError as problem:
        raise LabError(f"{problem}: {lab.node('laptop').output(['sally', 'status'])}") from None
    return found[0]
