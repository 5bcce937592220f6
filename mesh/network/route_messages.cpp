// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/network/route_messages.h"

#include <algorithm>
#include <cstring>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace sallyport::mesh {

namespace {

using Bytes = std::span<const quint8>;

Bytes payloadOf(const nlmsghdr &message)
{
    const auto *first = reinterpret_cast<const quint8 *>(&message);
    return Bytes(first, message.nlmsg_len).subspan(NLMSG_HDRLEN);
}

template<class T>
std::optional<T> headerOf(Bytes payload)
{
    T header{};
    if (payload.size() < sizeof(T))
        return {};
    std::memcpy(&header, payload.data(), sizeof(T));
    return header;
}

template<class T>
Bytes after(Bytes payload)
{
    return payload.subspan(std::min<std::size_t>(payload.size(), NLMSG_ALIGN(sizeof(T))));
}

/// Calls `visit(int type, Bytes value)` for each attribute up to the first that is damaged.
template<class Visit>
void visitAttributes(Bytes bytes, const Visit &visit)
{
    rtattr attribute{};
    while (bytes.size() >= sizeof attribute) {
        std::memcpy(&attribute, bytes.data(), sizeof attribute);
        if (attribute.rta_len < sizeof attribute || attribute.rta_len > bytes.size())
            return;
        visit(attribute.rta_type & NLA_TYPE_MASK, bytes.first(attribute.rta_len).subspan(RTA_LENGTH(0)));
        bytes = bytes.subspan(std::min<std::size_t>(bytes.size(), RTA_ALIGN(attribute.rta_len)));
    }
}

quint32 numberIn(Bytes value)
{
    quint32 number = 0;
    if (value.size() == sizeof number)
        std::memcpy(&number, value.data(), sizeof number);
    return number;
}

QString textIn(Bytes value)
{
    const auto *text = reinterpret_cast<const char *>(value.data());
    return QString::fromUtf8(text, qsizetype(strnlen(text, value.size())));
}

std::optional<IpAddress> addressOf(Bytes value)
{
    if (value.size() == 4)
        return IpAddress::fromBytes(Family::IPv4, value);
    if (value.size() == 16)
        return IpAddress::fromBytes(Family::IPv6, value);
    return {};
}

std::optional<Family> familyOf(int native)
{
    if (native == AF_INET)
        return Family::IPv4;
    if (native == AF_INET6)
        return Family::IPv6;
    return {};
}

void readKinds(Bytes info, Link &link)
{
    visitAttributes(info, [&](int type, Bytes value) {
        if (type == IFLA_INFO_KIND)
            link.kind = textIn(value);
        else if (type == IFLA_INFO_SLAVE_KIND)
            link.masterKind = textIn(value);
    });
}

/// RTA_VIA: a gateway of the other family, its family in front.
std::optional<IpAddress> gatewayVia(Bytes value)
{
    return value.size() < 2 ? std::nullopt : addressOf(value.subspan(2));
}

void readHop(int type, Bytes value, DefaultRoute &route)
{
    if (type == RTA_OIF)
        route.link = numberIn(value);
    else if (type == RTA_GATEWAY)
        route.gateway = addressOf(value);
    else if (type == RTA_VIA)
        route.gateway = gatewayVia(value);
}

/// RTA_MULTIPATH: several ways in one route.
void readHops(Bytes bytes, const DefaultRoute &common, std::vector<DefaultRoute> &routes)
{
    rtnexthop hop{};
    while (bytes.size() >= sizeof hop) {
        std::memcpy(&hop, bytes.data(), sizeof hop);
        if (hop.rtnh_len < sizeof hop || hop.rtnh_len > bytes.size())
            return;
        DefaultRoute route = common;
        route.link = quint32(hop.rtnh_ifindex);
        visitAttributes(bytes.first(hop.rtnh_len).subspan(RTNH_ALIGN(sizeof hop)), [&](int type, Bytes value) {
            if (type != RTA_OIF)
                readHop(type, value, route);
        });
        routes.push_back(route);
        bytes = bytes.subspan(std::min<std::size_t>(bytes.size(), RTNH_ALIGN(hop.rtnh_len)));
    }
}

bool isPlainDefault(const rtmsg &header)
{
    return header.rtm_dst_len == 0 && header.rtm_src_len == 0 && header.rtm_type == RTN_UNICAST
        && header.rtm_table == RT_TABLE_MAIN && (header.rtm_flags & RTM_F_CLONED) == 0;
}

} // namespace

