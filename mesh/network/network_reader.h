// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"
#include "mesh/network/route_socket.h"

namespace sallyport::mesh {

struct KernelNetworks {
    std::vector<Link> links;
    std::vector<LinkAddress> addresses;
    std::vector<DefaultRoute> routes;
    std::vector<Neighbour> neighbours;

    bool operator==(const KernelNetworks &) const = default;
};

Result<KernelNetworks> readNetworks(RouteQuestions &questions);

/// The physical networks that can be used: up, with a carrier and an address, no tunnel and no bridge of containers.
/// Sorted by index.
std::vector<PathNetwork> physicalNetworks(const KernelNetworks &kernel);
/// A gateway of such a network whose physical address is not known (yet), so that its print is not either.
bool isAnyGatewayUnknown(const std::vector<PathNetwork> &networks);

} // namespace sallyport::mesh
