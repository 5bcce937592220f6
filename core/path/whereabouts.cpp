// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/whereabouts.h"

#include <algorithm>

namespace sallyport {

namespace {

bool hasDefault(const PathNetwork &network, Family family)
{
    return family == Family::IPv4 ? network.hasDefault4 : network.hasDefault6;
}

bool holds(const InterfaceAddress &own, const IpAddress &address)
{
    return own.length < own.address.bitLength() && own.network().contains(address);
}

IpAddress lastOf(const Prefix &network)
{
    std::array<quint8, 4> bytes{};
    for (int bit = 0; bit < 32; ++bit) {
        const auto index = static_cast<std::size_t>(bit / 8);
        const int mask = 0x80 >> (bit % 8);
        bytes[index] |= bit < network.length() ? network.address().bytes()[index] & mask : mask;
    }
    return IpAddress::fromBytes(Family::IPv4, bytes);
}

std::vector<Prefix> prefixesOf(const PathNetwork &network)
{
    std::vector<Prefix> prefixes;
    for (const InterfaceAddress &own : network.addresses)
        prefixes.push_back(own.network());
    std::ranges::sort(prefixes);
    prefixes.erase(std::ranges::unique(prefixes).begin(), prefixes.end());
    return prefixes;
}

bool leadsElsewhere(const PathNetwork &before, const PathNetwork &now)
{
    return !isSameNetwork(before, now) || prefixesOf(before) != prefixesOf(now) || before.hasDefault4 != now.hasDefault4
        || before.hasDefault6 != now.hasDefault6 || before.isMetered != now.isMetered;
}

const PathNetwork *find(const std::vector<PathNetwork> &networks, quint32 index)
{
    const auto found = std::ranges::find(networks, index, &PathNetwork::interfaceIndex);
    return found == networks.end() ? nullptr : &*found;
}

} // namespace

bool isKnown(const NetworkPrint &print)
{
    return print != NetworkPrint{};
}

bool isOn(const IpAddress &address, const PathNetwork &network)
{
    return std::ranges::any_of(network.addresses, [&](const InterfaceAddress &own) { return holds(own, address); });
}

bool isSameNetwork(const PathNetwork &before, const PathNetwork &now)
{
    if (before.interfaceIndex != now.interfaceIndex)
        return false;
    if (isKnown(before.print) && isKnown(now.print))
        return before.print == now.print;
    return std::ranges::any_of(now.addresses, [&](const InterfaceAddress &own) {
        return !own.address.isLinkLocal() && std::ranges::find(before.addresses, own) != before.addresses.end();
    });
}

const PathNetwork *Whereabouts::byIndex(quint32 interfaceIndex) const
{
    return find(networks, interfaceIndex);
}

const PathNetwork *Whereabouts::connectedTo(const Endpoint &endpoint) const
{
    if (endpoint.address.isLinkLocal() && endpoint.address.family() == Family::IPv6) {
        const PathNetwork *network = byIndex(endpoint.scopeId);
        return network && isOn(endpoint.address, *network) ? network : nullptr;
    }
    const auto found
        = std::ranges::find_if(networks, [&](const PathNetwork &each) { return isOn(endpoint.address, each); });
    return found == networks.end() ? nullptr : &*found;
}

const PathNetwork *Whereabouts::wayTo(const Endpoint &endpoint) const
{
    if (const PathNetwork *network = connectedTo(endpoint))
        return network;
    if (endpoint.address.isLinkLocal())
        return nullptr;
    const Family family = endpoint.address.family();
    const auto found
        = std::ranges::find_if(networks, [&](const PathNetwork &each) { return hasDefault(each, family); });
    return found == networks.end() ? nullptr : &*found;
}

bool Whereabouts::isOwn(const IpAddress &address) const
{
    return std::ranges::any_of(networks, [&](const PathNetwork &network) {
        return std::ranges::find(network.addresses, address, &InterfaceAddress::address) != network.addresses.end();
    });
}

bool Whereabouts::isBroadcast(const IpAddress &address) const
{
    return address.family() == Family::IPv4 && std::ranges::any_of(networks, [&](const PathNetwork &network) {
        return std::ranges::any_of(network.addresses, [&](const InterfaceAddress &own) {
            return own.length < 31 && holds(own, address)
                && (address == own.network().address() || address == lastOf(own.network()));
        });
    });
}

NetworkChange changeBetween(const std::vector<PathNetwork> &before, const std::vector<PathNetwork> &now)
{
    if (before == now)
        return NetworkChange::Nothing;
    const bool isMoved = before.size() != now.size() || std::ranges::any_of(now, [&](const PathNetwork &network) {
        const PathNetwork *earlier = find(before, network.interfaceIndex);
        return !earlier || leadsElsewhere(*earlier, network);
    });
    return isMoved ? NetworkChange::Moved : NetworkChange::Refined;
}

PrefixSet meshOf(const std::vector<InterfaceAddress> &own, const std::vector<PathPeer> &peers)
{
    PrefixSet mesh;
    for (const InterfaceAddress &address : own)
        mesh.insert(address.network());
    for (const PathPeer &peer : peers) {
        for (const Prefix &prefix : peer.allowedIps) {
            if (prefix.length() > 0 && std::ranges::find(peer.routes, prefix) == peer.routes.end())
                mesh.insert(prefix);
        }
    }
    mesh.sort();
    return mesh;
}

} // namespace sallyport
