// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <QString>

#include <array>

namespace sallyport {

/// What a provider's resolver does not answer for. The first six have Mullvad's bits.
enum class Blocked : quint8 {
    Ads = 1,
    Trackers = 2,
    Malware = 4,
    Adult = 8,
    Gambling = 16,
    Social = 32,
    Hardcore = 64
};

inline constexpr std::array kBlocked = {Blocked::Ads, Blocked::Trackers, Blocked::Malware, Blocked::Adult,
    Blocked::Gambling, Blocked::Social, Blocked::Hardcore};

using BlockedSet = quint8; ///< bits of Blocked

inline constexpr BlockedSet kMullvadBlocks = 63;
inline constexpr BlockedSet kIvpnBlocks = 2 | 64;

QString nameOf(Blocked what);

/// 100.64.0.0 with the bits in it.
IpAddress mullvadBlockingServer(BlockedSet blocked);

} // namespace sallyport
