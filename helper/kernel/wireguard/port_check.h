// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/system_error.h"

namespace sallyport::wireguard {

/// EADDRINUSE if a socket has this UDP port, in either family. For wireguard-go, which opens its port when its link comes up
/// and says nothing to anybody if it cannot.
Answer checkPort(quint16 port);

} // namespace sallyport::wireguard
