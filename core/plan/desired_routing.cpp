// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/desired_routing.h"

#include "core/plan/local_networks.h"

#include <algorithm>
#include <iterator>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

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

/// When the link goes by itself (a user-space WireGuard that dies takes it along), what is meant for home is refused. It
/// would leave readable by the uplink, or be read by the exit's provider.
void addHomeRoute(std::vector<Route> &routes, const Prefix &destination, const RoutingFacts &facts)
{
    if (destination.family() == Family::IPv4 || facts.homeCarriesIPv6)
        routes.push_back(route(kHomeTable, destination, Route::Kind::Unicast, QString::fromLatin1(kHomeLink)));
    routes.push_back(route(kHomeTable, destination, Route::Kind::Unreachable, {}, kUnreachableMetric));
}

/// What a subnet leaves to the network of one uplink.
std::vector<Prefix> leftTo(const Uplink &uplink, const Subnet &subnet)
{
    const bool isTheVeryOne = !subnet.provedOn || std::ranges::count(*subnet.provedOn, uplink.index) > 0;
    std::vector<Prefix> left;
    for (const InterfaceAddress &own : uplink.addresses) {
        const Prefix network = own.network();
        if (!network.overlaps(subnet.network))
            continue;
        if (isTheVeryOne) {
            left.push_back(network);
            continue;
        }
        // Somebody else's network of the same number: its router gives addresses and names, and only it is let through.
        for (const IpAddress &gateway : uplink.gateways) {
            if (network.contains(gateway) && subnet.network.contains(gateway))
                left.push_back(Prefix::host(gateway));
        }
    }
    return left;
}

/// A subnet behind a device gives way to the same network where we stand on it (tailscale#1164): otherwise home cuts the
/// LAN. That we do is known only when the device itself is there, too; networks of the same number are everywhere.
void addSubnet(std::vector<Route> &routes, const Subnet &subnet, const RoutingFacts &facts)
{
    std::vector<Prefix> left;
    for (const Uplink &uplink : facts.uplinks)
        std::ranges::copy(leftTo(uplink, subnet), std::back_inserter(left));
    if (std::ranges::any_of(left, [&](const Prefix &network) { return network.contains(subnet.network); }))
        return;
    addHomeRoute(routes, subnet.network, facts);
    for (const Prefix &network : left)
        routes.push_back(route(kHomeTable, network, Route::Kind::Throw));
}

void addHomeRoutes(std::vector<Route> &routes, const RoutingFacts &facts)
{
    const auto covered = [&](const Prefix &prefix) {
        return std::ranges::any_of(facts.homeNetworks, [&](const Prefix &own) { return own.contains(prefix); });
    };
    for (const Prefix &network : facts.homeNetworks)
        addHomeRoute(routes, network, facts);
    for (const Prefix &address : facts.deviceAddresses) {
        if (!covered(address))
            addHomeRoute(routes, address, facts);
    }
    for (const Subnet &subnet : facts.subnets) {
        if (!covered(subnet.network))
            addSubnet(routes, subnet, facts);
    }
}

void addLanRoutes(std::vector<Route> &routes, const RoutingFacts &facts)
{
    for (const Prefix &network : allowedLans(facts.uplinks))
        routes.push_back(route(kExitTable, network, Route::Kind::Throw));
    const std::array<quint8, 4> multicast = {224, 0, 0, 0};
    const std::array<quint8, 4> broadcast = {255, 255, 255, 255};
    routes.push_back(
        route(kExitTable, Prefix::of(IpAddress::fromBytes(Family::IPv4, multicast), 4), Route::Kind::Throw));
    routes.push_back(
        route(kExitTable, Prefix::host(IpAddress::fromBytes(Family::IPv4, broadcast)), Route::Kind::Throw));
}

bool carries(const RoutingFacts &facts, Family family)
{
    return std::ranges::any_of(
        facts.exitAddresses, [&](const InterfaceAddress &own) { return own.address.family() == family; });
}

/// With rp_filter the kernel answers no ARP request of somebody to whom it has no way (arp_process() asks
/// fib_validate_source()), and home's own packets would stop as soon as the neighbours have forgotten us. Where nothing
/// else leads to the local networks these are left to the main table; the guard refuses them.
void addWaysForArp(std::vector<Route> &routes, const RoutingFacts &facts)
{
    for (const Prefix &network : allowedLans(facts.uplinks)) {
        if (network.address().family() == Family::IPv4)
            routes.push_back(route(kExitTable, network, Route::Kind::Throw));
    }
}

void addExitRoutes(std::vector<Route> &routes, const RoutingFacts &facts)
{
    for (const Family family : kFamilies) {
        if (carries(facts, family))
            routes.push_back(route(kExitTable, Prefix::everything(family), Route::Kind::Unicast, facts.exitLink));
        routes.push_back(
            route(kExitTable, Prefix::everything(family), Route::Kind::Unreachable, {}, kUnreachableMetric));
    }
    for (const IpAddress &resolver : facts.exitResolvers)
        routes.push_back(route(kExitTable, Prefix::host(resolver), Route::Kind::Unicast, facts.exitLink));
    // IPv6 itself (neighbours, routers, DHCP) lives on link-local addresses.
    const std::array<quint8, 16> linkLocal = {0xfe, 0x80};
    routes.push_back(
        route(kExitTable, Prefix::of(IpAddress::fromBytes(Family::IPv6, linkLocal), 10), Route::Kind::Throw));
    for (const VirtualLink &link : facts.virtualLinks) {
        for (const Prefix &network : link.networks) {
            if (isAllowedLan(network))
                routes.push_back(route(kExitTable, network, Route::Kind::Throw));
        }
    }
    if (facts.allowLan)
        addLanRoutes(routes, facts);
    else if (!carries(facts, Family::IPv4))
        addWaysForArp(routes, facts);
}

/// Where devices of home may go through this one while its Exit is on: to home itself (rule 5150) and to the local
/// networks, if those are allowed. Anything else they send stops at rule 5161, for it would leave by our exit or, when
/// that fails, by the physical network.
void addGatewayRoutes(std::vector<Route> &routes, const RoutingFacts &facts)
{
    std::vector<Prefix> seen; // on two uplinks: the kernel holds one route for each network
    for (const Uplink &uplink : facts.uplinks) {
        for (const Prefix &network : allowedLans({uplink})) {
            if (std::ranges::find(seen, network) != seen.end())
                continue;
            seen.push_back(network);
            routes.push_back(route(kGatewayTable, network, Route::Kind::Unicast, uplink.name));
        }
    }
}

bool stopsForwarding(const RoutingFacts &facts)
{
    return !facts.exitLink.isEmpty() && (facts.home || facts.exitLink == QLatin1String(kHomeLink));
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
    if (stopsForwarding(facts) && facts.allowLan)
        addGatewayRoutes(routes, facts);
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
        if (stopsForwarding(facts)) {
            const QString home = QString::fromLatin1(kHomeLink);
            rules.push_back({family, kGatewayPreference, 0, home, Rule::Action::Lookup, kGatewayTable});
            rules.push_back({family, kGatewayStopPreference, 0, home, Rule::Action::Unreachable, 0});
        }
        if (!facts.exitLink.isEmpty())
            rules.push_back(rule(family, kExitPreference, Rule::Action::Lookup, kExitTable));
    }
    std::ranges::sort(rules);
    return rules;
}

} // namespace sallyport
