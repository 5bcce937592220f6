// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/network_state.h"

namespace sallyport {

struct PlumbingFacts {
    std::vector<IpAddress> tunnelAddresses; ///< sorted; our own addresses inside the tunnels
    quint16 homePort = 0; ///< at which home's encrypted packets arrive; 0: it is not there, or chosen by the kernel

    bool operator==(const PlumbingFacts &) const = default;
};

/// The table `inet sallyport`, present while a tunnel is wanted: marks survive in connection tracking so that replies
/// to our encrypted packets pass strict rp_filter (plumbing.md section 1 no. 4), as do packets that nobody asked for but
/// that are meant for us, packets to our tunnel addresses are
/// taken from tunnels only (CVE-2019-14899), and forwarded TCP fits the tunnel.
Table plumbingTable(const PlumbingFacts &facts);

} // namespace sallyport
