// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/network/network_reader.h"

#include "core/constants.h"
#include "core/net/link_kinds.h"
#include "core/probe/network_print.h"

#include <algorithm>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace sallyport::mesh {

using namespace Qt::StringLiterals;

namespace {

template<class T, class Parse>
Result<Done> collect(
    RouteQuestions &questions, RouteQuestions::Question question, std::vector<T> &found, const Parse &parse)
{
    const std::size_t before = found.size();
    return questions.dump(
        question, [&] { found.resize(before); },
        [&](const nlmsghdr &message) {
            for (T &value : parse(message))
                found.push_back(std::move(value));
        });
}

template<auto Parse>
auto one(const nlmsghdr &message)
{
    auto value = Parse(message);
    std::vector<typename decltype(value)::value_type> values;
    if (value)
        values.push_back(std::move(*value));
    return values;
}

/// A bridge that only joins containers or virtual machines has no port that leads outside.
bool leadsOutside(const Link &bridge, const std::vector<Link> &links)
{
    return std::ranges::any_of(links, [&](const Link &port) {
        return port.master == bridge.index && port.kind != u"veth"_s && !isVirtualKind(port.kind);
    });
}

bool isUsable(const Link &link, const std::vector<Link> &links)
{
    constexpr quint32 kUsable = IFF_UP | IFF_LOWER_UP;
    const bool isOurs = link.name == QLatin1StringView(kHomeLink) || link.name == QLatin1StringView(kExitLink);
    if ((link.flags & kUsable) != kUsable || (link.flags & IFF_LOOPBACK) != 0 || isOurs)
        return false;
    if (isVirtualKind(link.kind) || isJoiningKind(link.masterKind))
        return false;
    return link.kind != u"bridge"_s || leadsOutside(link, links);
}

std::optional<LinkLayerAddress> physicalAddressOf(const DefaultRoute &route, const std::vector<Neighbour> &neighbours)
{
    for (const Neighbour &neighbour : neighbours) {
        if (route.gateway == neighbour.address && route.link == neighbour.link)
            return neighbour.physical;
    }
    return {};
}

/// The network that the gateway is in. One that is named by a link-local address stands for the first of the others.
std::optional<Prefix> networkOf(const DefaultRoute &route, const std::vector<InterfaceAddress> &addresses)
{
    std::optional<Prefix> found;
    for (const InterfaceAddress &address : addresses) {
        const Prefix network = address.network();
        if (network.family() != route.family || address.address.isLinkLocal())
            continue;
        if (network.contains(*route.gateway))
            return network;
        if (!found || network < *found)
            found = network;
    }
    return found;
}

/// IPv4 first: of IPv6 two devices may have prefixes that the other has not.
NetworkPrint printOf(const PathNetwork &network, std::vector<DefaultRoute> routes, const KernelNetworks &kernel)
{
    std::ranges::sort(routes, {}, [](const DefaultRoute &route) { return std::pair(route.family, route.metric); });
    for (const DefaultRoute &route : routes) {
        if (!route.gateway)
            continue;
        const auto gateway = physicalAddressOf(route, kernel.neighbours);
        const auto prefix = networkOf(route, network.addresses);
        if (gateway && prefix)
            return networkPrintOf(*gateway, *prefix);
        // Not the other family's instead: the print would be another one as soon as this one is known.
        return {};
    }
    return {};
}

PathNetwork networkOn(const Link &link, const KernelNetworks &kernel)
{
    PathNetwork network;
    network.interfaceIndex = link.index;
    network.interface = link.name;
    for (const LinkAddress &address : kernel.addresses) {
        if (address.link == link.index && address.isUsable)
            network.addresses.push_back({address.address, address.length});
    }
    std::ranges::sort(network.addresses);
    std::vector<DefaultRoute> routes;
    std::ranges::copy_if(
        kernel.routes, std::back_inserter(routes), [&](const DefaultRoute &route) { return route.link == link.index; });
    for (const DefaultRoute &route : routes)
        (route.family == Family::IPv4 ? network.hasDefault4 : network.hasDefault6) = true;
    network.print = printOf(network, routes, kernel);
    return network;
}

} // namespace

Result<KernelNetworks> readNetworks(RouteQuestions &questions)
{
    KernelNetworks found;
    if (auto done = collect(questions, {RTM_GETLINK}, found.links, one<linkIn>); !done)
        return done.error();
    if (auto done = collect(questions, {RTM_GETADDR}, found.addresses, one<addressIn>); !done)
        return done.error();
    for (const quint8 family : {AF_INET, AF_INET6}) {
        if (auto done = collect(questions, {RTM_GETROUTE, family}, found.routes, defaultRoutesIn); !done)
            return done.error();
    }
    if (auto done = collect(questions, {RTM_GETNEIGH}, found.neighbours, one<neighbourIn>); !done)
        return done.error();
    return found;
}

std::vector<PathNetwork> physicalNetworks(const KernelNetworks &kernel)
{
    std::vector<PathNetwork> networks;
    for (const Link &link : kernel.links) {
        if (!isUsable(link, kernel.links))
            continue;
        PathNetwork network = networkOn(link, kernel);
        if (!network.addresses.empty())
            networks.push_back(std::move(network));
    }
    std::ranges::sort(networks, {}, &PathNetwork::interfaceIndex);
    return networks;
}

bool isAnyGatewayUnknown(const std::vector<PathNetwork> &networks)
{
    return std::ranges::any_of(networks, [](const PathNetwork &network) {
        return (network.hasDefault4 || network.hasDefault6) && network.print == NetworkPrint{};
    });
}

} // namespace sallyport::mesh
