// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/observed_state.h"

namespace sallyport {

/// One numeric endpoint out of a configured candidate.
struct PossibleEndpoint {
    Endpoint endpoint;
    bool onLan = false; ///< may only be used on a network that contains it

    bool operator==(const PossibleEndpoint &) const = default;
};

/// Every numeric endpoint of a device, in the order of preference of its configuration. Private addresses count as
/// LAN unless the configuration calls them public.
std::vector<PossibleEndpoint> possibleEndpoints(const Device &device);
/// Is the address inside a network that an uplink is connected to?
bool isOnLink(const IpAddress &address, const std::vector<Uplink> &uplinks);
/// Where to send on these networks: an endpoint on the local network first, then the others, of a family that the
/// networks have. Nothing if only endpoints on other people's networks are known.
std::optional<Endpoint> chooseEndpoint(
    const std::vector<PossibleEndpoint> &possible, const std::vector<Uplink> &uplinks);
/// The same for a provider's server.
std::optional<Endpoint> chooseEndpoint(const ExitPeer &peer, const std::vector<Uplink> &uplinks);

} // namespace sallyport
