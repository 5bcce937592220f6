// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

namespace sallyport {

enum class AddressKind : quint8 {
    Never, ///< no host's: unspecified, loopback, multicast, broadcast, reserved, an IPv4 address in disguise
    LinkLocal,
    Local, ///< private, unique local, or a carrier's (100.64.0.0/10): somebody else's behind every other gateway
    Global,
};

AddressKind kindOf(const IpAddress &address);

} // namespace sallyport
