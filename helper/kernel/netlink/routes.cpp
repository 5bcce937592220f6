// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/routes.h"

#include "core/constants.h"
#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/netlink/raw_route.h"

#include <algorithm>
#include <cerrno>
#include <linux/rtnetlink.h>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

constexpr quint32 kIpv6DefaultMetric = 1024; ///< IP6_RT_PRIO_USER of the kernel
constexpr std::array kTables = {kHomeTable, kExitTable, kGatewayTable};

quint8 nativeKind(Route::Kind kind)
{
    switch (kind) {
    case Route::Kind::Unicast:
        return RTN_UNICAST;
    case Route::Kind::Throw:
        return RTN_THROW;
    case Route::Kind::Unreachable:
        return RTN_UNREACHABLE;
    }
    Q_UNREACHABLE();
}

std::optional<Route::Kind> kindOf(int native)
{
    for (const Route::Kind kind : {Route::Kind::Unicast, Route::Kind::Throw, Route::Kind::Unreachable}) {
        if (nativeKind(kind) == native)
            return kind;
    }
    return std::nullopt;
}

/// IPv6 has to be told its default metric, or the kernel would delete any.
quint32 nativeMetric(const Route &route)
{
    return route.metric == 0 && route.family == Family::IPv6 ? kIpv6DefaultMetric : route.metric;
}

rtmsg headerFor(const Route &route)
{
    rtmsg header{};
    header.rtm_family = nativeFamily(route.family);
    header.rtm_dst_len = route.destination.length();
    header.rtm_protocol = kRouteProtocol;
    header.rtm_type = nativeKind(route.kind);
    // Never link scope: the kernel looks up the gateway of other people's routes (`default via X` without a device)
    // among link-scope routes of every table that a rule leads to, and would find a tunnel there.
    header.rtm_scope = RT_SCOPE_UNIVERSE;
    return header;
}

Message requestFor(int type, int flags, const Route &route, quint32 link)
{
    Message message(type, flags);
    message.append(headerFor(route)).put32(RTA_TABLE, route.table);
    if (route.destination.length() > 0)
        message.putAddress(RTA_DST, route.destination.address());
    if (const quint32 metric = nativeMetric(route); metric != 0)
        message.put32(RTA_PRIORITY, metric);
    if (route.kind == Route::Kind::Unicast)
        message.put32(RTA_OIF, link);
    if (route.source)
        message.putAddress(RTA_PREFSRC, *route.source);
    return message;
}

/// The smaller of two sizes, of which 0 says nothing.
void lower(quint32 &mtu, quint32 other)
{
    mtu = mtu == 0 || other == 0 ? std::max(mtu, other) : std::min(mtu, other);
}

/// The kernel tells routes from the best to the worst.
void addIfFirst(std::vector<IpAddress> &gateways, const IpAddress &gateway)
{
    if (std::ranges::find(gateways, gateway.family(), &IpAddress::family) == gateways.end())
        gateways.push_back(gateway);
}

QString nameOf(const Route &route)
{
    return u"the route %1 of table %2"_s.arg(route.destination.toCidr()).arg(route.table);
}

} // namespace

std::optional<Route> parseRoute(const nlmsghdr *message, const LinkNames &names)
{
    const std::optional<RawRoute> raw = parseRawRoute(message);
    const auto kind = raw ? kindOf(raw->header.rtm_type) : std::nullopt;
    if (!kind || raw->header.rtm_protocol != kRouteProtocol || !std::ranges::count(kTables, raw->table))
        return std::nullopt;
    Route route;
    route.family = *familyOf(raw->header.rtm_family);
    route.table = raw->table;
    route.destination = Prefix::of(raw->destination.value_or(IpAddress::any(route.family)), raw->header.rtm_dst_len);
    route.metric = route.family == Family::IPv6 && raw->metric == kIpv6DefaultMetric ? 0 : raw->metric;
    route.kind = *kind;
    route.source = raw->source;
    if (route.kind == Route::Kind::Unicast) { // IPv6 says `lo` for the others
        const auto name = names.find(raw->link);
        route.device = name != names.end() ? name->second : QString();
    }
    return route;
}

Result<std::vector<Route>> Routes::ours(const LinkNames &names)
{
    std::vector<Route> all;
    for (const Family family : kFamilies) {
        Message request(RTM_GETROUTE, 0);
        rtmsg filter{};
        filter.rtm_family = nativeFamily(family);
        filter.rtm_protocol = kRouteProtocol;
        request.append(filter);
        auto routes = collect<Route>(m_socket, request, u"Listing our routes"_s,
            [&](const nlmsghdr *message) { return parseRoute(message, names); });
        if (!routes)
            return routes.error();
        all.insert(all.end(), routes->begin(), routes->end());
    }
    std::ranges::sort(all);
    return all;
}

Result<DefaultRoutes> Routes::defaultRoutes()
{
    DefaultRoutes links;
    const auto visit = [&](const nlmsghdr *message) {
        std::optional<RawRoute> route = parseRawRoute(message);
        if (!route || route->table != kMainTable || route->header.rtm_dst_len != 0
            || route->header.rtm_type != RTN_UNICAST)
            return;
        lower(links[route->link].mtu, route->mtu);
        for (const quint32 link : route->nextHops)
            lower(links[link].mtu, route->mtu);
        for (const auto &[link, gateway] : route->gateways)
            addIfFirst(links[link].gateways, gateway);
    };
    for (const Family family : kFamilies) {
        Message request(RTM_GETROUTE, 0);
        rtmsg filter{};
        filter.rtm_family = nativeFamily(family);
        filter.rtm_type = RTN_UNICAST;
        request.append(filter).put32(RTA_TABLE, kMainTable);
        const Answer answer = m_socket.dump(
            request, [] {}, visit);
        if (answer.errorNumber == ENOENT) // the table does not exist before its first route
            continue;
        if (Result<Done> done = answer.toResult(u"Listing the default routes"_s); !done)
            return done.error();
    }
    links.erase(0);
    return links;
}

Result<Done> Routes::put(const Route &route)
{
    const QString what = u"Putting "_s + nameOf(route);
    const quint32 link = route.kind == Route::Kind::Unicast ? linkIndex(route.device) : 0;
    if (route.kind == Route::Kind::Unicast && link == 0)
        return systemError(what, ENODEV, route.device);
    Message request = requestFor(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, route, link);
    return m_socket.change(request).toResult(what);
}

Result<Done> Routes::remove(const Route &route)
{
    const quint32 link = route.kind == Route::Kind::Unicast ? linkIndex(route.device) : 0;
    if (route.kind == Route::Kind::Unicast && link == 0) // its routes went with it
        return Done{};
    Message request = requestFor(RTM_DELROUTE, 0, route, link);
    const Answer answer = m_socket.change(request);
    if (answer.errorNumber == ESRCH || answer.errorNumber == ENOENT || answer.errorNumber == ENODEV)
        return Done{};
    return answer.toResult(u"Deleting "_s + nameOf(route));
}

} // namespace sallyport::netlink
