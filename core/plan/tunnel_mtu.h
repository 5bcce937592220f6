// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"

namespace sallyport {

/// The size of packets inside a tunnel: `configured` if not 0, else what fits through every uplink that leads
/// somewhere (a tunnel may leave by any of them, and roam), less 80 bytes for WireGuard over IPv6, at most 1420.
quint32 tunnelMtu(quint16 configured, const std::vector<Uplink> &uplinks);

/// RFC 8200 section 5: IPv6 needs 1280. The kernel takes it away from a smaller link, addresses and routes included.
constexpr bool carriesIPv6(quint32 mtu)
{
    return mtu >= kMinimumMtu;
}

} // namespace sallyport
