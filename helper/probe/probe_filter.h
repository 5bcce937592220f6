// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <linux/filter.h>
#include <vector>

namespace sallyport::probe {

inline constexpr quint32 kSmallestProbe = 128; ///< UDP payload; WireGuard's own messages of this size have three zeroes
inline constexpr quint32 kUdpHeader = 8;

/// What a raw UDP socket lets in: datagrams to `port` with 128 to 1452 bytes of payload that are no fragments and cannot be
/// WireGuard's (bytes 1 to 3 of its messages are zero). Raw sockets of IPv4 see packets from the IP header on, those of
/// IPv6 from the UDP header on.
std::vector<sock_filter> probeFilter(Family family, quint16 port);

} // namespace sallyport::probe
