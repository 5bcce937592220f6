// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/intent.h"
#include "core/model/observed_state.h"

namespace sallyport {

/// The size of packets inside the tunnel with this mark: `configured` if not 0, else what fits through every uplink that
/// leads somewhere (a tunnel may leave by any of them, and roam) and on every way that its encrypted packets take now,
/// which may be another program's tunnel; less 80 bytes for WireGuard over IPv6, at most 1420.
quint32 tunnelMtu(quint16 configured, quint32 mark, const Surroundings &around);

/// Whether the tunnels that are there have the size that is due. Where a tunnel's packets go is known only once it has
/// peers, and what routers on the way say of their size is announced to nobody.
bool tunnelsFit(const Configuration &configuration, const Intent &intent, const ObservedState &observed);

/// RFC 8200 section 5: IPv6 needs 1280. The kernel takes it away from a smaller link, addresses and routes included.
constexpr bool carriesIPv6(quint32 mtu)
{
    return mtu >= kMinimumMtu;
}

} // namespace sallyport
