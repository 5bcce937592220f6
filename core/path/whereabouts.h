// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"
#include "core/path/prefix_set.h"

namespace sallyport {

/// Where the machine stands, and what lies inside the mesh.
struct Whereabouts {
    std::vector<PathNetwork> networks;
    PrefixSet mesh; ///< addresses of devices in the mesh, and the mesh's own networks; not the networks behind devices

    const PathNetwork *byIndex(quint32 interfaceIndex) const;
    /// The network that the address is on the link of, by our own addresses there.
    const PathNetwork *connectedTo(const Endpoint &endpoint) const;
    /// The network through which it is reached, if any leads there.
    const PathNetwork *wayTo(const Endpoint &endpoint) const;
    bool isOwn(const IpAddress &address) const;
    bool isBroadcast(const IpAddress &address) const;
};

bool isKnown(const NetworkPrint &print);
bool isOn(const IpAddress &address, const PathNetwork &network);
/// Not known to be another one: the print may come later than the addresses, and addresses change.
bool isSameNetwork(const PathNetwork &before, const PathNetwork &now);

enum class NetworkChange : quint8 {
    Nothing,
    Refined, ///< the same networks, with other addresses in them
    Moved, ///< one is new, gone, or leads somewhere that it did not
};
NetworkChange changeBetween(const std::vector<PathNetwork> &before, const std::vector<PathNetwork> &now);

/// What is inside the mesh. Networks behind devices are not: a device's own address there is how it is reached at home.
/// Nor is a default route, which an exit has.
PrefixSet meshOf(const std::vector<InterfaceAddress> &own, const std::vector<PathPeer> &peers);

} // namespace sallyport
