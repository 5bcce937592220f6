// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/tunnel_mtu.h"

#include <algorithm>

namespace sallyport {

namespace {

/// RFC 791: every network carries packets of 576 bytes, or fragments the encrypted ones.
constexpr quint32 kSmallestMtu = 576;

} // namespace

quint32 tunnelMtu(quint16 configured, const std::vector<Uplink> &uplinks)
{
    if (configured != 0)
        return configured;
    quint32 smallest = kMaximumMtu + kTunnelOverhead;
    for (const Uplink &uplink : uplinks) {
        if (uplink.hasDefaultRoute)
            smallest = std::min(smallest, uplink.mtu);
    }
    return std::max(smallest, kSmallestMtu + kTunnelOverhead) - kTunnelOverhead;
}

} // namespace sallyport
