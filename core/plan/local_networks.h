// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"

namespace sallyport {

/// May stay reachable past an exit: private, and not so large that calling it local makes a hole (TunnelCrack,
/// CVE-2023-36672).
bool isAllowedLan(const Prefix &network);
/// The allowed networks that the uplinks stand on, by their own addresses and never by routes that somebody on the
/// network announced (TunnelVision, CVE-2024-3661). Link-local ones are not in it. Sorted.
std::vector<Prefix> allowedLans(const std::vector<Uplink> &uplinks);

} // namespace sallyport
