// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/network_state.h"
#include "helper/kernel/netlink/links.h"

#include <map>

namespace sallyport::netlink {

using DefaultRoutes = std::map<quint32, quint32>; ///< interface index, MTU

/// Routes that carry kRouteProtocol in our tables, over a NETLINK_ROUTE socket that outlives this.
///
/// A metric of 0 is the family's default. IPv6 stores its default as 1024; observed routes say 0 for it, so that they
/// compare equal to what was asked for (and 1024 is the same route).
class Routes {
public:
    explicit Routes(Socket &socket) : m_socket(socket) {}

    /// Sorted.
    Result<std::vector<Route>> ours(const LinkNames &names);
    /// The interfaces that a default route of the main table leaves by, in either family, and what the route says of the
    /// size of packets (0: nothing).
    Result<DefaultRoutes> defaultRoutes();
    Result<Done> put(const Route &route);
    /// Deleting what is not there is no error.
    Result<Done> remove(const Route &route);

private:
    Socket &m_socket;
};

std::optional<Route> parseRoute(const nlmsghdr *message, const LinkNames &names);

} // namespace sallyport::netlink
