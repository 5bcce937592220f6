// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/network_state.h"
#include "helper/kernel/netlink/links.h"

#include <map>

namespace sallyport::netlink {

struct DefaultRoute {
    quint32 mtu = 0; ///< 0: the routes say nothing of it
    std::vector<IpAddress> gateways; ///< of the best route of each family
};
using DefaultRoutes = std::map<quint32, DefaultRoute>; ///< by interface index

/// Routes that carry kRouteProtocol in our tables, over a NETLINK_ROUTE socket that outlives this.
///
/// A metric of 0 is the family's default. IPv6 stores its default as 1024; observed routes say 0 for it, so that they
/// compare equal to what was asked for (and 1024 is the same route).
class Routes {
public:
    explicit Routes(Socket &socket) : m_socket(socket) {}

    /// Sorted.
    Result<std::vector<Route>> ours(const LinkNames &names);
    /// The interfaces that a default route of the main table leaves by, in either family.
    Result<DefaultRoutes> defaultRoutes();
    Result<Done> put(const Route &route);
    /// Deleting what is not there is no error.
    Result<Done> remove(const Route &route);

private:
    Socket &m_socket;
};

std::optional<Route> parseRoute(const nlmsghdr *message, const LinkNames &names);

} // namespace sallyport::netlink
