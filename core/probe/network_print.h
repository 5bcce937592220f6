// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/prefix.h"
#include "core/probe/probe.h"

#include <span>

namespace sallyport {

/// The same for all devices on the network whose gateway has this hardware address. Zeroes if there is no gateway: many
/// networks have the same numbers.
NetworkPrint networkPrintOf(std::span<const quint8> gatewayAddress, const Prefix &prefix);

} // namespace sallyport
