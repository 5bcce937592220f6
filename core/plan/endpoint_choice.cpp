// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/endpoint_choice.h"

#include <algorithm>

namespace sallyport {

namespace {

std::vector<Endpoint> numericEndpoints(const HostEndpoint &endpoint, const std::vector<IpAddress> &resolved)
{
    if (const auto numeric = endpoint.numeric())
        return {*numeric};
    std::vector<Endpoint> endpoints;
    for (const IpAddress &address : resolved)
        endpoints.push_back({address, endpoint.port});
    return endpoints;
}

bool hasFamily(Family family, const std::vector<Uplink> &uplinks)
{
    return std::ranges::any_of(uplinks, [&](const Uplink &uplink) {
        return std::ranges::any_of(uplink.addresses,
            [&](const InterfaceAddress &own) { return own.address.family() == family && !own.address.isLinkLocal(); });
    });
}

} // namespace

std::vector<PossibleEndpoint> possibleEndpoints(const Device &device)
{
    std::vector<PossibleEndpoint> possible;
    for (const Candidate &candidate : device.endpoints) {
        for (const Endpoint &endpoint : numericEndpoints(candidate.endpoint, candidate.resolved)) {
            const bool looksLocal = isPrivate(Prefix::host(endpoint.address));
            const bool onLan
                = candidate.scope == EndpointScope::Lan || (candidate.scope == EndpointScope::Any && looksLocal);
            possible.push_back({endpoint, onLan});
        }
    }
    return possible;
}

bool isOnLink(const IpAddress &address, const std::vector<Uplink> &uplinks)
{
    return std::ranges::any_of(uplinks, [&](const Uplink &uplink) {
        return std::ranges::any_of(
            uplink.addresses, [&](const InterfaceAddress &own) { return own.network().contains(address); });
    });
}

std::optional<Endpoint> chooseEndpoint(
    const std::vector<PossibleEndpoint> &possible, const std::vector<Uplink> &uplinks)
{
    const auto local = std::ranges::find_if(
        possible, [&](const PossibleEndpoint &each) { return each.onLan && isOnLink(each.endpoint.address, uplinks); });
    if (local != possible.end())
        return local->endpoint;
    const auto reachable = std::ranges::find_if(possible, [&](const PossibleEndpoint &each) {
        return !each.onLan && hasFamily(each.endpoint.address.family(), uplinks);
    });
    if (reachable != possible.end())
        return reachable->endpoint;
    // Nowhere to send from at the moment: keep the best guess for when a network comes.
    const auto anyPublic = std::ranges::find(possible, false, &PossibleEndpoint::onLan);
    return anyPublic == possible.end() ? std::nullopt : std::optional(anyPublic->endpoint);
}

std::optional<Endpoint> chooseEndpoint(const ExitPeer &peer, const std::vector<Uplink> &uplinks)
{
    std::vector<PossibleEndpoint> possible;
    for (const Endpoint &endpoint : numericEndpoints(peer.endpoint, peer.resolved))
        possible.push_back({endpoint, false});
    return chooseEndpoint(possible, uplinks);
}

} // namespace sallyport