std::optional<Link> linkIn(const nlmsghdr &message)
{
    const Bytes payload = payloadOf(message);
    const auto header = headerOf<ifinfomsg>(payload);
    if (message.nlmsg_type != RTM_NEWLINK || !header)
        return {};
    Link link{.index = quint32(header->ifi_index), .flags = header->ifi_flags};
    visitAttributes(after<ifinfomsg>(payload), [&](int type, Bytes value) {
        if (type == IFLA_IFNAME)
            link.name = textIn(value);
        else if (type == IFLA_MASTER)
            link.master = numberIn(value);
        else if (type == IFLA_LINKINFO)
            readKinds(value, link);
    });
    return link;
}

std::optional<LinkAddress> addressIn(const nlmsghdr &message)
{
    const Bytes payload = payloadOf(message);
    const auto header = headerOf<ifaddrmsg>(payload);
    if (message.nlmsg_type != RTM_NEWADDR || !header)
        return {};
    std::optional<IpAddress> local;
    std::optional<IpAddress> address;
    quint32 flags = header->ifa_flags;
    visitAttributes(after<ifaddrmsg>(payload), [&](int type, Bytes value) {
        if (type == IFA_LOCAL)
            local = addressOf(value);
        else if (type == IFA_ADDRESS)
            address = addressOf(value);
        else if (type == IFA_FLAGS)
            flags = numberIn(value);
    });
    if (!local && !address)
        return {};
    const bool isSought = (flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0;
    return LinkAddress{header->ifa_index, local ? *local : *address, header->ifa_prefixlen,
        !isSought && (flags & (IFA_F_DADFAILED | IFA_F_DEPRECATED)) == 0};
}

std::vector<DefaultRoute> defaultRoutesIn(const nlmsghdr &message)
{
    const Bytes payload = payloadOf(message);
    const auto header = headerOf<rtmsg>(payload);
    const auto family = header ? familyOf(header->rtm_family) : std::nullopt;
    if (message.nlmsg_type != RTM_NEWROUTE || !family || !isPlainDefault(*header))
        return {};
    DefaultRoute route{.family = *family};
    std::vector<DefaultRoute> routes;
    Bytes hops;
    visitAttributes(after<rtmsg>(payload), [&](int type, Bytes value) {
        if (type == RTA_PRIORITY)
            route.metric = numberIn(value);
        else if (type == RTA_MULTIPATH)
            hops = value;
        else
            readHop(type, value, route);
    });
    if (hops.empty())
        routes.push_back(route);
    else
        readHops(hops, route, routes);
    return routes;
}

std::optional<Neighbour> neighbourIn(const nlmsghdr &message)
{
    const Bytes payload = payloadOf(message);
    const auto header = headerOf<ndmsg>(payload);
    constexpr quint16 kUnknown = NUD_INCOMPLETE | NUD_FAILED | NUD_NOARP;
    if (message.nlmsg_type != RTM_NEWNEIGH || !header || (header->ndm_state & kUnknown) != 0)
        return {};
    std::optional<IpAddress> address;
    std::optional<LinkLayerAddress> physical;
    visitAttributes(after<ndmsg>(payload), [&](int type, Bytes value) {
        if (type == NDA_DST)
            address = addressOf(value);
        else if (type == NDA_LLADDR && value.size() == std::tuple_size_v<LinkLayerAddress>)
            std::ranges::copy(value, physical.emplace().begin());
    });
    if (!address || !physical)
        return {};
    return Neighbour{quint32(header->ndm_ifindex), *address, *physical};
}

bool changesNetworks(const nlmsghdr &message)
{
    const Bytes payload = payloadOf(message);
    if (message.nlmsg_type == RTM_NEWROUTE || message.nlmsg_type == RTM_DELROUTE) {
        const auto header = headerOf<rtmsg>(payload);
        return header && isPlainDefault(*header);
    }
    if (message.nlmsg_type == RTM_NEWNEIGH || message.nlmsg_type == RTM_DELNEIGH)
        return neighbourIn(message).has_value();
    bool isChatter = false;
    if (message.nlmsg_type == RTM_NEWLINK) {
        visitAttributes(
            after<ifinfomsg>(payload), [&](int type, Bytes) { isChatter = isChatter || type == IFLA_WIRELESS; });
    }
    return !isChatter;
}

} // namespace sallyport::mesh
