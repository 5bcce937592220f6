// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/network_state.h"
#include "core/model/observed_state.h"

namespace sallyport {

/// A network behind a device of home.
struct Subnet {
    Prefix network;
    /// The interfaces on whose networks its device is proved to be. None: nobody looks, and every network of that number
    /// may be the very one.
    std::optional<std::vector<quint32>> provedOn;

    bool operator==(const Subnet &) const = default;
};

struct RoutingFacts {
    bool home = false; ///< mesh addresses are routed into sally-home
    bool homeCarriesIPv6 = true; ///< else what is meant for home by IPv6 is refused
    std::vector<Prefix> homeNetworks; ///< networks of our own mesh addresses
    std::vector<Prefix> deviceAddresses;
    std::vector<Subnet> subnets; ///< behind devices
    QString exitLink; ///< empty: Exit is off
    std::vector<InterfaceAddress> exitAddresses; ///< families with an address leave through the exit
    std::vector<IpAddress> exitResolvers; ///< the exit's own: reached through it also where a local network has them
    bool allowLan = true;
    std::vector<Uplink> uplinks;
    std::vector<VirtualLink> virtualLinks; ///< stay reachable whatever `allowLan` says: they are on this machine
};

/// The routes of tables 2576 (home) and 2592 (exit), sorted. The exit table always ends in `unreachable default`, in
/// both families: what the exit cannot carry is refused, never sent elsewhere.
std::vector<Route> desiredRoutes(const RoutingFacts &facts);
/// The rules of design section 4, in both families, sorted.
std::vector<Rule> desiredRules(const RoutingFacts &facts);

} // namespace sallyport
