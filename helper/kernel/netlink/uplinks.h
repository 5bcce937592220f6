// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"
#include "helper/kernel/netlink/addresses.h"
#include "helper/kernel/netlink/links.h"
#include "helper/kernel/netlink/routes.h"

namespace sallyport::netlink {

/// The physical networks: interfaces that are up, have a carrier and are no tunnel, no bridge of containers or virtual
/// machines, and no port of a bridge or bond. Decided by kind, never by name. Sorted by name.
std::vector<Uplink> uplinksAmong(
    const std::vector<Link> &links, const std::vector<LinkAddress> &addresses, const DefaultRoutes &defaultRoutes);

/// Networks of the other interfaces that are up and not ours: bridges of containers and virtual machines, other
/// programs' tunnels. Sorted, without single addresses.
std::vector<VirtualLink> virtualLinksAmong(const std::vector<Link> &links, const std::vector<LinkAddress> &addresses);

} // namespace sallyport::netlink
