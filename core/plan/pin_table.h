// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/network_state.h"

namespace sallyport {

/// What happens to WireGuard's packets that are still under way over a path which the peer has left, so that they do not
/// take its endpoint back (real-kernel.md section 2b).
struct Pin {
    quint16 listenPort = 0; ///< ours
    Endpoint from; ///< of the path that is left
    std::optional<Endpoint> to; ///< they seem to come from there, same family; none: they are dropped
    std::optional<IpAddress> local; ///< they seem to have arrived at this address of ours; none: where they did

    bool operator==(const Pin &) const = default;
};

/// The table `inet sallyport_pin`, there only while something moves. Its chain comes after every filter of the host,
/// which judge the packet as it was on the wire.
Table pinTable(const std::vector<Pin> &pins);

} // namespace sallyport
