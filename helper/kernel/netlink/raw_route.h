// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <linux/rtnetlink.h>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace sallyport::netlink {

/// A route as the kernel tells it, whoever made it.
struct RawRoute {
    rtmsg header{};
    quint32 table = 0;
    quint32 metric = 0;
    quint32 link = 0;
    quint32 mtu = 0; ///< 0: the route says nothing of it
    std::optional<IpAddress> destination;
    std::optional<IpAddress> source;
    std::set<quint32> nextHops;
    std::vector<std::pair<quint32, IpAddress>> gateways; ///< with the interface behind which they are
};

/// None for anything but a route of IPv4 or IPv6.
std::optional<RawRoute> parseRawRoute(const nlmsghdr *message);

} // namespace sallyport::netlink
