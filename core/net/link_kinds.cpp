// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/net/link_kinds.h"

#include <algorithm>
#include <array>

namespace sallyport {

namespace {

constexpr std::array kVirtualKinds = {"tun", "wireguard", "amneziawg", "ovpn", "ovpn-dco", "ipip", "sit", "gre",
    "gretap", "erspan", "ip6tnl", "ip6gre", "ip6gretap", "ip6erspan", "vti", "vti6", "xfrm", "vxlan", "geneve", "gtp",
    "bareudp", "l2tp", "dummy", "ifb", "nlmon", "vcan", "vxcan", "vrf", "netkit", "netdevsim", "openvswitch"};
constexpr std::array kJoiningKinds = {"bridge", "bond", "team", "openvswitch"};

template<std::size_t N>
bool isOneOf(const QString &kind, const std::array<const char *, N> &kinds)
{
    return std::ranges::any_of(kinds, [&](const char *one) { return kind == QLatin1StringView(one); });
}

} // namespace

bool isVirtualKind(const QString &kind)
{
    return isOneOf(kind, kVirtualKinds);
}

bool isJoiningKind(const QString &kind)
{
    return isOneOf(kind, kJoiningKinds);
}

} // namespace sallyport
