// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/network_state.h"

namespace sallyport {

/// What happens to WireGuard's packets on a path that a peer is leaving, until none is left there. The peer's late ones
/// seem to come by the new path, so that they do not take its endpoint back (real-kernel.md section 2b). Where that is
/// impossible, those that we still send there are handed to somebody who sends them by the new one.
struct Pin {
    quint16 listenPort = 0; ///< ours
    Endpoint from; ///< of the path that is left
    std::optional<Endpoint> to; ///< the peer's seem to come from there, same family; none: they are dropped
    std::optional<IpAddress> local; ///< they seem to have arrived at this address of ours; none: where they did
    std::optional<quint16> carrier; ///< ours go to this port of this machine, and the peer's are left alone

    bool operator==(const Pin &) const = default;
};

/// The table `inet sallyport_pin`, there only while something moves. Late packets are changed after every filter of the
/// host, which judge them as they were on the wire.
Table pinTable(const std::vector<Pin> &pins);

} // namespace sallyport
