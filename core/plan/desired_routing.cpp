// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/desired_routing.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr quint8 kLargestLan4 = 16; ///< a "LAN" of 10.0.0.0/8 would be a hole in the exit (TunnelCrack)
constexpr quint8 kLargestLan6 = 48;

Route route(quint32 table, const Prefix &destination, Route::Kind kind, const QString &device = {}, quint32 metric = 0)
{
    Route value;
    value.family = destination.family();
    value.table = table;
    value.destination = destination;
    value.metric = metric;
    value.kind = kind;
    value.device = device;
    return value;
}

bool isAllowedLan(const Prefix &network)
{
    const quint8 largest = network.family() == Family::IPv4 ? kLargestLan4 : kLargestLan6;
    return isPrivate(network) && network.length() >= largest && network.length() < network.address().bitLength();
}

/// A subnet behind a device gives way to a network we stand on (tailscale#1164): otherwise home cuts the LAN.
void addSubnet(std::vector<Route> &routes, const Prefix &subnet, const std::vector<Uplink> &uplinks)
{
    std::vector<Prefix> here;
    for (const Uplink &uplink : uplinks) {
        for (const InterfaceAddress &own : uplink.addresses) {
            if (own.network().contains(subnet))
                return;
            if (subnet.contains(own.network()))
                here.push_back(own.network());
        }
    }
    routes.push_back(route(kHomeTable, subnet, Route::Kind::Unicast, QString::fromLatin1(kHomeLink)));
    for (const Prefix &network : here)
        routes.push_back(route(kHomeTable, network, Route::Kind::Throw));
}

void addHomeRoutes(std::vector<Route> &routes, const RoutingFacts &facts)
{
    const QString link = QString::fromLatin1(kHomeLink);
    const auto covered = [&](const Prefix &prefix) {
        return std::ranges::any_of(facts.homeNetworks, [&](const Prefix &own) { return own.contains(prefix); });
    };
    for (const Prefix &network : facts.homeNetworks)
        routes.push_back(route(kHomeTable, network, Route::Kind::Unicast, link));
    for (const Prefix &address : facts.deviceAddresses) {
        if (!covered(address))
            routes.push_back(route(kHomeTable, address, Route::Kind::Unicast, link));
    }
    for (const Prefix &network : facts.deviceNetworks) {
        if (!covered(network))
            addSubnet(routes, network, facts.uplinks);
    }
}

void addLanRoutes(std::vector<Route> &routes, const RoutingFacts &facts)
{
    for (const Uplink &uplink : facts.uplinks) {
        for (const InterfaceAddress &own : uplink.addresses) {
            if (isAllowedLan(own.network()) && !own.address.isLinkLocal())
                routes.push_back(route(kExitTable, own.network(), Route::Kind::Throw));
        }
    }
    const std::array<quint8, 4> multicast = {224, 0, 0, 0};
    const std::array<quint8, 4> broadcast = {255, 255, 255, 255};
    routes.push_back(
        route(kExitTable, Prefix::of(IpAddress::fromBytes(Family::IPv4, multicast), 4), Route::Kind::Throw));
    routes.push_back(
        route(kExitTable, Prefix::host(IpAddress::fromBytes(Family::IPv4, broadcast)), Route::Kind::Throw));
}

void addExitRoutes(std::vector<Route> &routes, const RoutingFacts &facts)
{
    for (const Family family : kFamilies) {
        const bool carried = std::ranges::any_of(
            facts.exitAddresses, [&](const InterfaceAddress &own) { return own.address.family() == family; });
        if (carried)
            routes.push_back(route(kExitTable, Prefix::everything(family), Route::Kind::Unicast, facts.exitLink));
        routes.push_back(
            route(kExitTable, Prefix::everything(family), Route::Kind::Unreachable, {}, kUnreachableMetric));
    }
    // IPv6 itself (neighbours, routers, DHCP) lives on link-local addresses.
    const std::array<quint8, 16> linkLocal = {0xfe, 0x80};
    routes.push_back(
        route(kExitTable, Prefix::of(IpAddress::fromBytes(Family::IPv6, linkLocal), 10), Route::Kind::Throw));
    for (const Prefix &network : facts.virtualNetworks) {
        if (isAllowedLan(network))
            routes.push_back(route(kExitTable, network, Route::Kind::Throw));
    }
    if (facts.allowLan)
        addLanRoutes(routes, facts);
}

Rule rule(Family family, quint32 preference, Rule::Action action, quint32 table = 0, quint32 mark = 0)
{
    return {family, preference, mark, {}, action, table};
}

} // namespace

std::vector<Route> desiredRoutes(const RoutingFacts &facts)
{
    std::vector<Route> routes;
    if (facts.home)
        addHomeRoutes(routes, facts);
    if (!facts.exitLink.isEmpty())
        addExitRoutes(routes, facts);
    std::ranges::sort(routes);
    routes.erase(std::ranges::unique(routes).begin(), routes.end());
    return routes;
}

std::vector<Rule> desiredRules(const RoutingFacts &facts)
{
    std::vector<Rule> rules;
    for (const Family family : kFamilies) {
        for (quint32 i = 0; i < kMarks.size(); ++i) {
            rules.push_back(rule(family, kUnderlayPreference + i, Rule::Action::Lookup, kMainTable, kMarks[i]));
            rules.push_back(rule(family, kUnderlayStopPreference + i, Rule::Action::Unreachable, 0, kMarks[i]));
        }
        if (facts.home)
            rules.push_back(rule(family, kHomePreference, Rule::Action::Lookup, kHomeTable));
        if (!facts.exitLink.isEmpty())
            rules.push_back(rule(family, kExitPreference, Rule::Action::Lookup, kExitTable));
    }
    std::ranges::sort(rules);
    return rules;
}

} // namespace sallyport
