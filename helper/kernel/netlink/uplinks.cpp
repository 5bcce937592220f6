// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/uplinks.h"

#include <algorithm>
#include <array>
#include <linux/if.h>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kVirtualKinds = {"tun", "wireguard", "amneziawg", "ovpn", "ovpn-dco", "ipip", "sit", "gre",
    "gretap", "erspan", "ip6tnl", "ip6gre", "ip6gretap", "ip6erspan", "vti", "vti6", "xfrm", "vxlan", "geneve", "gtp",
    "bareudp", "l2tp", "dummy", "ifb", "nlmon", "vcan", "vxcan", "vrf", "netkit", "netdevsim", "openvswitch"};
constexpr std::array kPortKinds = {"bridge", "bond", "team", "openvswitch"};

template<std::size_t N>
bool isOneOf(const QString &kind, const std::array<const char *, N> &kinds)
{
    return std::ranges::any_of(kinds, [&](const char *one) { return kind == QLatin1StringView(one); });
}

/// A bridge that only joins containers or virtual machines has no port that leads outside.
bool leadsOutside(const Link &bridge, const std::vector<Link> &links)
{
    return std::ranges::any_of(links, [&](const Link &port) {
        return port.master == bridge.index && port.kind != u"veth"_s && !isOneOf(port.kind, kVirtualKinds);
    });
}

bool isPhysical(const Link &link, const std::vector<Link> &links)
{
    if ((link.flags & IFF_LOOPBACK) != 0 || isOneOf(link.kind, kVirtualKinds) || isOneOf(link.masterKind, kPortKinds))
        return false;
    return link.kind != u"bridge"_s || leadsOutside(link, links);
}

bool isUplink(const Link &link, const std::vector<Link> &links)
{
    constexpr quint32 kUsable = IFF_UP | IFF_LOWER_UP;
    return (link.flags & kUsable) == kUsable && isPhysical(link, links);
}

} // namespace

std::vector<Uplink> uplinksAmong(
    const std::vector<Link> &links, const std::vector<LinkAddress> &addresses, const DefaultRoutes &defaultRoutes)
{
    std::vector<Uplink> uplinks;
    for (const Link &link : links) {
        if (!isUplink(link, links))
            continue;
        const auto route = defaultRoutes.find(link.index);
        Uplink uplink{link.name, link.mtu, route != defaultRoutes.end(), {}, link.index, {}};
        if (uplink.hasDefaultRoute) {
            uplink.gateways = route->second.gateways;
            if (route->second.mtu != 0)
                uplink.mtu = std::min(uplink.mtu, route->second.mtu);
        }
        for (const LinkAddress &address : addresses) {
            if (address.link == link.index)
                uplink.addresses.push_back(address.address);
        }
        uplinks.push_back(std::move(uplink));
    }
    std::ranges::sort(uplinks, {}, &Uplink::name);
    return uplinks;
}

std::vector<VirtualLink> virtualLinksAmong(const std::vector<Link> &links, const std::vector<LinkAddress> &addresses)
{
    std::vector<VirtualLink> found;
    for (const Link &link : links) {
        // A card without a cable is none of them: the guard would let private addresses through it as soon as it has one.
        const bool counts = (link.flags & IFF_UP) != 0 && (link.flags & IFF_LOOPBACK) == 0 && link.group != kLinkGroup
            && !isPhysical(link, links);
        if (!counts)
            continue;
        VirtualLink entry{link.name, {}};
        for (const LinkAddress &address : addresses) {
            const Prefix network = address.address.network();
            if (address.link == link.index && network.length() < network.address().bitLength())
                entry.networks.push_back(network);
        }
        std::ranges::sort(entry.networks);
        entry.networks.erase(std::ranges::unique(entry.networks).begin(), entry.networks.end());
        found.push_back(std::move(entry));
    }
    std::ranges::sort(found, {}, &VirtualLink::name);
    return found;
}

} // namespace sallyport::netlink
