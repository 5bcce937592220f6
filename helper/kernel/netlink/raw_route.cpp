// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/raw_route.h"

#include "helper/kernel/netlink/attributes.h"

namespace sallyport::netlink {

namespace {

void readNextHops(Bytes value, RawRoute &route)
{
    while (value.size() >= sizeof(rtnexthop)) {
        const auto hop = fixedHeader<rtnexthop>(value);
        if (hop->rtnh_len < sizeof(rtnexthop))
            return;
        const auto link = static_cast<quint32>(hop->rtnh_ifindex);
        route.nextHops.insert(link);
        const std::size_t length = std::min<std::size_t>(hop->rtnh_len, value.size());
        visitAttributes(value.subspan(sizeof(rtnexthop), length - sizeof(rtnexthop)), [&](int type, Bytes address) {
            if (const auto gateway = type == RTA_GATEWAY ? addressOf(address) : std::nullopt)
                route.gateways.emplace_back(link, *gateway);
        });
        value = value.subspan(std::min<std::size_t>(RTNH_ALIGN(hop->rtnh_len), value.size()));
    }
}

void readAttribute(int type, Bytes value, RawRoute &route)
{
    switch (type) {
    case RTA_TABLE:
        route.table = valueOf<quint32>(value, route.table);
        break;
    case RTA_PRIORITY:
        route.metric = valueOf<quint32>(value);
        break;
    case RTA_OIF:
        route.link = valueOf<quint32>(value);
        break;
    case RTA_DST:
        route.destination = addressOf(value);
        break;
    case RTA_PREFSRC:
        route.source = addressOf(value);
        break;
    case RTA_METRICS:
        visitAttributes(value, [&](int metric, Bytes number) {
            if (metric == RTAX_MTU)
                route.mtu = valueOf<quint32>(number);
        });
        break;
    case RTA_MULTIPATH:
        readNextHops(value, route);
        break;
    default: // not an enumeration: an attribute of no interest
        break;
    }
}

} // namespace

std::optional<RawRoute> parseRawRoute(const nlmsghdr *message)
{
    const Bytes payload = payloadOf(message);
    const auto header = fixedHeader<rtmsg>(payload);
    if (message->nlmsg_type != RTM_NEWROUTE || !header || !familyOf(header->rtm_family))
        return std::nullopt;
    RawRoute route;
    route.header = *header;
    route.table = header->rtm_table;
    std::optional<IpAddress> gateway;
    visitAttributes(attributesAfter<rtmsg>(payload), [&](int type, Bytes value) {
        readAttribute(type, value, route);
        if (type == RTA_GATEWAY)
            gateway = addressOf(value);
    });
    if (gateway && route.link != 0)
        route.gateways.emplace_back(route.link, *gateway);
    return route;
}

} // namespace sallyport::netlink
