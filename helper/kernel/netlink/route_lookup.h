// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"
#include "helper/kernel/netlink/links.h"

namespace sallyport::netlink {

/// Asks the kernel where a packet to `destination` with this mark would leave (RTM_GETROUTE).
Result<RouteAnswer> routeAnswer(Socket &socket, const IpAddress &destination, quint32 mark, const LinkNames &names);

/// The same for where the peers of `tunnels` are reached now, of at most 64 of them, and how large a packet may be there.
/// What is refused is left out.
Result<std::vector<UnderlayPath>> underlayPaths(
    Socket &socket, const std::vector<ObservedLink> &tunnels, const std::vector<Link> &links);

} // namespace sallyport::netlink
